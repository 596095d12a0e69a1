import type { Flag } from "../model.js";
import type { Point } from "./rate.js";

/** A stretch of the series whose values lie between `min` and `max`, and when it began. */
interface Stretch {
  from: number;
  min: number;
  max: number;
}

/** The latest points, as far back as all of them lie within the tolerance. Plain data, at most {@link KEPT} entries. */
export type FlatRun = Stretch[];

/** Equal neighbours share an entry; beyond this many the two oldest are joined, which only shortens a run when it ends. */
const KEPT = 64;

/** The run after one more point: what is too far away from the newest value drops out at the old end. */
export function extendRun(run: FlatRun, point: Point, tolerance: number): FlatRun {
  const last = run[run.length - 1];
  const next: FlatRun =
    last !== undefined && last.min === point.value && last.max === point.value
      ? run
      : [...run, { from: point.time, min: point.value, max: point.value }];
  let min = Infinity;
  let max = -Infinity;
  let start = next.length;
  while (start > 0) {
    const s = next[start - 1]!;
    min = Math.min(min, s.min);
    max = Math.max(max, s.max);
    if (max - min >= tolerance && start < next.length) break;
    start--;
  }
  const kept = start > 0 ? next.slice(start) : next;
  if (kept.length <= KEPT) return kept;
  const [a, b, ...rest] = kept as [Stretch, Stretch, ...Stretch[]];
  return [{ from: a.from, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }, ...rest];
}

/**
 * QARTOD flat line test: has the value stayed within a band narrower than the tolerance for too long? It looks back
 * only, so live data and whole series use the same form.
 * @param from      when the run up to and including the point judged began; undefined if there is none
 * @param suspectS  seconds after which it is 3, `failS` 4
 */
export function flatLine(from: number | undefined, time: number, suspectS: number, failS: number): Flag {
  if (from === undefined) return 2;
  const seconds = (time - from) / 1000;
  return seconds >= failS ? 4 : seconds >= suspectS ? 3 : 1;
}
