/**
 * Quality control in real time (QARTOD, IOOS): every test is a pure function in a file of its own; this file keeps
 * what they remember of each series and puts their words together.
 */
import type { Flag, UnixMs } from "../model.js";
import { worst } from "../flags.js";
import { extendRun, flatLine, type FlatRun } from "./flat.js";
import { isGap } from "./gap.js";
import { LIMITS, type Limits } from "./limits.js";
import { grossRange } from "./range.js";
import { rateOfChange, type Point } from "./rate.js";
import { spikeLive } from "./spike.js";

export { LIMITS, type Limits } from "./limits.js";

export interface Quality {
  /**
   * Judges one value of a series (`<site>/<property>`). A point that is not newer than the newest of its series has
   * range only and changes nothing that is remembered. `why` names the tests that did not pass.
   */
  check(series: string, property: string, time: UnixMs, value: number): { flag: Flag; why: string[] };
  /** Takes up what a series did before the hub was started. Points may come in any order. */
  warm(series: string, property: string, points: { time: UnixMs; value: number; flag: Flag }[]): void;
}

/** What is remembered of a series: its latest points (for spike and rate), its flat run, and when it last came back. */
interface Memory {
  latest: Point[];
  run: FlatRun;
  /** End of the settling time after the last gap. */
  settledAt: number;
}

/** Points that the live spike test looks at. */
const LOOK_BACK = 3;

function forget(settledAt: number): Memory {
  return { latest: [], run: [], settledAt };
}

/** The memory after one more point; a gap empties it. */
function remember(memory: Memory, limits: Limits, point: Point): Memory {
  const before = memory.latest[memory.latest.length - 1];
  const gap = isGap(before?.time, point.time, limits.gap.afterS);
  const kept = gap ? forget(point.time + (limits.gap.settleS ?? 0) * 1000) : memory;
  return {
    latest: [...kept.latest, point].slice(-LOOK_BACK),
    run: limits.flat === undefined ? [] : extendRun(kept.run, point, limits.flat.tolerance),
    settledAt: kept.settledAt,
  };
}

function couldBeStuck(flat: NonNullable<Limits["flat"]>, value: number): boolean {
  return value > (flat.above ?? -Infinity) && value < (flat.below ?? Infinity);
}

/** The words of all tests on a live point. `before` is the memory without the point, `after` with it. */
function verdicts(limits: Limits, before: Memory, after: Memory, point: Point): [string, Flag][] {
  const last = before.latest[before.latest.length - 1];
  const words: [string, Flag][] = [["range", grossRange(point.value, limits.fail, limits.suspect)]];
  if (isGap(last?.time, point.time, limits.gap.afterS)) return [...words, ["gap", 2]];
  if (limits.spike !== undefined) {
    const latest = before.latest.map((p) => p.value);
    words.push(["spike", spikeLive(latest, point.value, limits.spike.suspect, limits.spike.fail)]);
  }
  if (limits.ratePerMinute !== undefined) words.push(["rate", rateOfChange(last, point, limits.ratePerMinute)]);
  if (limits.flat !== undefined && couldBeStuck(limits.flat, point.value))
    words.push(["flat", flatLine(after.run, point.time, limits.flat.suspectS, limits.flat.failS)]);
  return words;
}

/** @param limits  what each property may do; the city's own by default */
export function createQuality(limits: Record<string, Limits> = LIMITS): Quality {
  const memories = new Map<string, Memory>();

  return {
    check(series, property, time, value) {
      const own = limits[property];
      if (own === undefined) return { flag: 2, why: [] };
      const before = memories.get(series) ?? forget(0);
      const newest = before.latest[before.latest.length - 1];
      if (newest !== undefined && time <= newest.time) {
        const flag = grossRange(value, own.fail, own.suspect);
        return { flag, why: flag === 1 ? [] : ["range"] };
      }
      const point = { time, value };
      const after = remember(before, own, point);
      memories.set(series, after);
      const words = verdicts(own, before, after, point);
      const why = words.filter(([name, flag]) => flag > 2 || name === "gap").map(([name]) => name);
      const flag = worst(2, ...words.map(([, f]) => f));
      if (flag === 1 && time < after.settledAt)
        return { flag: 2, why: why.includes("gap") ? why : [...why, "settling"] };
      return { flag, why };
    },

    warm(series, property, points) {
      const own = limits[property];
      if (own === undefined) return;
      let memory = forget(0);
      for (const p of points.slice().sort((a, b) => a.time - b.time))
        if (p.flag !== 9) memory = remember(memory, own, { time: p.time, value: p.value });
      memories.set(series, memory);
    },
  };
}
