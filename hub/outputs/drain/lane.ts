/** A stretch of the journal on its way to an output, in order, a few batches at once. */
import type { Journalled } from "../../model.js";

/** The part of the journal that lanes use. */
export interface LaneJournal {
  settle(consumer: string, id: number): void;
  read(after: number, limit: number): Journalled[];
}

/** A batch on its way. */
export interface Flight {
  /** What of it has not ended yet. */
  entries: Journalled[];
  /** Id up to which everything in this flight has ended. */
  endedTo: number;
  ended: Promise<void>;
}

export class Lane {
  readonly #journal: LaneJournal;
  /** Its cursor in the journal. */
  consumer: string;
  /** Everything up to here has ended, and its cursor has been told. */
  settledTo: number;
  /** Entries up to here have been read; those after `settledTo` are in `flights`, oldest first. */
  launchedTo: number;
  /** The last entry that it carries; null: as they come. */
  end: number | null;
  readonly flights: Flight[] = [];

  constructor(journal: LaneJournal, consumer: string, from: number, end: number | null = null) {
    this.#journal = journal;
    this.consumer = consumer;
    this.settledTo = from;
    this.launchedTo = from;
    this.end = end;
  }

  /** Entries that wait to be read, in a journal that ends at `head`. */
  waiting(head: number): number {
    return Math.max(0, Math.min(head, this.end ?? head) - this.launchedTo);
  }

  /** True when all that it carries has ended. */
  done(): boolean {
    return this.end !== null && this.launchedTo >= this.end && this.flights.length === 0;
  }

  /** Reads the next batch, if one waits, and sends it on its way. */
  launch(batchSize: number, carry: (flight: Flight) => Promise<void>): boolean {
    let entries = this.#journal.read(this.launchedTo, batchSize);
    const { end } = this;
    if (end !== null && entries.length > 0 && entries[entries.length - 1].id > end)
      entries = entries.filter((entry) => entry.id <= end);
    if (entries.length === 0) {
      if (end !== null) this.launchedTo = end;
      return false;
    }
    const flight: Flight = { entries, endedTo: this.launchedTo, ended: Promise.resolve() };
    this.launchedTo = entries[entries.length - 1].id;
    this.flights.push(flight);
    flight.ended = carry(flight);
    return true;
  }

  /** Settles as far as everything before has ended, whichever flight it was in. True if that is further than before. */
  settle(): boolean {
    let id = this.settledTo;
    let whole = 0;
    for (const flight of this.flights) {
      id = flight.endedTo;
      if (flight.entries.length > 0) break;
      whole++;
    }
    const further = id > this.settledTo;
    if (further) this.#journal.settle(this.consumer, id);
    this.settledTo = id;
    this.flights.splice(0, whole);
    return further;
  }
}
