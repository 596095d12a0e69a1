/**
 * The history: the embedded store of what was measured, for the pages and for machines that have no database. It is an
 * output like any other, with its own cursor and its own file, so that it can be moved away or lost without harm to
 * the journal.
 */
import type { Clock } from "../clock.js";
import type { Cursor, Journalled, UnixMs } from "../model.js";
import { onlyHistory } from "../newest.js";
import { startDrain, type Drain, type DrainJournal, type DrainOptions } from "./drain.js";
import { HOUR_MS } from "./history/chunk.js";
import { readLatest, type LatestReading } from "./history/latest.js";
import { bodyOf } from "./history/rows.js";
import { dropOld, mergeLate, sealHours } from "./history/seal.js";
import { readSeries, type SeriesPoint } from "./history/series.js";
import { openStore, type Row, type Store } from "./history/store.js";

export type { LatestReading } from "./history/latest.js";
export type { SeriesPoint } from "./history/series.js";

export interface HistoryOptions {
  /** Readings older than this are dropped. */
  retentionDays?: number;
}

/** An hour is sealed this long after it ended, so that what comes a little late needs no second writing. */
const GRACE_MS = 300_000;
const MAINTAIN_EVERY_MS = 300_000;
const DAY_MS = 86_400_000;
export class History {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #retentionMs: number;
  #sealedHour: number;
  #maintaining: Promise<void> | null = null;
  #closed = false;
  #damaged = 0;

  private constructor(store: Store, clock: Clock, retentionDays: number) {
    this.#store = store;
    this.#clock = clock;
    this.#retentionMs = retentionDays * DAY_MS;
    this.#sealedHour = store.sealedHour();
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
          const doubt = onlyHistory(entry.timeWhy) ? entry.timeWhy : undefined;
          const body = bodyOf(entry.observations, properties.number, doubt);
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
  }

  /**
   * The newest reading of every series, read from the file: for a start, from which on the live view keeps it. An older
   * reading that came late is not the newest.
   */
  latest(): LatestReading[] {
    return readLatest(this.#store, this.#clock.now(), () => void this.#damaged++);
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
