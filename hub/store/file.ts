/**
 * How the hub's SQLite files are opened: one way for all. A file carries the number of its format (`user_version`). An
 * older one is brought up to date in one transaction, after a copy of it was put beside it; a newer one is refused.
 */
import Database from "better-sqlite3";
import { chmodSync, closeSync, existsSync, openSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { SetupError } from "../errors.js";
import { saysDamaged, watchFile } from "./damage.js";

/** What one of the hub's files is. */
export interface StoreKind {
  /** For people: `journal`. */
  name: string;
  /** The file's name in the data folder. */
  fileName: string;
  /** Beginning of its error codes: `JOURNAL` → `JOURNAL_CORRUPT`, `_NEWER`, `_OLDER`, `_NO_ROOM`, `_NOT_WRITABLE`. */
  code: string;
  /** The format that this hub writes, from 1. */
  format: number;
  /** How long to wait for another process that writes, in ms; 5,000 if not given. */
  timeoutMs?: number;
  /** Set on every connection, before anything else. */
  pragmas?: string[];
  /** Makes the tables of an empty file, in their newest format. */
  create(db: Database.Database): void;
  /** By the number of a former format: what turns it into the next one. Runs in a transaction; must not be asynchronous. */
  migrations: Record<number, (db: Database.Database) => void>;
  /** Looks for what is wrong and SQLite cannot see; quick, for it runs at every start. Sentences for people. */
  check?(db: Database.Database): string[];
  /** What a person does about a file that is damaged. */
  remedy: string;
}

/** The error for a file whose contents make no sense. */
export function damaged(file: string, kind: StoreKind, what: string, cause?: unknown): SetupError {
  return new SetupError(`${kind.code}_CORRUPT`, `the ${kind.name} ${file} is damaged: ${what}`, kind.remedy, { cause });
}

/**
 * Opens the file, or makes it; only its owner may read it. Throws SetupError `<CODE>_NEWER`, `_OLDER` (a format of which
 * nothing is known), `_NO_ROOM` (for the copy before a migration), `_CORRUPT`, `_NOT_WRITABLE`.
 */
export function openStore(file: string, kind: StoreKind): Database.Database {
  let db: Database.Database | undefined;
  try {
    // Made with these rights before SQLite opens it: its side files then get the same.
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
    db = new Database(file, { timeout: kind.timeoutMs ?? 5000 });
    watchFile(db, file);
    for (const pragma of kind.pragmas ?? []) db.pragma(pragma);
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    // Room that a long backup made the log take is given back at the next checkpoint.
    db.pragma("journal_size_limit = 33554432");
    bringUp(db, file, kind);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof SetupError) throw error;
    if (saysDamaged(error)) throw damaged(file, kind, (error as Error).message, error);
    throw new SetupError(
      `${kind.code}_NOT_WRITABLE`,
      `the ${kind.name} ${file} cannot be opened: ${(error as Error).message}`,
      "Check that the folder exists, has room, and belongs to the user who runs the hub.",
      { cause: error },
    );
  }
}

/** Number of a file's format; null for a file without tables. */
export function formatOf(db: Database.Database): number | null {
  const format = db.pragma("user_version", { simple: true }) as number;
  if (format > 0) return format;
  return db.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() === 0 ? null : 0;
}

/** Throws SetupError `<CODE>_NEWER` or `_OLDER` for a format that this hub can do nothing with. */
export function checkFormat(format: number, file: string, kind: StoreKind): void {
  if (format > kind.format)
    throw new SetupError(
      `${kind.code}_NEWER`,
      `the ${kind.name} ${file} has format ${format}, this hub knows formats up to ${kind.format}`,
      "Start the newer hub again, or restore a backup made with this version.",
    );
  for (let step = format; step < kind.format; step++)
    if (kind.migrations[step] === undefined)
      throw new SetupError(
        `${kind.code}_OLDER`,
        `the ${kind.name} ${file} has format ${format}, which this hub cannot bring to ${kind.format}`,
        "Start a hub of a version in between first, or move the file aside.",
      );
}

function bringUp(db: Database.Database, file: string, kind: StoreKind): void {
  const found = formatOf(db);
  if (found === kind.format) return;
  if (found !== null) {
    checkFormat(found, file, kind);
    copyAside(db, file, found, kind);
  }
  db.transaction(() => {
    // Another process may have been faster.
    const format = formatOf(db);
    if (format === null) kind.create(db);
    else for (let step = format; step < kind.format; step++) kind.migrations[step](db);
    db.pragma(`user_version = ${kind.format}`);
  }).immediate();
}

/** `<file>.format-<n>`, or with a further number if that is there: a copy is never written over. */
function freeName(file: string, format: number): string {
  for (let n = 1; ; n++) {
    const name = `${file}.format-${format}${n === 1 ? "" : `-${n}`}`;
    if (!existsSync(name)) return name;
  }
}

function copyAside(db: Database.Database, file: string, format: number, kind: StoreKind): void {
  const need = statSync(file).size * 1.1 + 4096 * 1024;
  const { bavail, bsize } = statfsSync(dirname(file));
  if (bavail * bsize < need)
    throw new SetupError(
      `${kind.code}_NO_ROOM`,
      `there is no room for the copy of ${file} that is made before its format is changed`,
      `Make ${Math.ceil(need / 1e6)} MB of room on that disk and start again.`,
    );
  const copy = freeName(file, format);
  closeSync(openSync(copy, "a", 0o600));
  db.prepare("VACUUM INTO ?").run(copy);
}
