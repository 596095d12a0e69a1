/** The register's tables, and how its file is opened. */
import { randomBytes } from "node:crypto";
import Database from "better-sqlite3";
import { SetupError } from "../errors.js";

/** Grows with every change of the tables; an older file is refused, not guessed at. */
const SCHEMA_VERSION = 2;

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
`;

/**
 * Opens the register's file, making it if it is not there.
 * @throws SetupError REGISTER_OPEN, REGISTER_VERSION
 */
export function openTables(file: string): Database.Database {
  let db: Database.Database;
  try {
    db = new Database(file);
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma("foreign_keys = ON");
  } catch (error) {
    const remedy = "Check that the folder exists and may be written, and that no other hub has the file open.";
    throw new SetupError("REGISTER_OPEN", `cannot open the register ${file}: ${String(error)}`, remedy, {
      cause: error,
    });
  }
  const version = db.pragma("user_version", { simple: true }) as number;
  if (version === 0)
    db.transaction(() => {
      db.exec(SCHEMA);
      setMeta(db, "epoch", randomBytes(4).toString("hex"));
      setMeta(db, "fence", "0");
      db.pragma(`user_version = ${SCHEMA_VERSION}`);
    }).immediate();
  else if (version !== SCHEMA_VERSION) {
    db.close();
    const what = `the register ${file} has version ${version}, this hub writes version ${SCHEMA_VERSION}`;
    throw new SetupError("REGISTER_VERSION", what, "Start the hub that wrote it, or move the file away.");
  }
  return db;
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
