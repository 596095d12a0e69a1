/** Finds the newest reading of every series in the history's file, without reading all of it. */
import { START_UNHEARD } from "../../model.js";
import type { Flag, UnixMs } from "../../model.js";
import { ahead, takesPlace } from "../../newest.js";
import { decodeChunk, HOUR_MS, type Sample } from "./chunk.js";
import { eachSample, ofHistory } from "./rows.js";
import type { Row, Store } from "./store.js";

/** The newest reading of one property of one site. */
export interface LatestReading {
  site: string;
  property: string;
  time: UnixMs;
  seq: number;
  value: number | null;
  flag: Flag;
  why?: string[];
  calibration: number;
}

/** The newest reading of each series: from the rows, and where those have none newer, from the newest chunk. */
export function readLatest(store: Store, now: UnixMs, damaged: () => void): LatestReading[] {
  const { sites, properties } = store;
  const latest = new Map<string, LatestReading>();
  const clock = () => now;

  function touch(site: number, property: number, reading: Sample): void {
    if (ofHistory(reading)) return;
    const key = `${site}/${property}`;
    const known = latest.get(key);
    if (known !== undefined && !takesPlace(reading.time, reading.seq, known, clock)) return;
    latest.set(key, { site: sites.name(site), property: properties.name(property), ...reading });
  }
  const take = (row: Row): void => eachSample(row, (property, sample) => touch(row.site, property, sample));

  for (const row of store.lateAll()) take(row);
  // Newest first: of most rows every property is known by then, and reading them in full would be half of a start.
  const known = new Map<number, Set<string>>();
  for (let before = { time: Number.MAX_SAFE_INTEGER, site: 0, seq: 0 }; ;) {
    const rows = store.hotBefore(before.time, before.site, before.seq, 10_000);
    if (rows.length === 0) break;
    for (const row of rows) {
      let numbersKnown = known.get(row.site);
      if (numbersKnown === undefined) known.set(row.site, (numbersKnown = new Set()));
      // A cause that looks like the beginning of a reading only makes a row be read that need not be.
      const numbers = row.body.match(/\[\d+,/g) ?? [];
      if (numbers.every((number) => numbersKnown.has(number))) continue;
      // One from the future gives way to those of now.
      if (!ahead(row.time, now) && !row.body.includes(START_UNHEARD))
        for (const number of numbers) numbersKnown.add(number);
      take(row);
    }
    before = rows[rows.length - 1];
  }
  for (const { site, property, hour } of store.newest()) {
    const newer = latest.get(`${site}/${property}`);
    // One from the future gives way here, too.
    if (newer !== undefined && newer.time >= (hour + 1) * HOUR_MS && !ahead(newer.time, now)) continue;
    const data = store.chunk(hour, site, property);
    try {
      const last = data === undefined ? undefined : decodeChunk(hour, data).findLast((sample) => !ofHistory(sample));
      if (last !== undefined) touch(site, property, last);
    } catch {
      damaged();
    }
  }
  return [...latest.values()];
}
