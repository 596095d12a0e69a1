/** What a subject costs at a fixed rate, and the highest rate that it sustains. */
import { say } from "../wait.js";
import { levelLine, outcomeOf, runLevel, type Bench, type Level } from "./level.js";

export interface Cost {
  cpuUs: number;
  chainCpuUs: number;
  rssMiB: number;
  /** The rate at which it was measured, packs/s. */
  atRate: number;
}

/** Rates are stepped by this factor. */
const FACTOR = 1.5;
/** Whoever does not sustain this (packs/s) is not measured further. */
const LOWEST = 200;

/** What is left of a level that failed must be over before the next: waits this long for it. */
const RECOVERY = { mostS: 180, quietS: 15 };

/** A level; one that fails is tried a second time, because a stall of the machine is not the subject's. */
async function tryLevel(bench: Bench, rate: number, seconds: number): Promise<Level> {
  for (let attempt = 1; ; attempt++) {
    const level = await runLevel(bench, rate, seconds);
    say(levelLine(bench.subject.name, level));
    if (!level.sustained) await outcomeOf(bench, level.stretch, RECOVERY);
    if (level.sustained || attempt === 2) return level;
    if (level.lastBehindS > 0.2 * seconds) return level; // no stall: it cannot
  }
}

/** CPU and memory at `rate`, or at the highest of a falling row of rates that is sustained. */
export async function measureCost(bench: Bench, rate: number, seconds: number): Promise<Cost> {
  // Code that has run a while is compiled: all are measured warm.
  const warm = await runLevel(bench, rate / 2, Math.max(3, seconds / 4));
  await outcomeOf(bench, warm.stretch, RECOVERY);
  for (let at = rate; ; at = Math.round(at / FACTOR)) {
    const level = await tryLevel(bench, at, seconds);
    if (!level.sustained && at < LOWEST) throw new Error(`${bench.subject.name} does not sustain ${at} packs/s`);
    if (level.sustained) {
      const round = (value: number): number => Math.round(value * 10) / 10;
      const { cpuUs, chainCpuUs, rssMiB } = level;
      return { cpuUs: round(cpuUs), chainCpuUs: round(chainCpuUs), rssMiB: Math.round(rssMiB), atRate: at };
    }
  }
}

/**
 * Highest rate sustained for `seconds`: geometric steps up, then `halvings` halvings (in logarithm) of the last one.
 * @param known   the rate at which the cost was measured: sustained, and if it is below `asked`, the next step up was not
 */
export async function searchRate(
  bench: Bench,
  known: number,
  asked: number,
  seconds: number,
  halvings: number,
): Promise<number> {
  let good = known;
  let bad = known < asked ? Math.round(known * FACTOR) : Infinity;
  while (bad === Infinity) {
    const rate = Math.round(good * FACTOR);
    if ((await tryLevel(bench, rate, seconds)).sustained) good = rate;
    else bad = rate;
  }
  for (let i = 0; i < halvings; i++) {
    const middle = Math.round(Math.sqrt(good * bad));
    if ((await tryLevel(bench, middle, seconds)).sustained) good = middle;
    else bad = middle;
  }
  return good;
}
