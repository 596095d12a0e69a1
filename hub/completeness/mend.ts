/**
 * A damaged completeness file: hours that can be read are kept as far as the journal does not know them any more. Those
 * that it knows whole are left out, and added up anew from its entries while the hub runs (see {@link Again}).
 */
import Database from "better-sqlite3";
import { existsSync } from "node:fs";
import type { Cursor } from "../model.js";
import { AHEAD_MS } from "../newest.js";
import type { MendReport } from "../store/mend.js";
import { salvage } from "../store/salvage.js";
import { adds, type Figures } from "./read.js";
import { saysSomething } from "./schema.js";
import { HOUR_MS, type Again } from "./store.js";

/** What the journal says of itself. */
interface Kept {
  epoch: string;
  lastId: number;
  lastLetter: number;
  /** The oldest entry that is kept, and up to when those had arrived that are not; null if none is kept. */
  oldest: { id: number; before: number } | null;
  /** Where this file's cursor stands there; 0 if nowhere. */
  settled: number;
}

function keptIn(journalFile: string, consumer: string): Kept | null {
  if (!existsSync(journalFile)) return null;
  const db = new Database(journalFile, { fileMustExist: true });
  try {
    const one = (sql: string, ...values: unknown[]): unknown =>
      db
        .prepare(sql)
        .pluck()
        .get(...values);
    const first = db.prepare("SELECT first_id, newest FROM groups ORDER BY first_id LIMIT 1").get();
    const { first_id: id, newest } = (first ?? {}) as { first_id: number; newest: number };
    return {
      epoch: one("SELECT value FROM meta WHERE name = 'epoch'") as string,
      lastId: one("SELECT last_id FROM tally") as number,
      lastLetter: one("SELECT coalesce(max(id), 0) FROM letters") as number,
      oldest: first === undefined ? null : { id, before: newest },
      settled: (one("SELECT id FROM cursors WHERE consumer = ?", consumer) as number | undefined) ?? 0,
    };
  } finally {
    db.close();
  }
}

function cursorOf(text: unknown): Cursor | null {
  return typeof text === "string" ? (JSON.parse(text) as Cursor) : null;
}

/**
 * Takes over what can be read of `file`.
 * @param journalFile the journal, mended already
 * @param consumer    name of this file's cursor there
 */
export function mendCompleteness(
  file: string,
  journalFile: string,
  consumer: string,
  db: Database.Database,
): Pick<MendReport, "rows" | "missing"> {
  const missing: string[] = [];
  const kept = keptIn(journalFile, consumer);
  let altered = 0;
  const { rows, badCells } = salvage(file, db, {}, (table, row) => {
    if (table === "meta") return saysSomething(row["value"]);
    if (table !== "hours" || adds(row as unknown as Figures)) return true;
    altered++;
    return false;
  });
  const meta = db.prepare("SELECT value FROM meta WHERE key = ?").pluck();
  const put = db.prepare("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
  db.transaction(() => {
    // An hour of a start, or a site, that cannot be named belongs to nobody.
    db.exec("DELETE FROM hours WHERE start NOT IN (SELECT id FROM starts) OR site NOT IN (SELECT id FROM sites)");
    if (kept !== null) {
      const known = cursorOf(meta.get("cursor"));
      const same = known === null || known.epoch === kept.epoch;
      const to = Math.min(known?.id ?? kept.settled, kept.lastId);
      if (same && kept.oldest !== null) {
        // The whole hours after the last that a pack which is not kept any more can belong to.
        const from = Math.floor((kept.oldest.before + AHEAD_MS) / HOUR_MS) + 1;
        db.prepare("DELETE FROM hours WHERE hour >= ?").run(from);
        put.run("again", JSON.stringify({ to, from } satisfies Again));
        put.run("cursor", JSON.stringify({ epoch: kept.epoch, id: Math.min(kept.oldest.id - 1, to) }));
        const since = new Date(from * HOUR_MS).toISOString();
        missing.push(`hours before ${since} that could not be read: they count as silent; later ones are made anew`);
      } else if (same) {
        put.run("cursor", JSON.stringify({ epoch: kept.epoch, id: to }));
        missing.push("hours that could not be read: they count as silent, for the journal keeps nothing of them");
      }
      if (meta.get("letter") === undefined) {
        put.run("letter", String(kept.lastLetter));
        missing.push("which dead letters were counted: those until now may be missing from the sums");
      }
    }
    const first = db.prepare("SELECT min(hour) FROM hours").pluck().get() as number | null;
    if (meta.get("since") === undefined && first !== null) put.run("since", String(first * HOUR_MS));
  })();
  if (altered + badCells > 0) missing.push(`${altered + badCells} records of it were altered on the disk`);
  rows["hours"] = db.prepare("SELECT count(*) FROM hours").pluck().get() as number;
  return { rows, missing };
}
