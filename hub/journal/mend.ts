/** A damaged journal: every group that can be read is kept, and the ledger is made whole from what the groups say. */
import type Database from "better-sqlite3";
import { rangeSum } from "./schema.js";
import { entriesOf, type GroupRow } from "./read.js";
import type { Journalled } from "../model.js";
import { add, pairs, type RangeEdits, type Ranges } from "../ledger/ranges.js";
import { salvage, type SalvagedRow } from "../store/salvage.js";
import type { MendReport } from "../store/mend.js";

/** Ids that are left out where nobody knows how far the lost journal had come: none is ever given twice. */
const LEAP = 1_000_000;

interface Stream {
  received: Ranges;
  lastId: number;
  depth: number;
}

/** The board, start and number of an entry, if it has one. */
function numberOf(entry: Journalled): { board: string; epoch: string; boot: number; seq: number } | null {
  if (entry.kind === "pack") return entry;
  if ((entry.event !== "gap" && entry.event !== "reply") || entry.board === null) return null;
  const { epoch, boot, seq } = entry.detail as { epoch: string; boot: number; seq: number };
  return { board: entry.board, epoch, boot, seq };
}

/** Takes over what can be read of `file`. */
export function mendJournal(file: string, db: Database.Database): Pick<MendReport, "rows" | "missing"> {
  const missing: string[] = [];
  const streams = new Map<number, Stream>();
  const streamOf = (id: number): Stream => {
    const known = streams.get(id) ?? { received: [], lastId: 0, depth: 0 };
    streams.set(id, known);
    return known;
  };
  const edits: RangeEdits = new Map();
  const unknown = new Map<number, NonNullable<ReturnType<typeof numberOf>>>();
  let altered = 0;
  let highest = 0;
  const fresh = db.prepare("SELECT value FROM meta WHERE name = 'epoch'").pluck().get() as string;
  db.exec("DELETE FROM meta; DELETE FROM tally");

  const takeGroup = (row: SalvagedRow): boolean => {
    const group = row as unknown as GroupRow & { keys: Buffer };
    const entries = entriesOf(group);
    if (entries === null || entries.length !== group.last_id - group.first_id + 1) {
      altered++;
      return false;
    }
    highest = Math.max(highest, group.last_id);
    for (const [i, entry] of entries.entries()) {
      const number = numberOf(entry);
      if (number === null || group.keys.length < (i + 1) * 24) continue;
      const id = group.keys.readUInt32LE(i * 24);
      const stream = streamOf(id);
      add(stream.received, number.seq, number.seq, edits);
      if (!unknown.has(id)) unknown.set(id, { ...number });
    }
    return true;
  };
  const take = (table: string, row: SalvagedRow): boolean => {
    if (table === "groups") return takeGroup(row);
    if (table === "received") {
      const [id, first, last, lastId, depth] = ["stream", "first", "last", "last_id", "depth"].map((n) =>
        Number(row[n]),
      );
      if (rangeSum(id, first, last, lastId, depth) !== row["sum"] || last < first) return false;
      const stream = streamOf(id);
      add(stream.received, first, last, edits);
      if (lastId > stream.lastId) Object.assign(stream, { lastId, depth });
      highest = Math.max(highest, lastId);
      return false;
    }
    if (table === "cursors") return row["mirror"] === -Number(row["id"]);
    return true;
  };
  const newer = { tally: "last_id", cursors: "id" };
  const { rows } = salvage(file, db, newer, take);

  db.transaction(() => {
    db.prepare("INSERT INTO meta VALUES ('epoch', ?) ON CONFLICT DO NOTHING").run(fresh);
    const known = new Set(db.prepare("SELECT id FROM streams").pluck().all() as number[]);
    const putStream = db.prepare("INSERT INTO streams VALUES (?, ?, ?, ?, NULL, NULL) ON CONFLICT DO NOTHING");
    for (const [id, { board, epoch, boot }] of unknown) {
      if (known.has(id)) continue;
      if (putStream.run(id, board, epoch, boot).changes > 0) known.add(id);
    }
    const put = db.prepare("INSERT INTO received VALUES (?, ?, ?, ?, ?, ?)");
    let nameless = 0;
    for (const [id, { received, lastId, depth }] of streams) {
      if (!known.has(id)) nameless++;
      else
        for (const [first, last] of pairs(received))
          put.run(id, first, last, lastId, depth, rangeSum(id, first, last, lastId, depth));
    }
    rows["received"] = streams.size - nameless;
    if (nameless > 0) missing.push(`the numbers of ${nameless} starts of boards: their names cannot be read`);
    finishTally(db, highest, missing);
  })();
  if (altered > 0) missing.push(`${altered} groups of entries were altered on the disk`);
  missing.push(...holesOf(db));
  return { rows, missing };
}

function finishTally(db: Database.Database, highest: number, missing: string[]): void {
  const sums = db
    .prepare("SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(max(last_id), 0) AS last FROM groups")
    .get();
  const { bytes, last } = sums as { bytes: number; last: number };
  const tally = db.prepare("SELECT last_id FROM tally").pluck().get() as number | undefined;
  // A count that is behind the entries, or that leaps, is not what was written.
  const sure = tally !== undefined && tally >= highest && tally <= highest + LEAP;
  const lastId = sure ? tally : highest + LEAP;
  if (!sure) missing.push("how many entries there ever were: the next ones are numbered from a million further on");
  else if (tally > last) missing.push(`entries ${last + 1} to ${tally}, the newest`);
  if (tally === undefined) db.prepare("INSERT INTO tally VALUES (1, ?, 0, 0, 0, ?)").run(lastId, bytes);
  else db.prepare("UPDATE tally SET last_id = ?, bytes = ?").run(lastId, bytes);
  db.prepare("DELETE FROM cursors WHERE id > ?").run(lastId);
  // So that the next start does not take the missing end for another damage.
  db.prepare("INSERT OR REPLACE INTO meta VALUES ('mended-to', ?)").run(String(lastId));
}

/** Entries between the oldest and the newest of which no group is there. */
function holesOf(db: Database.Database): string[] {
  const found: string[] = [];
  let next: number | null = null;
  const groups = db.prepare("SELECT first_id, last_id FROM groups ORDER BY first_id").iterate();
  for (const { first_id, last_id } of groups as IterableIterator<{ first_id: number; last_id: number }>) {
    if (next !== null && first_id > next) found.push(`entries ${next} to ${first_id - 1}`);
    next = last_id + 1;
  }
  return found;
}
