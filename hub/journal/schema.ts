/**
 * The journal's file: its tables, how it is opened, and the lock that keeps a second hub out.
 */
import Database from "better-sqlite3";
import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { SetupError } from "../errors.js";
import { openStore, type StoreKind } from "../store/file.js";

/** A line is found by its end, which is of its seal: an index of whole lines would be as large as the letters. */
const LETTER_INDICES = `
CREATE INDEX letters_line ON letters (board, substr(line, -16));
CREATE INDEX letters_entry ON letters (entry, consumer) WHERE entry IS NOT NULL;`;

/**
 * - groups    one row per group commit; `keys` is the ledger's index of the row (see ledger/chain.ts), before `data` so that
 *             it can be read without the readings; `crc` is that of `data` (none in rows that format 1 wrote)
 * - tally     one row: the last id given out (ids outlive the rows, so none is ever used twice) and lifetime counts;
 *             `bytes` is what the groups kept take
 * - streams   one row per start of a board (board, epoch, boot), kept for ever, with the hub time at its uptime 0; where
 *             `hello_uptime` is NULL no hello told it, and `anchor` is the latest that it can have been
 * - received  ranges of numbers received, kept for ever; `last_id` is the stream's newest entry when the row was written,
 *             `depth` how many of its entries have come since its newest run; `sum` is {@link rangeSum}
 * - dropped   ranges that the board itself reported as lost
 * - runs      for every 64th entry of a stream: where it is, and which numbers the entries behind it carry
 * - cursors   where each consumer stands; `mirror` is the same number below zero
 * - letters   what could not be used; `entry` is the entry that it was, or the first of an altered group
 *
 * SQLite does not notice when the disk gives back a page with a few bits turned. `crc`, `sum` and `mirror` are there so
 * that the hub does: a range that reads greater than it was would have readings acknowledged that were never stored.
 */
const TABLES = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (one INTEGER PRIMARY KEY CHECK (one = 1), last_id INTEGER NOT NULL, packs INTEGER NOT NULL,
  events INTEGER NOT NULL, letters INTEGER NOT NULL, bytes INTEGER NOT NULL);
CREATE TABLE groups (first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL, newest INTEGER NOT NULL,
  bytes INTEGER NOT NULL, keys BLOB NOT NULL, data TEXT NOT NULL, crc INTEGER);
CREATE TABLE streams (id INTEGER PRIMARY KEY, board TEXT NOT NULL, epoch TEXT NOT NULL, boot INTEGER NOT NULL,
  anchor INTEGER, hello_uptime INTEGER, UNIQUE (board, epoch, boot));
CREATE TABLE received (stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, last_id INTEGER NOT NULL,
  depth INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY (stream, first)) WITHOUT ROWID;
