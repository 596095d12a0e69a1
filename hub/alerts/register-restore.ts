/**
 * A register that comes back from a backup, or was put together from what could be read. What the hub did after that
 * moment is not in it: whom it told, which numbers it gave. So it takes a name of its own for everything from now on,
 * and says nothing a second time: what was still to be sent then is shown to people as missed.
 */
import { randomBytes } from "node:crypto";
import type Database from "better-sqlite3";
import type { Cursor, UnixMs } from "../model.js";
import { getMeta, setMeta } from "./register-schema.js";

/** A name that the register had, for what it did before `until`. */
interface FormerEpoch {
  epoch: string;
  until: UnixMs;
}

/** The register's name at that time: part of every message's identifier. */
export function epochAt(db: Database.Database, at: UnixMs): string {
  const former = JSON.parse(getMeta(db, "former-epochs") ?? "[]") as FormerEpoch[];
  return former.find(({ until }) => at < until)?.epoch ?? getMeta(db, "epoch") ?? "";
}

/** Gives the register a new name for what it does from `now` on. */
export function renewEpoch(db: Database.Database, now: UnixMs): void {
  const former = JSON.parse(getMeta(db, "former-epochs") ?? "[]") as FormerEpoch[];
  const latest = db.prepare("SELECT max((SELECT max(at) FROM transitions), (SELECT max(created) FROM notices))");
  const until = Math.max(now, ((latest.pluck().get() as number | null) ?? 0) + 1);
  former.push({ epoch: getMeta(db, "epoch") ?? "", until });
  setMeta(db, "former-epochs", JSON.stringify(former));
  setMeta(db, "epoch", randomBytes(4).toString("hex"));
}

/** Notices that had not been sent: they may have been since. A person looks at them, no machine sends them. */
export function missPending(db: Database.Database, why: string): number {
  return db
    .prepare(
      `UPDATE notices SET state = 'expired', lease = NULL, lease_until_wall = NULL, retry_wall = NULL, error = ?
       WHERE state IN ('queued', 'retry', 'leased', 'held')`,
    )
    .run(why).changes;
}

/**
 * Makes a restored register follow the restored journal: from its own place in it, silently up to the journal's end.
 * Whatever it has read beyond that end is judged already, and is not in the journal any more.
 * @param was    the journal's end in the backup
 * @param is     the same end under the restored journal's new name
 */
export function followRestored(db: Database.Database, was: Cursor, is: Cursor, now: UnixMs): void {
  db.transaction(() => {
    renewEpoch(db, now);
    missPending(db, "restored from a backup: it may have been sent");
    setMeta(db, "silent-to", JSON.stringify(is));
    const text = getMeta(db, "cursor");
    const cursor = text === null ? null : (JSON.parse(text) as Cursor);
    if (cursor?.epoch === was.epoch)
      setMeta(db, "cursor", JSON.stringify({ epoch: is.epoch, id: Math.min(cursor.id, is.id) }));
  })();
}
