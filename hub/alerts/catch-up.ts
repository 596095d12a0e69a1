/**
 * The order in which the rules see the journal. Near its end: as it was written. Far behind (after an outage of whoever
 * runs the rules) in two lanes, so that alarms are about now and not about hours ago: first the newest entries, and
 * whatever arrives meanwhile; in turn with them the backlog, from the cursor on. The rules themselves see to it that a
 * reading older than the newest of its series changes nothing, so what the backlog repairs is history.
 *
 * Only the backlog moves the cursor. A crash loses no more than the knowledge of which of the newest entries were judged
 * already: they are shown again, and are by then not newer than what the rules remember.
 */
import type { Cursor, UnixMs } from "../model.js";
import { readBatch, type JournalReader } from "./batch.js";
import type { Batch } from "./protocol.js";

export interface CatchUpOptions {
  /** Entries behind the journal's end from which on there are two lanes. */
  farEntries?: number;
  /** How many of the newest entries come first. */
  firstEntries?: number;
}

export interface CatchUp {
  /** The next at most `limit` entries for whoever stands at `after`; the same again until {@link committed} is told. */
  next(after: Cursor, limit: number, now: UnixMs, since?: UnixMs): Batch;
  /** The register holds what the batch given last meant. `cursor` is that of the commit. */
  committed(cursor: Cursor): void;
}

/** Entries `from`…`to` (without the first) that were judged ahead of the cursor. */
interface Ahead {
  from: number;
  to: number;
}

/** Makes an order of its own for one reader. */
export function createCatchUp(journal: JournalReader, options: CatchUpOptions = {}): CatchUp {
  const { farEntries = 20_000, firstEntries = 10_000 } = options;
  let epoch = "";
  let ahead: Ahead | null = null;
  /** What was given last and is not committed yet: up to where of the newest entries, or null for the backlog. */
  let given: { cursor: Cursor; newest: number | null } | null = null;
  /** Whose turn it is when both lanes wait. */
  let backlogsTurn = false;

  function lanes(after: Cursor): Ahead | null {
    const head = journal.head();
    if (epoch !== head.epoch) ahead = null;
    epoch = head.epoch;
    // The cursor was moved by somebody else, or is past all that was judged ahead of it.
    if (ahead !== null && after.id >= ahead.to) ahead = null;
    // So far behind again that what is new now must come before the rest of what was new then.
    if (head.id - (ahead?.to ?? after.id) > farEntries) {
      const from = Math.max(after.id, head.id - firstEntries);
      ahead = { from, to: from };
      backlogsTurn = false;
    }
    return ahead;
  }

  return {
    next(after, limit, now, since) {
      const two = lanes(after);
      if (two !== null && after.id >= two.from && two.to > after.id) {
        // The backlog has reached what was judged already.
        const to = { epoch: after.epoch, id: two.to };
        given = { cursor: to, newest: null };
        const more = two.to < journal.head().id;
        return { to, now, packs: [], more, ...(since === undefined ? {} : { since }) };
      }
      const waiting = two === null ? 0 : journal.head().id - two.to;
      if (two !== null && waiting > 0 && (!backlogsTurn || waiting >= limit)) {
        const { to, ...batch } = readBatch(journal, { epoch: after.epoch, id: two.to }, limit, now, since);
        given = { cursor: after, newest: to.id };
        return { ...batch, to: after, more: true };
      }
      const most = two === null ? limit : Math.min(limit, two.from - after.id);
      const batch = readBatch(journal, after, most, now, since);
      given = { cursor: batch.to, newest: null };
      return batch;
    },

    committed(cursor) {
      if (given === null || given.cursor.epoch !== cursor.epoch || given.cursor.id !== cursor.id) return;
      if (given.newest !== null && ahead !== null) ahead.to = Math.max(ahead.to, given.newest);
      backlogsTurn = given.newest !== null;
      given = null;
    },
  };
}
