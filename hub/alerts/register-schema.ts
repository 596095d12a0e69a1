/** The register's tables, and how its file is opened. */
import { randomBytes } from "node:crypto";
import type Database from "better-sqlite3";
import { openStore, type StoreKind } from "../store/file.js";
import { AT_ONCE } from "./due.js";
import { SIREN_ACTS } from "./siren-acts.js";

const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE alarms (
  id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, kind TEXT NOT NULL,
  state TEXT NOT NULL, level INTEGER NOT NULL, peak INTEGER NOT NULL,
  revision INTEGER NOT NULL, alert_revision INTEGER NOT NULL, episode INTEGER NOT NULL,
  raised_at INTEGER, changed_at INTEGER NOT NULL, reason TEXT NOT NULL, figures TEXT NOT NULL, entry INTEGER,
  acked_by TEXT, acked_at INTEGER,
  shelved_until INTEGER, shelved_level INTEGER, shelved_by TEXT, shelved_why TEXT, suppressed_until INTEGER,
  renew_at INTEGER,
  UNIQUE (site, kind)
) STRICT;
CREATE TABLE transitions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, alarm INTEGER NOT NULL REFERENCES alarms (id), revision INTEGER NOT NULL,
  episode INTEGER NOT NULL, step TEXT NOT NULL, state_from TEXT NOT NULL, state_to TEXT NOT NULL,
  level INTEGER NOT NULL, peak INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, figures TEXT NOT NULL,
  entry INTEGER, time INTEGER NOT NULL, at INTEGER NOT NULL,
  UNIQUE (alarm, revision)
) STRICT;
CREATE TRIGGER transitions_stay BEFORE UPDATE ON transitions BEGIN SELECT RAISE(ABORT, 'transitions are append-only'); END;
CREATE TRIGGER transitions_kept BEFORE DELETE ON transitions BEGIN SELECT RAISE(ABORT, 'transitions are append-only'); END;
CREATE TABLE rule_states (
  site TEXT NOT NULL, rule TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (site, rule)
) WITHOUT ROWID, STRICT;
CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, alarm INTEGER NOT NULL REFERENCES alarms (id),
  revision INTEGER NOT NULL, renewal INTEGER NOT NULL, step TEXT NOT NULL, level INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  channel TEXT NOT NULL, recipient TEXT NOT NULL, language TEXT NOT NULL, unless_acked INTEGER NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL, lease TEXT, lease_until_wall INTEGER, retry_wall INTEGER,
  provider_id TEXT, error TEXT, created INTEGER NOT NULL, created_wall INTEGER NOT NULL, due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_waiting ON notices (state, channel, priority, id);
CREATE INDEX notices_alarm ON notices (alarm, revision);
CREATE TABLE receipts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, notice INTEGER NOT NULL REFERENCES notices (id), state TEXT NOT NULL,
  provider_id TEXT, detail TEXT, at INTEGER NOT NULL, wall INTEGER NOT NULL
) STRICT;
CREATE INDEX receipts_notice ON receipts (notice);
${SIREN_ACTS}`;

/** Format 1 did not renew a standing closure: in format 2 each that stands is due at once. */
function addRenewals(db: Database.Database): void {
  db.exec(`
    ALTER TABLE alarms ADD COLUMN renew_at INTEGER;
    UPDATE alarms SET renew_at = changed_at WHERE level >= 3 AND state IN ('UNACK', 'ACKED');
    ALTER TABLE notices ADD COLUMN renewal INTEGER NOT NULL DEFAULT 0;
    DROP INDEX IF EXISTS notices_waiting;
    CREATE INDEX notices_waiting ON notices (state, channel, priority, id);`);
}

/** Format 2 wrote the moment at which a notice was made where format 3 says that it is due at once. */
function markAtOnce(db: Database.Database): void {
  db.exec(`UPDATE notices SET due_at = ${AT_ONCE} WHERE due_at <= created`);
}

/** Format 3 knew no sirens. */
function addSirens(db: Database.Database): void {
  db.exec(SIREN_ACTS);
}

/** What SQLite cannot see: an alarm that does not stand where its history ends. */
function check(db: Database.Database): string[] {
  const found = (db.pragma("integrity_check(20)") as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((word) => word !== "ok");
  if (found.length > 0) return found;
  for (const key of ["epoch", "fence"]) if (getMeta(db, key) === null) found.push(`its ${key} is gone`);
  for (const { site, kind } of alarmsAstray(db)) found.push(`alarm ${kind} of ${site} is not where its history ends`);
  return found;
}

/** Alarms whose row and last transition say different things. */
export function alarmsAstray(db: Database.Database): { id: number; site: string; kind: string }[] {
  return db
    .prepare(
      `SELECT a.id, a.site, a.kind FROM alarms a
         LEFT JOIN transitions t ON t.alarm = a.id AND t.revision = a.revision
       WHERE a.revision > 0 AND (t.id IS NULL OR t.state_to <> a.state OR t.level <> a.level OR t.episode <> a.episode)
          OR a.revision = 0 AND a.state <> 'NORM'`,
    )
    .all() as { id: number; site: string; kind: string }[];
}

/** The register's file. A change of its tables takes the next number, and a migration from the one before. */
export const REGISTER: StoreKind = {
  name: "register",
  fileName: "register.sqlite",
  code: "REGISTER",
  format: 4,
  // What is written over is gone: an address that was taken out (aryk person forget) must not lie on in unused bytes.
  pragmas: ["foreign_keys = ON", "secure_delete = ON"],
  create(db) {
    db.exec(SCHEMA);
    setMeta(db, "epoch", randomBytes(4).toString("hex"));
    setMeta(db, "fence", "0");
  },
  migrations: { 1: addRenewals, 2: markAtOnce, 3: addSirens },
  check,
  remedy:
    "Start the hub again: it sets a damaged register aside, takes over what can be read, and latches every closure that" +
    " it cannot be sure of. Or restore a backup (aryk restore).",
};

/** Opens the register's file, making it if it is not there. Throws SetupError as {@link openStore}. */
export function openTables(file: string): Database.Database {
  return openStore(file, REGISTER);
}

/** A value of the table `meta`; null if it was never set. */
export function getMeta(db: Database.Database, key: string): string | null {
  const row = db.prepare("SELECT value FROM meta WHERE key = ?").get(key) as { value: string } | undefined;
  return row === undefined ? null : row.value;
}

export function setMeta(db: Database.Database, key: string, value: string): void {
  db.prepare("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value").run(
    key,
    value,
  );
}
