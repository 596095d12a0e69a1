/**
 * The journal's file: its tables, how it is opened, and the lock that keeps a second hub out.
 */
import Database from "better-sqlite3";
import { randomBytes } from "node:crypto";
import { SetupError } from "./errors.js";

/** Written into the file (`PRAGMA user_version`). A newer file than this is not opened. */
export const JOURNAL_FORMAT = 1;

/**
 * - groups    one row per group commit; `keys` is the ledger's index of the row (see ledger-chain.ts), before `data` so that
 *             it can be read without the readings
 * - tally     one row: the last id given out (ids outlive the rows, so none is ever used twice) and lifetime counts;
 *             `bytes` is what the groups kept take
 * - streams   one row per start of a board (board, epoch, boot), kept for ever, with the hub time at its uptime 0
 * - received  ranges of numbers received, kept for ever; `last_id` is the stream's newest entry when the row was written,
 *             `depth` how many of its entries have come since its newest run
 * - dropped   ranges that the board itself reported as lost
 * - runs      for every 64th entry of a stream: where it is, and which numbers the entries behind it carry
 */
const TABLES = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (one INTEGER PRIMARY KEY CHECK (one = 1), last_id INTEGER NOT NULL, packs INTEGER NOT NULL,
  events INTEGER NOT NULL, letters INTEGER NOT NULL, bytes INTEGER NOT NULL);
CREATE TABLE groups (first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL, newest INTEGER NOT NULL,
  bytes INTEGER NOT NULL, keys BLOB NOT NULL, data TEXT NOT NULL);
CREATE TABLE streams (id INTEGER PRIMARY KEY, board TEXT NOT NULL, epoch TEXT NOT NULL, boot INTEGER NOT NULL,
  anchor INTEGER, hello_uptime INTEGER, UNIQUE (board, epoch, boot));
CREATE TABLE received (stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, last_id INTEGER NOT NULL,
  depth INTEGER NOT NULL,
  PRIMARY KEY (stream, first)) WITHOUT ROWID;
CREATE TABLE dropped (stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (stream, first)) WITHOUT ROWID;
CREATE TABLE runs (last_id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, least INTEGER NOT NULL, most INTEGER NOT NULL);
CREATE INDEX runs_stream ON runs (stream);
CREATE TABLE cursors (consumer TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE letters (id INTEGER PRIMARY KEY AUTOINCREMENT, received INTEGER NOT NULL, board TEXT, line TEXT NOT NULL,
  reason TEXT NOT NULL, detail TEXT, consumer TEXT, entry INTEGER);
CREATE INDEX letters_board ON letters (board);
INSERT INTO tally VALUES (1, 0, 0, 0, 0, 0);
`;

function code(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : "";
}

function explained(file: string, error: unknown): unknown {
  const what = code(error);
  if (what === "SQLITE_NOTADB" || what.startsWith("SQLITE_CORRUPT"))
    return new SetupError(
      "JOURNAL_CORRUPT",
      `the journal ${file} is damaged: ${(error as Error).message}`,
      "Move the file and its -wal and -shm neighbours aside (do not delete them) and start the hub again, or restore a backup.",
      { cause: error },
    );
  if (what === "SQLITE_CANTOPEN" || what === "SQLITE_READONLY" || error instanceof TypeError)
    return new SetupError(
      "JOURNAL_NOT_WRITABLE",
      `the journal ${file} cannot be opened for writing: ${(error as Error).message}`,
      "Check that the folder exists and belongs to the user who runs the hub.",
      { cause: error },
    );
  return error;
}

/**
 * Takes the lock beside a store: a tiny SQLite file held in an exclusive transaction. The operating system lets go of
 * it when the process ends, however it ends. Throws {@link SetupError} `JOURNAL_LOCKED` if another process has it.
 */
export function takeLock(file: string): Database.Database {
  const path = file + ".lock";
  let lock: Database.Database | undefined;
  try {
    lock = new Database(path, { timeout: 0 });
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if (!code(error).startsWith("SQLITE_BUSY")) throw explained(path, error);
    throw new SetupError(
      "JOURNAL_LOCKED",
      `the journal ${file} is in use by another process`,
      "A hub already runs on this data folder: stop it first, or give this one a folder of its own (dataDir).",
    );
  }
}

/** Opens (or makes) the journal's database. Throws {@link SetupError} with what is wrong and what can be done. */
export function openJournalFile(file: string): { db: Database.Database; epoch: string } {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 1000 });
    // Before the first table, or it has no effect: lets trimmed pages go back to the file system in small steps.
    db.pragma("auto_vacuum = INCREMENTAL");
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    // 16 MiB of log between two checkpoints: each costs a further fsync; reading the log again at a start takes 0.1 s.
    db.pragma("wal_autocheckpoint = 4000");
    const format = db.pragma("user_version", { simple: true }) as number;
    if (format > JOURNAL_FORMAT)
      throw new SetupError(
        "JOURNAL_NEWER",
        `the journal ${file} has format ${format}, this hub knows formats up to ${JOURNAL_FORMAT}`,
        "Start the newer hub again, or restore a backup made with this version.",
      );
    if (format === 0) create(db);
    const row = db.prepare("SELECT value FROM meta WHERE name = 'epoch'").get() as { value: string };
    return { db, epoch: row.value };
  } catch (error) {
    db?.close();
    throw explained(file, error);
  }
}

function create(db: Database.Database): void {
  db.transaction(() => {
    db.exec(TABLES);
    db.prepare("INSERT INTO meta VALUES ('epoch', ?)").run(randomBytes(8).toString("hex"));
    db.pragma(`user_version = ${JOURNAL_FORMAT}`);
  })();
}

export interface JournalCounts {
  /** Of what is kept. */
  entries: number;
  oldestId: number;
  deadLettersKept: number;
  /** Room taken in the file, free pages left out. */
  bytes: number;
  /** Calls whose commit is still to come. */
  waiting: number;
  /** From the beginning, whatever has left since. */
  packs: number;
  events: number;
  deadLetters: number;
}

/** Bytes of the file that are in use. */
export function usedBytes(db: Database.Database): number {
  const value = (name: string): number => db.pragma(name, { simple: true }) as number;
  return (value("page_count") - value("freelist_count")) * value("page_size");
}
