/**
 * The newest reading of every property of every site, held in memory, and the news since a client last heard. It is
 * filled from the history at the start and from the journal's commits afterwards; a late reading never changes it.
 */
import type { Cursor, Journalled, UnixMs } from "../model.js";
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

const BATCH = 500;
/** A reading may be ahead of the hub's clock by this much. */
const AHEAD_MS = 300_000;

export class LiveBoard {
  readonly #sites = new Map<string, Map<string, { latest: Latest; seq: number }>>();
  readonly #journal: CommitSource;
  readonly #now: () => UnixMs;
  readonly #changed = new Map<string, number>();
  #read: number;
  #epoch: string;

  /** Fills the board; afterwards {@link catchUp} brings it to the journal's head. */
  constructor(history: LatestSource, journal: CommitSource, now: () => UnixMs) {
    this.#journal = journal;
    this.#now = now;
    for (const { site, property, seq, time, value, flag, calibration, why } of history.latest())
      this.#put(site, property, seq, { time, value, flag, calibration, ...(why === undefined ? {} : { why }) });
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
    return properties && Object.fromEntries([...properties].map(([name, { latest }]) => [name, latest]));
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

  #take(entry: Journalled): void {
    if (entry.kind !== "pack" || entry.site === null) return;
    for (const o of entry.observations) {
      const latest: Latest = { time: entry.time, value: o.value, flag: o.flag, calibration: o.calibration };
      if (o.why !== undefined && o.why.length > 0) latest.why = o.why;
      if (entry.timeWhy !== undefined) latest.why = [...(o.why ?? []), entry.timeWhy];
      if (this.#put(entry.site, o.property, entry.seq, latest)) this.#changed.set(entry.site, entry.id);
    }
  }

  /** False if it is older than what is known; of two in the same millisecond the higher number is the newer. */
  #put(site: string, property: string, seq: number, latest: Latest): boolean {
    let properties = this.#sites.get(site);
    if (properties === undefined)
      this.#sites.set(site, (properties = new Map<string, { latest: Latest; seq: number }>()));
    const known = properties.get(property);
    const time = known?.latest.time ?? -1;
    const older = known !== undefined && (time > latest.time || (time === latest.time && known.seq > seq));
    // What a clock that ran ahead left in the future would hold the page until then.
    if (older && time <= this.#now() + AHEAD_MS) return false;
    properties.set(property, { latest, seq });
    return true;
  }
}