CREATE TABLE dropped (stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (stream, first)) WITHOUT ROWID;
CREATE TABLE runs (last_id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, least INTEGER NOT NULL, most INTEGER NOT NULL);
CREATE INDEX runs_stream ON runs (stream);
CREATE TABLE cursors (consumer TEXT PRIMARY KEY, id INTEGER NOT NULL, mirror INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE letters (id INTEGER PRIMARY KEY AUTOINCREMENT, received INTEGER NOT NULL, board TEXT, line TEXT NOT NULL,
  reason TEXT NOT NULL, detail TEXT, consumer TEXT, entry INTEGER);
CREATE INDEX letters_board ON letters (board);
${LETTER_INDICES}
INSERT INTO tally VALUES (1, 0, 0, 0, 0, 0);
`;

/** Check sum of a row of `received`: 32 bits in which every bit of the row has its part (after FNV-1a). */
export function rangeSum(stream: number, first: number, last: number, lastId: number, depth: number): number {
  let sum = 0x811c9dc5;
  for (const n of [stream, first, last, lastId, Math.floor(lastId / 2 ** 32), depth]) {
    sum = Math.imul(sum ^ (n & 0xffff), 0x01000193);
    sum = Math.imul(sum ^ ((n >>> 16) & 0xffff), 0x01000193);
  }
  return sum >>> 0;
}

/** Check sum of a group's `data`. */
export function dataCrc(data: string): number {
  return crc32(data);
}

/** Format 1 had no check sums. The groups get none: a journal of a month would take minutes to write anew. */
function addSums(db: Database.Database): void {
  db.function("range_sum", { deterministic: true }, (stream, first, last, id, depth) =>
    rangeSum(Number(stream), Number(first), Number(last), Number(id), Number(depth)),
  );
  db.exec(`
    ALTER TABLE groups ADD COLUMN crc INTEGER;
    ALTER TABLE received ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
    UPDATE received SET sum = range_sum(stream, first, last, last_id, depth);
    ALTER TABLE cursors ADD COLUMN mirror INTEGER NOT NULL DEFAULT 0;
    UPDATE cursors SET mirror = -id;`);
}

/** Is this the data that was written? */
export function isWhole(data: string, crc: number | null): boolean {
  return crc === null || dataCrc(data) === crc;
}

/**
 * What of the journal can be looked at in little time, however many readings it holds: everything but the groups, and of
 * those the newest. The others are checked by their `crc` when they are read.
 */
function check(db: Database.Database): string[] {
  const found: string[] = [];
  const ask = (sql: string): Record<string, number>[] => db.prepare(sql).all() as Record<string, number>[];
  for (const table of ["meta", "tally", "streams", "received", "dropped", "cursors"])
    for (const { integrity_check: word } of db.pragma(`integrity_check(${table})`) as { integrity_check: string }[])
      if (word !== "ok") found.push(word);
  if (found.length > 0) return found;
  const rows = db.prepare("SELECT * FROM received").iterate() as IterableIterator<Record<string, number>>;
  for (const { stream, first, last, last_id, depth, sum } of rows)
    if (rangeSum(stream, first, last, last_id, depth) !== sum) found.push(`the ledger of stream ${stream} was altered`);
  for (const { stream } of ask("SELECT DISTINCT stream FROM received WHERE stream NOT IN (SELECT id FROM streams)"))
    found.push(`stream ${stream} of the ledger is gone`);
  const [tally] = ask("SELECT last_id FROM tally");
  if (tally === undefined || ask("SELECT 1 FROM meta WHERE name = 'epoch'").length === 0)
    return [...found, "its first rows are gone"];
  const [newest] = db.prepare("SELECT last_id, data, crc FROM groups ORDER BY first_id DESC LIMIT 1").all() as {
    last_id: number;
    data: string;
    crc: number | null;
  }[];
  const mendedTo = Number(db.prepare("SELECT value FROM meta WHERE name = 'mended-to'").pluck().get() ?? -1);
  if (newest !== undefined && newest.last_id !== tally.last_id && tally.last_id !== mendedTo)
    found.push(`it ends at entry ${newest.last_id}, and should end at ${tally.last_id}`);
  if (newest !== undefined && !isWhole(newest.data, newest.crc)) found.push("the newest entries were altered");
  for (const { id, mirror } of ask("SELECT id, mirror FROM cursors"))
    if (mirror !== -id || id > tally.last_id) found.push(`a consumer's place reads ${id}, and its copy ${-mirror}`);
  return found;
}

/** The journal's file. A change of its tables takes the next number, and a migration from the one before. */
export const JOURNAL: StoreKind = {
  name: "journal",
  fileName: "journal.sqlite",
  code: "JOURNAL",
  format: 4,
  timeoutMs: 1000,
  // Before the first table, or it has no effect: lets trimmed pages go back to the file system in small steps.
  // 16 MiB of log between two checkpoints: each costs a further fsync; reading the log again at a start takes 0.1 s.
  pragmas: ["auto_vacuum = INCREMENTAL", "wal_autocheckpoint = 4000"],
  create(db) {
    db.exec(TABLES);
    db.prepare("INSERT INTO meta VALUES ('epoch', ?)").run(randomBytes(8).toString("hex"));
  },
  // Format 3 writes groups in another form (journal/data.ts); those of before are read as they are.
  migrations: { 1: addSums, 2: () => undefined, 3: (db) => void db.exec(LETTER_INDICES) },
  check,
  remedy:
    "Start the hub again: it sets a damaged journal aside and takes over what can be read. Or restore a backup" +
    " (aryk restore).",
};

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
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY"))
      throw new SetupError(
        "JOURNAL_LOCKED",
        `the journal ${file} is in use by another process`,
        "A hub already runs on this data folder: stop it first, or give this one a folder of its own (dataDir).",
      );
    throw new SetupError(
      "JOURNAL_NOT_WRITABLE",
      `the journal's lock ${path} cannot be taken: ${(error as Error).message}`,
      "Check that the folder exists and belongs to the user who runs the hub; a lock file that is damaged may be deleted.",
      { cause: error },
    );
  }
}

/** Opens (or makes) the journal's database. Throws {@link SetupError} as {@link openStore}. */
export function openJournalFile(file: string): { db: Database.Database; epoch: string } {
  const db = openStore(file, JOURNAL);
  const row = db.prepare("SELECT value FROM meta WHERE name = 'epoch'").get() as { value: string } | undefined;
  if (row !== undefined) return { db, epoch: row.value };
  db.close();
  throw new SetupError("JOURNAL_CORRUPT", `the journal ${file} is damaged: it has no name`, JOURNAL.remedy);
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
