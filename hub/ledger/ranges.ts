/**
 * Sets of whole numbers as sorted ranges in one flat array: [first, last, first, last, …], both ends included, never
 * touching each other. A board's numbers are nearly always one range, so this costs a few bytes per start of a board.
 */
export type Ranges = number[];
export type Range = [first: number, last: number];

/** What changes in a stored copy of the ranges, one row per range keyed by `first`: new last number, or gone (null). */
export type RangeEdits = Map<number, number | null>;

/** Index (even) of the first range whose last number is not below `n`. */
function place(ranges: Ranges, n: number): number {
  // The newest number is the usual one.
  if (ranges.length === 0 || ranges[ranges.length - 1] < n) return ranges.length;
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle * 2 + 1] < n) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

/** Is `n` in the set? */
export function has(ranges: Ranges, n: number): boolean {
  const at = place(ranges, n);
  return at < ranges.length && ranges[at] <= n;
}

/** Adds first…last (both included) in place and notes in `edits` which rows of a stored copy change. */
export function add(ranges: Ranges, first: number, last: number, edits: RangeEdits): void {
  // The usual case: one more than the greatest so far.
  if (first === last && ranges.length > 0 && ranges[ranges.length - 1] === first - 1) {
    ranges[ranges.length - 1] = last;
    edits.set(ranges[ranges.length - 2], last);
    return;
  }
  // A range that ends just before `first` is joined too.
  const from = place(ranges, first - 1);
  let to = from;
  let least = first;
  let most = last;
  while (to < ranges.length && ranges[to] <= last + 1) {
    least = Math.min(least, ranges[to]);
    most = Math.max(most, ranges[to + 1]);
    edits.set(ranges[to], null);
    to += 2;
  }
  edits.set(least, most);
  if (to - from === 2) {
    ranges[from] = least;
    ranges[from + 1] = most;
  } else ranges.splice(from, to - from, least, most);
}

/** The numbers from `first` to `last` that are in none of the given sets. */
export function holes(first: number, last: number, ...sets: Ranges[]): Range[] {
  const all: Ranges = [];
  const edits: RangeEdits = new Map();
  for (const set of sets) for (let i = 0; i < set.length; i += 2) add(all, set[i], set[i + 1], edits);
  const out: Range[] = [];
  let next = first;
  for (let i = 0; i < all.length && next <= last; i += 2) {
    if (all[i + 1] < next) continue;
    if (all[i] > next) out.push([next, Math.min(last, all[i] - 1)]);
    next = Math.max(next, all[i + 1] + 1);
  }
  if (next <= last) out.push([next, last]);
  return out;
}

/** The flat array as pairs. */
export function pairs(ranges: Ranges): Range[] {
  const out: Range[] = [];
  for (let i = 0; i < ranges.length; i += 2) out.push([ranges[i], ranges[i + 1]]);
  return out;
}

/** How many numbers are in the set. */
export function size(ranges: Ranges): number {
  let n = 0;
  for (let i = 0; i < ranges.length; i += 2) n += ranges[i + 1] - ranges[i] + 1;
  return n;
}
