/**
 * What the hub does when a file turns out to be damaged while it is open: one way for all of its files. Whatever meets
 * the damage, a mark is left beside the file, so that the next start mends it; marks.ts tells who must know.
 */
import Database from "better-sqlite3";
import { writeFileSync } from "node:fs";

const code = (error: unknown): string => (error instanceof Database.SqliteError ? error.code : "");

/** True for an error by which SQLite says that the file's bytes make no sense. */
export function saysDamaged(error: unknown): boolean {
  return code(error) === "SQLITE_NOTADB" || code(error).startsWith("SQLITE_CORRUPT");
}

/** Name of the mark beside a file that is to be mended at the next start. */
export function markOf(file: string): string {
  return `${file}.damaged`;
}

/** Leaves the mark beside `file`: it is set aside at the next start. */
export function leaveMark(file: string, because: string): void {
  try {
    writeFileSync(markOf(file), `${because}\n`, { mode: 0o600 });
  } catch {
    // On a disk that is full as well, the checks of the next start have to find it.
  }
}

/** If `error` says that the file is damaged: leaves the mark, and returns true. */
export function markDamaged(file: string, error: unknown): boolean {
  if (!saysDamaged(error)) return false;
  leaveMark(file, (error as Error).message);
  return true;
}

/**
 * From now on an error by which SQLite finds `file` damaged marks it, whoever asked, and is thrown on. It stands around
 * each statement of the connection, not in each method that uses one: there it would be forgotten. (Measured: 10 ns a call.)
 * It stands around each transaction too: BEGIN and COMMIT are statements that the driver keeps to itself.
 */
export function watchFile(db: Database.Database, file: string): void {
  /** What the work of a transaction threw: it passed the watch of its own statement, and may speak of another file. */
  const passed = new WeakSet<Error>();
  const watched =
    <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      try {
        return work(...args);
      } catch (error) {
        if (!passed.has(error as Error)) markDamaged(file, error);
        throw error;
      }
    };
  function* eachWatched(rows: Iterator<unknown>): IterableIterator<unknown> {
    try {
      for (let next = watched(() => rows.next())(); next.done !== true; next = watched(() => rows.next())())
        yield next.value;
    } finally {
      rows.return?.();
    }
  }
  const prepare = watched(db.prepare.bind(db));
  db.prepare = ((sql: string) => {
    const statement = prepare(sql);
    // A statement that gives no rows has no `all`, but the function that says so.
    statement.run = watched(statement.run.bind(statement));
    statement.get = watched(statement.get.bind(statement));
    statement.all = watched(statement.all.bind(statement));
    const iterate = watched(statement.iterate.bind(statement));
    statement.iterate = (...args: unknown[]) => eachWatched(iterate(...args));
    return statement;
  }) as typeof db.prepare;
  const transaction = db.transaction.bind(db);
  db.transaction = ((work: (...args: unknown[]) => unknown) => {
    const own = transaction((...args: unknown[]) => {
      try {
        return work(...args);
      } catch (error) {
        if (error instanceof Error) passed.add(error);
        throw error;
      }
    });
    return Object.assign(watched(own), {
      default: watched(own),
      deferred: watched(own.deferred),
      immediate: watched(own.immediate),
      exclusive: watched(own.exclusive),
    });
  }) as typeof db.transaction;
  db.exec = watched(db.exec.bind(db));
  db.pragma = watched(db.pragma.bind(db));
}
