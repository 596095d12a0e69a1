/**
 * Takes a person out of what the hub keeps: the login is removed; in the records, which must stay, a made-up name stands
 * in the place of theirs. Sites, levels, times and reasons stay as they were. The hub may run.
 */
import { randomBytes } from "node:crypto";
import type Database from "better-sqlite3";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { REGISTER } from "../alerts/register-schema.js";
import { PEOPLE } from "../api/auth.js";
import { COMMAND_LINE, SeenBook } from "../api/seen.js";
import { SetupError } from "../errors.js";
import { openStore, type StoreKind } from "./file.js";

/** Who acts in the register beside people. */
const NOBODY = /^(hub|rule:.*|)$/;
/** Notices that nobody sends any more. */
const SETTLED = "state IN ('sent', 'delivered', 'read', 'expired', 'dropped', 'dead')";

export interface Forgotten {
  /** What stands in the place of the name now. */
  as: string;
  /** Rows that were changed. */
  acts: number;
  notices: number;
  /** Notices to these addresses of alarms that are not over: they are left, because somebody must be told. */
  waiting: number;
  /** Copies in the data folder that still have the name: old formats, files set aside. */
  copies: string[];
  /** Files whose log still has the former pages, because somebody was reading them. */
  held: string[];
}

/** How long a reader may keep the log from being emptied: the hub itself takes milliseconds, a backup minutes. */
const READERS_MS = 1000;

/** Changes rows under a guard that lets nobody change them: the guard is back when the change is there, or neither. */
function behind(db: Database.Database, trigger: string, work: () => void): void {
  const sql = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?").pluck().get(trigger);
  db.exec(`DROP TRIGGER ${trigger}`);
  work();
  db.exec(String(sql));
}

/** Runs `work` on a file in one transaction; then the log beside it, which has the former pages, is emptied if nobody reads. */
function inFile(dataDir: string, kind: StoreKind, found: Forgotten, work: (db: Database.Database) => void): void {
  const db = openStore(join(dataDir, kind.fileName), { ...kind, timeoutMs: 5000 });
  try {
    db.transaction(() => work(db)).immediate();
    db.pragma(`busy_timeout = ${READERS_MS}`);
    const [{ busy }] = db.pragma("wal_checkpoint(TRUNCATE)") as [{ busy: number }];
    if (busy !== 0) found.held.push(kind.fileName);
  } finally {
    db.close();
  }
}

function inRegister(db: Database.Database, name: string, addresses: string[], found: Forgotten): void {
  const change = (sql: string, ...values: unknown[]): number => db.prepare(sql).run(...values).changes;
  behind(db, "transitions_stay", () => {
    found.acts += change("UPDATE transitions SET who = ? WHERE who = ?", found.as, name);
  });
  behind(db, "siren_acts_stay", () => {
    found.acts += change("UPDATE siren_acts SET who = ? WHERE who = ?", found.as, name);
  });
  change("UPDATE alarms SET acked_by = ? WHERE acked_by = ?", found.as, name);
  change("UPDATE alarms SET shelved_by = ? WHERE shelved_by = ?", found.as, name);
  const over = `recipient = ? AND ${SETTLED} AND alarm IN (SELECT id FROM alarms WHERE state = 'NORM')`;
  for (const [index, to] of addresses.entries()) {
    const as = `${found.as}-${index + 1}`;
    // The key ends in the address, and must stay different from every other: it is what keeps a notice from being
    // sent twice. What the provider said of it may repeat the address.
    const notice = "SELECT id FROM notices WHERE " + over;
    change(`UPDATE receipts SET detail = NULL, provider_id = NULL WHERE notice IN (${notice})`, to);
    found.notices += change(
      `UPDATE notices SET key = substr(key, 1, length(key) - length(recipient)) || ?, recipient = ?, error = NULL,
         provider_id = NULL WHERE ${over}`,
      ...[as, as, to],
    );
    found.waiting += db.prepare("SELECT count(*) FROM notices WHERE recipient = ?").pluck().get(to) as number;
  }
}

function inPeople(db: Database.Database, name: string, by: string, found: Forgotten): void {
  const admins = db.prepare("SELECT name FROM person WHERE role = 'admin'").pluck().all();
  if (admins.length === 1 && admins[0] === name)
    throw new SetupError("LAST_ADMIN", `${name} is the only admin`, "Add another admin first: aryk person add.");
  db.prepare("DELETE FROM person WHERE name = ?").run(name);
  behind(db, "seen_stands", () => {
    found.acts += db.prepare("UPDATE seen SET who = ? WHERE who = ?").run(found.as, name).changes;
  });
  new SeenBook(db, Date.now).note(by, COMMAND_LINE, "forgot");
}

/**
 * @param addresses telephone numbers and the like at which the person was told; as they stand in the roster
 * @param by whose doing it is, for the record
 * @throws SetupError LAST_ADMIN (nothing is changed then), FORGET_WHO (no such name can be a person's)
 */
export function forgetPerson(dataDir: string, name: string, addresses: string[], by: string): Forgotten {
  if (NOBODY.test(name))
    throw new SetupError("FORGET_WHO", `"${name}" is not a person`, "Name the person as the alarms do.");
  const found: Forgotten = {
    as: `former-${randomBytes(4).toString("hex")}`,
    acts: 0,
    notices: 0,
    waiting: 0,
    copies: [],
    held: [],
  };
  inFile(dataDir, PEOPLE, found, (db) => inPeople(db, name, by, found));
  if (existsSync(join(dataDir, REGISTER.fileName)))
    inFile(dataDir, REGISTER, found, (db) =>
      inRegister(
        db,
        name,
        addresses.filter((to) => to !== ""),
        found,
      ),
    );
  found.copies = readdirSync(dataDir).filter((entry) => /^(damaged-|before-restore-)|\.sqlite\.format-/.test(entry));
  return found;
}
