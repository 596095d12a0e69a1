/** Where missing numbers belong in time: between the packs before and after them, which were measured at known times. */
import { holes, pairs } from "../ledger/ranges.js";
import type { Range } from "../ledger/ranges.js";
import type { UnixMs } from "../model.js";
import type { Numbers } from "./numbers.js";
import { HOUR_MS } from "./store.js";

/** A number that arrived, and when it was measured. */
export interface Point {
  seq: number;
  at: UnixMs;
}

/** Missing numbers of one hour. */
export interface Piece {
  first: number;
  last: number;
  /** Start of the hour; null if nothing tells it. */
  hour: UnixMs | null;
  /** About when the first of them was measured; null if nothing tells it. */
  at: UnixMs | null;
  /** When the pack before them, and the one after them, was measured; null if there is none. */
  after: UnixMs | null;
  before: UnixMs | null;
}

/** A hole over more hours than this is not parted by hour: some clock in it was wrong. */
const MOST_HOURS = 1000;

/** What is missing of one start of a board: dropped by its own word, and without a word. */
export function missingOf({ received, told }: Numbers): { dropped: Range[]; unexplained: Range[] } {
  const dropped = pairs(told).flatMap(([first, last]) => holes(first, last, received));
  const top = Math.max(received.at(-1) ?? 0, told.at(-1) ?? 0);
  return { dropped, unexplained: holes(1, top, received, told) };
}

/** How many of the points, which are sorted by number, lie before `seq`. */
function before(points: Point[], seq: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Milliseconds from one number to the next, as the whole start shows it; 0 if it shows nothing. */
function paceOf(points: Point[]): number {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.seq === first.seq) return 0;
  return Math.max(0, (last.at - first.at) / (last.seq - first.seq));
}

const hourOf = (at: number): UnixMs => Math.floor(at / HOUR_MS) * HOUR_MS;

/**
 * Parts a range of missing numbers by hour. Between two packs the numbers are taken to be evenly spaced in time (they
 * are: a board numbers what it measures at its period); before the first and after the last at the start's mean pace.
 * @param points numbers that arrived, sorted by number
 */
export function place([first, last]: Range, points: Point[]): Piece[] {
  const lower: Point | undefined = points[before(points, first) - 1];
  const upper: Point | undefined = points[before(points, last + 1)];
  const bounds = { after: lower?.at ?? null, before: upper?.at ?? null };
  const known = lower ?? upper;
  if (known === undefined) return [{ first, last, hour: null, at: null, ...bounds }];
  const between = lower !== undefined && upper !== undefined;
  const pace = between ? Math.max(0, (upper.at - lower.at) / (upper.seq - lower.seq)) : paceOf(points);
  const timeOf = (seq: number): number => known.at + (seq - known.seq) * pace;
  if ((timeOf(last) - timeOf(first)) / HOUR_MS > MOST_HOURS) return [{ first, last, hour: null, at: null, ...bounds }];
  const pieces: Piece[] = [];
  for (let from = first; from <= last;) {
    const at = Math.round(timeOf(from));
    const hour = hourOf(at);
    const next = pace === 0 ? last + 1 : Math.ceil(known.seq + (hour + HOUR_MS - known.at) / pace);
    const to = Math.min(last, Math.max(from, next - 1));
    pieces.push({ first: from, last: to, hour, at, ...bounds });
    from = to + 1;
  }
  return pieces;
}
