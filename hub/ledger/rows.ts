/** The rows in which the ledger is stored, and the statements on them. */
import type Database from "better-sqlite3";
import type { Ranges } from "./ranges.js";

export type StreamRow = { id: number; anchor: number | null; hello_uptime: number | null };
export type LaterRow = { boot: number; anchor: number | null };
export type ReceivedRow = { first: number; last: number; last_id: number; depth: number };

export function statements(db: Database.Database) {
  return {
    lastStream: db.prepare("SELECT coalesce(max(id), 0) FROM streams").pluck(),
    stream: db.prepare("SELECT id, anchor, hello_uptime FROM streams WHERE board = ? AND epoch = ? AND boot = ?"),
    later: db.prepare("SELECT boot, anchor FROM streams WHERE board = ? AND epoch = ? AND boot > ?"),
    streams: db.prepare("SELECT id, epoch, boot FROM streams WHERE board = ? ORDER BY id"),
    received: db.prepare("SELECT first, last, last_id, depth FROM received WHERE stream = ? ORDER BY first"),
    dropped: db.prepare("SELECT first, last FROM dropped WHERE stream = ? ORDER BY first"),
    saveStream: db.prepare(
      `INSERT INTO streams VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET anchor = excluded.anchor, hello_uptime = excluded.hello_uptime`,
    ),
    putReceived: db.prepare("INSERT OR REPLACE INTO received VALUES (?, ?, ?, ?, ?, ?)"),
    cutReceived: db.prepare("DELETE FROM received WHERE stream = ? AND first = ?"),
    putDropped: db.prepare("INSERT OR REPLACE INTO dropped VALUES (?, ?, ?)"),
    cutDropped: db.prepare("DELETE FROM dropped WHERE stream = ? AND first = ?"),
  };
}

/** Rows of ranges as one flat list. */
export function flat(rows: { first: number; last: number }[]): Ranges {
  return rows.flatMap((row) => [row.first, row.last]);
}
