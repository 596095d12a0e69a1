/**
 * Quality control in real time (QARTOD, IOOS): every test is a pure function in a file of its own; this file keeps
 * what they remember of each series and puts their words together.
 */
import type { Flag, UnixMs } from "../model.js";
import { flatLine } from "./flat.js";
import { isGap } from "./gap.js";
import { LIMITS, type Limits } from "./limits.js";
import { LATEST, Memories, SECOND, SETTLED_AT, THIRD, TIME } from "./memory.js";
import { grossRange } from "./range.js";
import { rateOfChange } from "./rate.js";
import { spikeLive } from "./spike.js";

export { LIMITS, type Limits } from "./limits.js";

/** The word on one value. Shared between all values with the same: not to be changed. */
export interface Verdict {
  flag: Flag;
  /** Names of the tests that did not pass. */
  why: string[];
}

export interface Quality {
  /**
   * Judges one value of a property at a site. A point that is not newer than the newest of its series has range only
   * and changes nothing that is remembered; nor does one that is `late` whatever its time says.
   */
  check(site: string, property: string, time: UnixMs, value: number, late?: boolean): Verdict;
  /** Takes up what a series did before the hub was started. Points may come in any order. */
  warm(site: string, property: string, points: { time: UnixMs; value: number; flag: Flag }[]): void;
}

/** Where the values before stand, the newest first. */
const BEFORE = [LATEST, SECOND, THIRD];
const PASSED: Verdict = { flag: 1, why: [] };
const UNKNOWN: Verdict = { flag: 2, why: [] };
const SETTLING: Verdict = { flag: 2, why: ["settling"] };

function couldBeStuck(flat: NonNullable<Limits["flat"]>, value: number): boolean {
  return value > (flat.above ?? -Infinity) && value < (flat.below ?? Infinity);
}

/** @param limits  what each property may do; the city's own by default */
export function createQuality(limits: Record<string, Limits> = LIMITS): Quality {
  const memories = new Memories(Object.keys(limits));
  const limitsOf = new Map(Object.entries(limits));

  /** Takes a point up; returns since when the value is flat (its own time where that is not tested). */
  function remember(row: number, own: Limits, time: UnixMs, value: number): UnixMs {
    memories.push(row, time, value);
    return own.flat === undefined ? time : memories.extend(row, time, value, own.flat.tolerance);
  }

  /** The latest values of the series that is being judged: one list for all. */
  const latest: number[] = [];
  function spike(row: number, own: NonNullable<Limits["spike"]>, value: number): Flag {
    latest.length = 0;
    for (const place of BEFORE) {
      const known = memories.get(row, place);
      if (Number.isNaN(known)) break;
      latest.push(known);
    }
    return spikeLive(latest, value, own.suspect, own.fail);
  }

  /** What the tests beside range say of a point, put together: the worst word, and who said so in {@link heard}. */
  let worst: Flag = 1;
  let heard: string[] | null = null;
  function hear(name: string, word: Flag): void {
    // A test that was not run (2) does not hide a pass.
    if (word <= 2) return;
    if (heard === null) heard = [name];
    else heard.push(name);
    if (word > worst) worst = word;
  }

  /** The words of all tests on a point that is newer than its series, which then remembers it. */
  function judge(row: number, own: Limits, time: UnixMs, value: number): Verdict {
    const last = memories.get(row, TIME);
    const range = grossRange(value, own.fail, own.suspect);
    if (isGap(Number.isNaN(last) ? undefined : last, time, own.gap.afterS)) {
      memories.forget(row, time + (own.gap.settleS ?? 0) * 1000);
      remember(row, own, time, value);
      const settling = range === 1 && time < memories.get(row, SETTLED_AT);
      return { flag: settling ? 2 : range, why: range > 2 ? ["range", "gap"] : ["gap"] };
    }
    // Shared by all calls, which never overlap: closures of its own for each value were a tenth of all garbage.
    worst = range;
    heard = null;
    hear("range", range);
    if (own.spike !== undefined) hear("spike", spike(row, own.spike, value));
    if (own.ratePerMinute !== undefined && !Number.isNaN(last))
      hear("rate", rateOfChange({ time: last, value: memories.get(row, LATEST) }, { time, value }, own.ratePerMinute));
    const since = remember(row, own, time, value);
    if (own.flat !== undefined && couldBeStuck(own.flat, value))
      hear("flat", flatLine(since, time, own.flat.suspectS, own.flat.failS));
    if (heard !== null) return { flag: worst, why: heard };
    return time < memories.get(row, SETTLED_AT) ? SETTLING : PASSED;
  }

  return {
    check(site, property, time, value, late = false) {
      const own = limitsOf.get(property);
      if (own === undefined) return UNKNOWN;
      const row = memories.row(site, property);
      if (!late && !(time <= memories.get(row, TIME))) return judge(row, own, time, value);
      const flag = grossRange(value, own.fail, own.suspect);
      return flag === 1 ? PASSED : { flag, why: ["range"] };
    },

    warm(site, property, points) {
      const own = limitsOf.get(property);
      if (own === undefined) return;
      const row = memories.row(site, property);
      memories.forget(row, 0);
      let last: number | undefined;
      for (const { time, value, flag } of points.slice().sort((a, b) => a.time - b.time)) {
        if (flag === 9) continue;
        if (isGap(last, time, own.gap.afterS)) memories.forget(row, time + (own.gap.settleS ?? 0) * 1000);
        remember(row, own, time, value);
        last = time;
      }
    },
  };
}
