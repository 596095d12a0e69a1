/**
 * The history: the embedded store of what was measured, for the pages and for machines that have no database. It is an
 * output like any other, with its own cursor and its own file, so that it can be moved away or lost without harm to
 * the journal.
 */
import type { Clock } from "../clock.js";
import type { Cursor, Flag, Journalled, UnixMs } from "../model.js";
import { startDrain, type Drain, type DrainJournal, type DrainOptions } from "./drain.js";
import { decodeChunk, HOUR_MS } from "./history/chunk.js";
import { bodyOf, eachSample } from "./history/rows.js";
import { dropOld, mergeLate, sealHours } from "./history/seal.js";
import { readSeries, type SeriesPoint } from "./history/series.js";
import { openStore, type Row, type Store } from "./history/store.js";

export type { SeriesPoint } from "./history/series.js";

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

export interface HistoryOptions {
  /** Readings older than this are dropped. */
  retentionDays?: number;
}

/** An hour is sealed this long after it ended, so that what comes a little late needs no second writing. */
const GRACE_MS = 300_000;
const MAINTAIN_EVERY_MS = 300_000;
const DAY_MS = 86_400_000;
/** A reading may be ahead of the hub's clock by this much. */
const AHEAD_MS = 300_000;

type Reading = Pick<LatestReading, "value" | "flag" | "calibration" | "why">;

export class History {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #retentionMs: number;
  readonly #latest = new Map<string, Map<string, LatestReading>>();
  #sealedHour: number;
  #maintaining: Promise<void> | null = null;
  #closed = false;
  #damaged = 0;

  private constructor(store: Store, clock: Clock, retentionDays: number) {
    this.#store = store;
    this.#clock = clock;
    this.#retentionMs = retentionDays * DAY_MS;
    this.#sealedHour = store.sealedHour();
    this.#rebuildLatest();
  }

  /** Opens or creates the file. @throws SetupError `HISTORY_NEWER`, `_OLDER`, `_CORRUPT`, `_NOT_WRITABLE` */
  static open(file: string, clock: Clock, options: HistoryOptions = {}): History {
    return new History(openStore(file), clock, options.retentionDays ?? 30);
  }

