/**
 * What is remembered of each series, as rows of numbers in large arrays: 5,400 posts have 27,000 series, each with eight
 * numbers, and as objects they would take several times the room and be work for the garbage collector for ever.
 */
import { extendRun, type FlatRun } from "./flat.js";

/** Places in a row. A number that is not known is NaN. */
export const TIME = 0;
/** The latest values, the newest first. */
export const LATEST = 1;
export const SECOND = 2;
export const THIRD = 3;
/** End of the settling time after the last gap. */
export const SETTLED_AT = 4;
/** The flat run while it is a single stretch; a longer one stands aside (see {@link Memories.extend}). */
const FLAT_FROM = 5;
const FLAT_MIN = 6;
const FLAT_MAX = 7;
const WIDTH = 8;
const ROWS = 1024;

export class Memories {
  #pages: Float64Array[] = [];
  #rows = 0;
  /** By site, then by the property's place; -1 where there is none. */
  #sites = new Map<string, Int32Array>();
  #places: Map<string, number>;
  /** Flat runs of more than one stretch, by row. */
  #longRuns = new Map<number, FlatRun>();

  constructor(properties: string[]) {
    this.#places = new Map(properties.map((property, place) => [property, place]));
  }

  /** The row of a series whose property has limits; a new one knows nothing. */
  row(site: string, property: string): number {
    const place = this.#places.get(property)!;
    let rows = this.#sites.get(site);
    if (rows === undefined) this.#sites.set(site, (rows = new Int32Array(this.#places.size).fill(-1)));
    if (rows[place] >= 0) return rows[place];
    const row = this.#rows++;
    if (row % ROWS === 0) this.#pages.push(new Float64Array(ROWS * WIDTH));
    rows[place] = row;
    this.forget(row, 0);
    return row;
  }

  get(row: number, place: number): number {
    return this.#pages[(row / ROWS) | 0][(row % ROWS) * WIDTH + place];
  }

  /** Forgets all points; what comes before `settledAt` is not evaluated. */
  forget(row: number, settledAt: number): void {
    const page = this.#pages[(row / ROWS) | 0];
    const at = (row % ROWS) * WIDTH;
    page.fill(NaN, at, at + WIDTH);
    page[at + SETTLED_AT] = settledAt;
    this.#longRuns.delete(row);
  }

  /** Takes up one more point. */
  push(row: number, time: number, value: number): void {
    const page = this.#pages[(row / ROWS) | 0];
    const at = (row % ROWS) * WIDTH;
    page[at + TIME] = time;
    page[at + THIRD] = page[at + SECOND];
    page[at + SECOND] = page[at + LATEST];
    page[at + LATEST] = value;
  }

  /** Takes a point into the series' flat run, as {@link extendRun} does; returns when the run began. */
  extend(row: number, time: number, value: number, tolerance: number): number {
    const page = this.#pages[(row / ROWS) | 0];
    const at = (row % ROWS) * WIDTH;
    const long = this.#longRuns.get(row);
    const min = page[at + FLAT_MIN];
    const max = page[at + FLAT_MAX];
    if (long === undefined) {
      if (min === value && max === value) return page[at + FLAT_FROM];
      // Two stretches too far apart (or no stretch before): only the new one is left.
      if (!(Math.max(max, value) - Math.min(min, value) < tolerance)) {
        page[at + FLAT_FROM] = time;
        page[at + FLAT_MIN] = value;
        page[at + FLAT_MAX] = value;
        return time;
      }
    }
    const before = long ?? [{ from: page[at + FLAT_FROM], min, max }];
    const run = extendRun(before, { time, value }, tolerance);
    const [first] = run;
    page[at + FLAT_FROM] = first.from;
    page[at + FLAT_MIN] = first.min;
    page[at + FLAT_MAX] = first.max;
    if (run.length > 1) this.#longRuns.set(row, run);
    else this.#longRuns.delete(row);
    return first.from;
  }
}
