/** One series over a time range, thinned to as many points as are wanted. Reads in portions: see `seal.ts`. */
import { setImmediate as breathe } from "node:timers/promises";
import { worst } from "../../flags.js";
import { FAIL, type Flag, type UnixMs } from "../../model.js";
import { decodeChunk, HOUR_MS, type Sample } from "./chunk.js";
import { eachSample } from "./rows.js";
import type { Store } from "./store.js";

/**
 * One reading (`count` 1), or the readings of one stretch of time: then `time` is the middle of the stretch, `value`
 * the mean, and the flag the worst of them. Failed readings (flag 4) enter mean, min and max only where they stand
 * alone as single points; a stretch with nothing else has no value.
 */
export interface SeriesPoint {
  time: UnixMs;
  value: number | null;
  min: number | null;
  max: number | null;
  count: number;
  flag: Flag;
  /** Number of the calibration record behind the (last) value; 0 for a raw one. */
  calibration: number;
  why?: string[];
}

const CHUNKS_PER_PORTION = 100;
const HOT_PORTION_MS = 600_000;

interface Stretch {
  count: number;
  used: number;
  sum: number;
  min: number;
  max: number;
  flag: Flag;
  calibration: number;
}

/** Collects samples in any order: as they are while they are few, then by stretches of equal length. */
class Thinner {
  readonly #from: number;
  readonly #stepMs: number;
  readonly #most: number;
  #single: Sample[] | null = [];
  readonly #stretches: (Stretch | undefined)[] = [];

  constructor(from: number, to: number, most: number) {
    this.#from = from;
    this.#stepMs = (to - from) / most;
    this.#most = most;
  }

  add(sample: Sample): void {
    if (this.#single !== null) {
      this.#single.push(sample);
      if (this.#single.length <= this.#most) return;
      for (const each of this.#single) this.#bundle(each);
      this.#single = null;
    } else this.#bundle(sample);
  }

  #bundle({ time, value, flag, calibration }: Sample): void {
    const index = Math.min(this.#most - 1, Math.floor((time - this.#from) / this.#stepMs));
    const s = (this.#stretches[index] ??= {
      count: 0,
      used: 0,
      sum: 0,
      min: Infinity,
      max: -Infinity,
      flag,
      calibration,
    });
    s.count++;
    s.flag = worst(s.flag, flag);
    s.calibration = calibration;
    if (value === null || flag === FAIL) return;
    s.used++;
    s.sum += value;
    s.min = Math.min(s.min, value);
    s.max = Math.max(s.max, value);
  }

  points(): SeriesPoint[] {
    if (this.#single !== null)
      return this.#single
        .sort((a, b) => a.time - b.time || a.seq - b.seq)
        .map(({ time, value, flag, calibration, why }) => {
          const point: SeriesPoint = { time, value, min: value, max: value, count: 1, flag, calibration };
          return why === undefined ? point : { ...point, why };
        });
    const points: SeriesPoint[] = [];
    this.#stretches.forEach((s, i) => {
      if (s === undefined) return;
      const { count, used, flag, calibration } = s;
      const time = Math.round(this.#from + (i + 0.5) * this.#stepMs);
      const [value, min, max] = used > 0 ? [s.sum / used, s.min, s.max] : [null, null, null];
      points.push({ time, value, min, max, count, flag, calibration });
    });
    return points;
  }
}

/**
 * Readings with from ≤ time < to. Rows are read before chunks: a row that is sealed meanwhile is found in its chunk,
 * and one that is found twice counts once. `damaged` is told of a chunk whose bytes make no sense.
 */
export async function readSeries(
  store: Store,
  site: number,
  property: number,
  from: UnixMs,
  to: UnixMs,
  maxPoints: number,
  damaged: (hour: number) => void,
): Promise<SeriesPoint[]> {
  const thinner = new Thinner(from, to, maxPoints);
  const rows = new Set<string>();
  const take = (row: Parameters<typeof eachSample>[0]): void =>
    eachSample(row, (of, sample) => {
      const id = `${sample.time}.${sample.seq}`;
      if (of !== property || rows.has(id)) return;
      rows.add(id);
      thinner.add(sample);
    });
  const hot = store.hotSpan();
  const hotEnd = Math.min(to, (hot.last ?? 0) + 1);
  for (let start = Math.max(from, hot.first ?? Infinity); start < hotEnd; start += HOT_PORTION_MS) {
    store.hotOf(site, start, Math.min(hotEnd, start + HOT_PORTION_MS)).forEach(take);
    await breathe();
  }
  store.lateOf(site, from, to).forEach(take);

  const span = store.chunkSpan();
  if (span.first === null || span.last === null) return thinner.points();
  const firstHour = Math.max(span.first, Math.floor(from / HOUR_MS));
  const lastHour = Math.min(span.last, Math.floor((to - 1) / HOUR_MS));
  for (let hour = firstHour; hour <= lastHour; hour++) {
    if (hour % CHUNKS_PER_PORTION === 0) await breathe();
    const data = store.chunk(hour, site, property);
    if (data === undefined) continue;
    try {
      for (const sample of decodeChunk(hour, data))
        if (sample.time >= from && sample.time < to && !rows.has(`${sample.time}.${sample.seq}`)) thinner.add(sample);
    } catch {
      damaged(hour);
    }
  }
  return thinner.points();
}