  /**
   * Keeps the readings of a batch; on disk when it returns. What it has already (same site, time and seq) changes
   * nothing. `epoch` is the journal's.
   */
  write(batch: Journalled[], epoch: string): void {
    if (batch.length === 0) return;
    const { sites, properties } = this.#store;
    const oldest = this.#clock.now() - this.#retentionMs;
    try {
      this.#store.commit(() => {
        for (const entry of batch) {
          if (entry.kind !== "pack" || entry.site === null || entry.time < oldest) continue;
          const body = bodyOf(entry.observations, properties.number);
          const row: Row = { time: entry.time, site: sites.number(entry.site), seq: entry.seq, body };
          if (Math.floor(entry.time / HOUR_MS) <= this.#sealedHour) this.#store.putLate(row);
          else this.#store.putHot(row);
        }
        this.#store.setCursor({ epoch, id: batch[batch.length - 1].id });
      });
    } catch (error) {
      sites.reload();
      properties.reload();
      throw error;
    }
    for (const entry of batch) {
      if (entry.kind !== "pack" || entry.site === null) continue;
      for (const reading of entry.observations)
        this.#touch(entry.site, reading.property, entry.time, entry.seq, reading);
    }
  }

  /**
   * The newest reading of every series, or of one site's. An older reading that comes late never changes it. They change
   * when something newer comes: to be read at once, not to be kept.
   */
  *latest(site?: string): Generator<LatestReading> {
    if (site !== undefined) yield* this.#latest.get(site)?.values() ?? [];
    else for (const properties of this.#latest.values()) yield* properties.values();
  }

  /**
   * Readings of one series with from ≤ time < to, in order, at most `maxPoints` (default 500): every single one if they
   * are so few, else the mean, least and greatest of equal stretches of time.
   */
  async series(site: string, property: string, from: UnixMs, to: UnixMs, maxPoints = 500): Promise<SeriesPoint[]> {
    const siteNumber = this.#store.sites.known(site);
    const propertyNumber = this.#store.properties.known(property);
    if (siteNumber === undefined || propertyNumber === undefined || !(from < to)) return [];
    const most = Math.max(1, Math.floor(maxPoints));
    return readSeries(this.#store, siteNumber, propertyNumber, from, to, most, () => void this.#damaged++);
  }

  /** Up to where of the journal the history reaches. */
  cursor(): Cursor {
    return this.#store.cursor();
  }

  /** Rows not yet sealed, late rows waiting, sealed chunks and their bytes, chunks that could not be read. */
  counts(): { hot: number; late: number; chunks: number; bytes: number; damaged: number } {
    return { ...this.#store.counts(), damaged: this.#damaged };
  }

  /** Seals hours that are over, brings late readings to their place, drops what is too old. One run at a time. */
  maintain(): Promise<void> {
    this.#maintaining ??= this.#maintain().finally(() => (this.#maintaining = null));
    return this.#maintaining;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#maintaining?.catch(() => undefined);
    this.#store.close();
  }

  async #maintain(): Promise<void> {
    const stopped = (): boolean => this.#closed;
    const now = this.#clock.now();
    const begin = (hour: number): void => {
      this.#sealedHour = Math.max(this.#sealedHour, hour);
      this.#store.setSealedHour(this.#sealedHour);
    };
    await sealHours(this.#store, now - GRACE_MS, begin, stopped);
    await mergeLate(this.#store, stopped);
    await dropOld(this.#store, now - this.#retentionMs, stopped);
  }

  #touch(site: string, property: string, time: UnixMs, seq: number, reading: Reading): void {
    let properties = this.#latest.get(site);
    if (properties === undefined) this.#latest.set(site, (properties = new Map<string, LatestReading>()));
    const { value, flag, calibration } = reading;
    const why = reading.why === undefined || reading.why.length === 0 ? undefined : reading.why;
    const known = properties.get(property);
    if (known === undefined) {
      const latest: LatestReading = { site, property, time, seq, value, flag, calibration };
      if (why !== undefined) latest.why = why;
      properties.set(property, latest);
      return;
    }
    const older = known.time > time || (known.time === time && known.seq >= seq);
    // What a clock that ran ahead left in the future would stay the newest until then.
    if (older && known.time <= this.#clock.now() + AHEAD_MS) return;
    // In place: a new one with every pack would be work for the garbage collector.
    known.time = time;
    known.seq = seq;
    known.value = value;
    known.flag = flag;
    known.calibration = calibration;
    if (why !== undefined) known.why = why;
    else if (known.why !== undefined) delete known.why;
  }

  /** From the rows, and for series that have none newer, from their newest chunk. */
  #rebuildLatest(): void {
    const { sites, properties } = this.#store;
    const take = (row: Row): void =>
      eachSample(row, (of, sample) =>
        this.#touch(sites.name(row.site), properties.name(of), sample.time, sample.seq, sample),
      );
    for (const row of this.#store.lateAll()) take(row);
    // Newest first: of most rows every property is known by then, and reading them in full would be half of a start.
    const known = new Map<number, Set<string>>();
    for (let before = { time: Number.MAX_SAFE_INTEGER, site: 0, seq: 0 }; ;) {
      const rows = this.#store.hotBefore(before.time, before.site, before.seq, 10_000);
      if (rows.length === 0) break;
      for (const row of rows) {
        let properties = known.get(row.site);
        if (properties === undefined) known.set(row.site, (properties = new Set()));
        // A cause that looks like the beginning of a reading only makes a row be read that need not be.
        const numbers = row.body.match(/\[\d+,/g) ?? [];
        if (numbers.every((number) => properties.has(number))) continue;
        // One from the future gives way to those of now.
        if (row.time <= this.#clock.now() + AHEAD_MS) for (const number of numbers) properties.add(number);
        take(row);
      }
      before = rows[rows.length - 1];
    }
    for (const { site, property, hour } of this.#store.newest()) {
      const known = this.#latest.get(sites.name(site))?.get(properties.name(property));
      if (known !== undefined && known.time >= (hour + 1) * HOUR_MS) continue;
      const data = this.#store.chunk(hour, site, property);
      try {
        const last = data === undefined ? undefined : decodeChunk(hour, data).at(-1);
        if (last !== undefined) this.#touch(sites.name(site), properties.name(property), last.time, last.seq, last);
      } catch {
        this.#damaged++;
      }
    }
  }
}

export interface RunningHistory extends Drain {
  history: History;
}

/** Starts the history behind the cursor `history`. `stop` closes its file. @throws SetupError as {@link History.open} */
export function startHistory(options: {
  file: string;
  journal: DrainJournal & { rewind(consumer: string, id: number): void };
  clock: Clock;
  retentionDays?: number;
  gatherMs?: number;
  /** Whether hours may be sealed, and old ones dropped, by the clock. Default: always. */
  settled?: () => boolean;
  log?: DrainOptions["log"];
}): RunningHistory {
  const { file, journal, clock, retentionDays, gatherMs, settled = () => true, log } = options;
  const history = History.open(file, clock, { retentionDays });
  // What it holds is known by its own cursor: one that was lost, restored or moved away is given everything again.
  const { epoch, id } = history.cursor();
  const known = journal.cursor("history");
  const reaches = epoch === known.epoch ? id : 0;
  if (reaches < known.id) journal.rewind("history", reaches);
  const drain = startDrain({
    consumer: "history",
    journal,
    gatherMs,
    log,
    async write(batch) {
      history.write(batch, journal.head().epoch);
      return { done: batch.length, rejected: [] };
    },
  });
  const maintain = (): void => {
    if (!settled()) return;
    history
      .maintain()
      .catch((error: Error) => log?.("error", "history: could not seal or clear up", { reason: error.message }));
  };
  const cancel = clock.every(MAINTAIN_EVERY_MS, maintain);
  maintain();
  return {
    history,
    stats: drain.stats,
    async stop() {
      cancel();
      await drain.stop();
      await history.close();
    },
  };
}
