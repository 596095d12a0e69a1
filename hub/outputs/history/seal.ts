/**
 * Looks after the history: turns hours that are over into chunks, brings late readings to their place and drops what is
 * too old. Works in small portions, so that the hub goes on between them. Every step may be cut off at any point and be
 * done again: a chunk is written before its rows go, and merging twice changes nothing.
 */
import { setImmediate as breathe } from "node:timers/promises";
import { decodeChunk, encodeChunk, HOUR_MS, mergeSamples, type Sample } from "./chunk.js";
import { eachSample, ofHistory } from "./rows.js";
import { createSteps } from "../../store/steps.js";
import type { Store } from "./store.js";

/** Rows, chunks or deleted rows per portion: each takes a few milliseconds. */
const PORTION = 2000;
const CHUNKS_PER_COMMIT = 200;
/** Most samples of one hour held in memory; a fuller hour is sealed in several goes. */
const MOST_SAMPLES = 400_000;
const MINUTE_MS = 60_000;

type Samples = Map<string, { site: number; property: number; samples: Sample[] }>;

function add(all: Samples, site: number, property: number, sample: Sample): void {
  const key = `${site}/${property}`;
  const series = all.get(key);
  if (series === undefined) all.set(key, { site, property, samples: [sample] });
  else series.samples.push(sample);
}

/** What a chunk holds. One whose bytes make no sense holds nothing that anybody could read: it is written anew. */
function samplesOf(hour: number, data: Buffer | undefined): Sample[] {
  try {
    return data === undefined ? [] : decodeChunk(hour, data);
  } catch {
    return [];
  }
}

function mergeIntoChunk(store: Store, hour: number, site: number, property: number, samples: Sample[]): void {
  const merged = mergeSamples(samplesOf(hour, store.chunk(hour, site, property)), samples);
  const live = merged.some((sample) => !ofHistory(sample));
  store.putChunk({ hour, site, property, data: encodeChunk(hour, merged) }, live);
}

async function writeChunks(store: Store, hour: number, all: Samples): Promise<void> {
  const series = [...all.values()];
  for (let i = 0; i < series.length; i += CHUNKS_PER_COMMIT) {
    store.commit(() => {
      for (const { site, property, samples } of series.slice(i, i + CHUNKS_PER_COMMIT))
        mergeIntoChunk(store, hour, site, property, samples);
    });
    await breathe();
  }
}

async function sealHour(store: Store, hour: number, stopped: () => boolean): Promise<void> {
  const start = hour * HOUR_MS;
  const end = start + HOUR_MS;
  let all: Samples = new Map();
  let held = 0;
  let last = { time: start - 1, site: 0, seq: 0 };
  for (;;) {
    const rows = store.hotAfter(last.time, last.site, last.seq, end, PORTION);
    if (rows.length === 0) break;
    for (const row of rows)
      eachSample(row, (property, sample) => {
        add(all, row.site, property, sample);
        held++;
      });
    last = rows[rows.length - 1];
    if (held > MOST_SAMPLES) {
      await writeChunks(store, hour, all);
      all = new Map();
      held = 0;
    }
    await breathe();
    if (stopped()) return;
  }
  await writeChunks(store, hour, all);
  for (let minute = start; minute < end; minute += MINUTE_MS) {
    store.dropHot(minute, minute + MINUTE_MS);
    if (minute % (10 * MINUTE_MS) === 0) await breathe();
  }
}

/**
 * Seals every hour that ended before `before` (unix ms). `begin` is told before each: from then on packs of that hour
 * must count as late, so that nothing is added to the rows that are about to be dropped.
 */
export async function sealHours(
  store: Store,
  before: number,
  begin: (hour: number) => void,
  stopped: () => boolean,
): Promise<void> {
  for (let first = store.hotSpan().first; first !== null; first = store.hotSpan().first) {
    const hour = Math.floor(first / HOUR_MS);
    if ((hour + 1) * HOUR_MS > before || stopped()) return;
    begin(hour);
    await sealHour(store, hour, stopped);
  }
}

/** Merges the readings that came after their hour was sealed. */
export async function mergeLate(store: Store, stopped: () => boolean): Promise<void> {
  for (let next = store.lateFirst(); next !== undefined && !stopped(); next = store.lateFirst()) {
    const { site } = next;
    const hour = Math.floor(next.time / HOUR_MS);
    const start = hour * HOUR_MS;
    store.commit(() => {
      const all: Samples = new Map();
      for (const row of store.lateOf(site, start, start + HOUR_MS))
        eachSample(row, (property, sample) => add(all, site, property, sample));
      for (const { property, samples } of all.values()) mergeIntoChunk(store, hour, site, property, samples);
      store.dropLate(site, start, start + HOUR_MS);
    });
    await breathe();
  }
}

/** Drops the chunks of hours that ended before `before` (unix ms). */
export async function dropOld(store: Store, before: number, stopped: () => boolean): Promise<void> {
  const hour = Math.floor(before / HOUR_MS);
  const steps = createSteps({ first: 100, least: 10, most: 10_000 });
  while (!stopped() && steps.run((size) => store.dropChunks(hour, size)) > 0) await breathe();
}
