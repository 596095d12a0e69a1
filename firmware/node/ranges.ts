/** Ranges of numbers that were dropped, as a gap line names them: [`<epoch>.<boot>`, first seq, last seq]. */
import type { Gap } from "../wire/pack.js";

export type Range = [string, number, number];

/** Adds `more` to `ranges`; what touches or overlaps becomes one. Order is that of the first mention. */
export function mergeRanges(ranges: Range[], more: Range[]): Range[] {
  const out = ranges.slice();
  more.forEach((added) => {
    let range = added;
    for (let i = out.length - 1; i >= 0; i--) {
      const r = out[i];
      if (r[0] !== range[0] || r[1] > range[2] + 1 || range[1] > r[2] + 1) continue;
      range = [r[0], Math.min(r[1], range[1]), Math.max(r[2], range[2])];
      out.splice(i, 1);
    }
    out.push(range);
  });
  return out;
}

/** The number of a line, and the ranges that it names itself if it is a gap. */
export function rangesOf(line: string): Range[] {
  const field = line.split(" ");
  const id = field[3].split(".");
  const seq = parseInt(id[2], 10);
  const own: Range[] = [[id[0] + "." + id[1], seq, seq]];
  return field[1] === "gap" ? mergeRanges((JSON.parse(field[6]) as Gap).dropped, own) : own;
}
