import type { Flag } from "../model.js";

/**
 * QARTOD spike test as IOOS runs it over a whole series: |x − mean of both neighbours|. It judges a point only when the
 * next one is there, so live data cannot use it. The two ends are not evaluated (2).
 */
export function spikeBatch(values: number[], suspect: number, fail: number): Flag[] {
  return values.map((value, i): Flag => {
    if (i === 0 || i === values.length - 1) return 2;
    const off = Math.abs(value - (values[i - 1]! + values[i + 1]!) / 2);
    return off > fail ? 4 : off > suspect ? 3 : 1;
  });
}

/**
 * The live form: a new point is a spike when it is far from EVERY one of the latest points, good or bad. One point that
 * leaps is flagged; when the next one confirms it, that was a step (a wave, an emptied container) and the second passes.
 * The journal never revises a flag, so waiting for the neighbour on the right is not possible.
 * @param latest  the two or three points before; with fewer than two the test is not evaluated (2)
 */
export function spikeLive(latest: number[], value: number, suspect: number, fail = Infinity): Flag {
  if (latest.length < 2) return 2;
  let off = Infinity;
  for (const before of latest) off = Math.min(off, Math.abs(value - before));
  return off > fail ? 4 : off > suspect ? 3 : 1;
}
