/** Journal entries as the rules see them. */
import type { Cursor, Journalled, UnixMs } from "../model.js";
import { onlyHistory } from "../newest.js";
import type { Batch, RulePack } from "./protocol.js";
import type { RuleReading } from "./rule.js";

/** What the rules need of the journal. */
export interface JournalReader {
  head(): Cursor;
  read(after: number, limit: number): Journalled[];
}

/**
 * The pack of an entry; null for an entry without readings of a site, or with such as are no evidence of now. Raw and
 * derived readings carry their flags.
 */
export function rulePack(entry: Journalled): RulePack | null {
  if (entry.kind !== "pack" || entry.site === null || onlyHistory(entry.timeWhy)) return null;
  return {
    entry: entry.id,
    site: entry.site,
    time: entry.time,
    received: entry.received,
    readings: entry.observations.map(({ property, value, flag, why }) => {
      const reading: RuleReading = { entry: entry.id, time: entry.time, property, value, flag };
      if (why !== undefined) reading.why = why;
      return reading;
    }),
  };
}

/**
 * Reads on from `after`, at most `limit` entries. `since` is when this hub began to listen (see {@link Batch}).
 */
export function readBatch(journal: JournalReader, after: Cursor, limit: number, now: UnixMs, since?: UnixMs): Batch {
  const entries = journal.read(after.id, limit);
  const last = entries.length === 0 ? after.id : entries[entries.length - 1].id;
  return {
    to: { epoch: after.epoch, id: last },
    now,
    packs: entries.map(rulePack).filter((pack) => pack !== null),
    more: last < journal.head().id,
    ...(since === undefined ? {} : { since }),
  };
}
