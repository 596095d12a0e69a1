/**
 * The newest reading of every property of every site, held in memory, and the news since a client last heard. It is
 * filled from the history at the start and from the journal's commits afterwards; a late reading never changes it.
 */
import type { Cursor, Flag, Journalled, Observation, TimeWhy, UnixMs } from "../model.js";
import { onlyHistory, takesPlace } from "../newest.js";
import type { Latest, SiteLatest } from "./views.js";

/** The part of the history that fills the board when the hub starts. */
export interface LatestSource {
  latest(): Iterable<{ site: string; property: string; seq: number } & Latest>;
  /** Up to where of the journal `latest` reaches. */
  cursor(): Cursor;
}

/** The part of the journal that keeps it up to date. */
export interface CommitSource {
  head(): Cursor;
  read(after: number, limit: number): Journalled[];
  onCommit(fn: (head: Cursor) => void): () => void;
}

/** What is newest of one property. Changed in place: with every pack a new one would be work for the garbage collector. */
interface Held {
  time: UnixMs;
  seq: number;
  value: number | null;
  flag: Flag;
  calibration: number;
  why: string[] | undefined;
  /** What is doubted about the time. */
  timeWhy: TimeWhy | undefined;
}

const BATCH = 500;

export class LiveBoard {
  readonly #sites = new Map<string, Map<string, Held>>();
  readonly #journal: CommitSource;
  readonly #now: () => UnixMs;
  readonly #changed = new Map<string, number>();
  #read: number;
  #epoch: string;

  /** Fills the board; afterwards {@link catchUp} brings it to the journal's head. */
  constructor(history: LatestSource, journal: CommitSource, now: () => UnixMs) {
    this.#journal = journal;
    this.#now = now;
    for (const { site, property, seq, time, ...reading } of history.latest())
      this.#put(this.#of(site), { property, ...reading }, seq, time, undefined);
    const head = journal.head();
    const cursor = history.cursor();
    this.#epoch = head.epoch;
    this.#read = cursor.epoch === head.epoch ? cursor.id : 0;
  }

  /** Reads what was committed since, at most `batches` times 500 entries; true when it has reached the head. */
  catchUp(batches = 20): boolean {
    const head = this.#journal.head();
    if (head.epoch !== this.#epoch) {
      this.#epoch = head.epoch;
      this.#read = 0;
    }
    for (let i = 0; i < batches && this.#read < head.id; i++) {
      const entries = this.#journal.read(this.#read, BATCH);
      for (const entry of entries) this.#take(entry);
      this.#read = entries.length > 0 ? entries[entries.length - 1].id : head.id;
    }
    return this.#read >= head.id;
  }

  /** Up to where of the journal the board reaches. */
  cursor(): Cursor {
    return { epoch: this.#epoch, id: this.#read };
  }

  site(id: string): SiteLatest | undefined {
    const properties = this.#sites.get(id);
    return properties && Object.fromEntries([...properties].map(([name, held]) => [name, viewOf(held)]));
  }

  all(): Record<string, SiteLatest> {
    return Object.fromEntries([...this.#sites.keys()].map((id) => [id, this.site(id) ?? {}]));
  }

  /** Sites with news from entries after `id`. */
  since(id: number): Record<string, SiteLatest> {
    const out: Record<string, SiteLatest> = {};
    for (const [site, entry] of this.#changed) if (entry > id) out[site] = this.site(site) ?? {};
    return out;
  }

  #of(site: string): Map<string, Held> {
    let properties = this.#sites.get(site);
    if (properties === undefined) this.#sites.set(site, (properties = new Map<string, Held>()));
    return properties;
  }

  #take(entry: Journalled): void {
    if (entry.kind !== "pack" || entry.site === null || onlyHistory(entry.timeWhy)) return;
    const properties = this.#of(entry.site);
    let changed = false;
    for (const o of entry.observations)
      if (this.#put(properties, o, entry.seq, entry.time, entry.timeWhy)) changed = true;
    if (changed) this.#changed.set(entry.site, entry.id);
  }

  /** False if what is known stays the newest. */
  #put(
    properties: Map<string, Held>,
    { property, value, flag, calibration, why }: Observation,
    seq: number,
    time: UnixMs,
    timeWhy: TimeWhy | undefined,
  ): boolean {
    const known = properties.get(property);
    if (known === undefined) {
      properties.set(property, { time, seq, value, flag, calibration, why, timeWhy });
      return true;
    }
    if (!takesPlace(time, seq, known, this.#now)) return false;
    known.time = time;
    known.seq = seq;
    known.value = value;
    known.flag = flag;
    known.calibration = calibration;
    known.why = why;
    known.timeWhy = timeWhy;
    return true;
  }
}

function viewOf({ time, value, flag, calibration, why = [], timeWhy }: Held): Latest {
  const latest: Latest = { time, value, flag, calibration };
  if (why.length > 0 || timeWhy !== undefined) latest.why = timeWhy === undefined ? why : [...why, timeWhy];
  return latest;
}
