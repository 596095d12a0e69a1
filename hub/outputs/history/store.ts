/** The history's file: its tables, and the statements on them. Nothing else knows SQL. */
import type Database from "better-sqlite3";
import type { Cursor } from "../../model.js";
import { openStore as openFile, type StoreKind } from "../../store/file.js";

/**
 * - hot:   packs of hours not yet sealed, in order of time: a batch is written to few pages
 * - late:  packs of hours already sealed, in order of site: they wait to be merged into their chunks
 * - chunk: sealed hours, one row per hour and series, in order of time: sealing appends, retention cuts off the front
 * - newest: the newest sealed hour of each series, where its newest reading is found at the start
 */
const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE site (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE property (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE hot (time INTEGER, site INTEGER, seq INTEGER, body TEXT NOT NULL, PRIMARY KEY (time, site, seq)) WITHOUT ROWID;
  CREATE TABLE late (site INTEGER, time INTEGER, seq INTEGER, body TEXT NOT NULL, PRIMARY KEY (site, time, seq)) WITHOUT ROWID;
  CREATE TABLE chunk (hour INTEGER, site INTEGER, property INTEGER, data BLOB NOT NULL, PRIMARY KEY (hour, site, property)) WITHOUT ROWID;
  CREATE TABLE newest (site INTEGER, property INTEGER, hour INTEGER, PRIMARY KEY (site, property)) WITHOUT ROWID;
`;

/** A pack's readings as a row keeps them. `body` is JSON: [[property id, value, flag, calibration, …why], …]. */
export interface Row {
  time: number;
  site: number;
  seq: number;
  body: string;
}

export interface ChunkRow {
  hour: number;
  site: number;
  property: number;
  data: Buffer;
}

/** What can be looked at in little time: everything but the chunks, which are checked when they are read. */
function check(db: Database.Database): string[] {
  return ["meta", "site", "property", "newest", "hot", "late"]
    .flatMap((table) => db.pragma(`integrity_check(${table})`) as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((word) => word !== "ok");
}

/** The history's file. A change of its tables takes the next number, and a migration from the one before. */
export const HISTORY: StoreKind = {
  name: "history",
  fileName: "history.sqlite",
  code: "HISTORY",
  format: 1,
  create: (db) => void db.exec(SCHEMA),
  migrations: {},
  check,
  remedy: "Move the file aside: the history starts anew from what the journal keeps.",
};

export type Store = ReturnType<typeof openStore>;

/** Opens or creates the file. Throws SetupError `HISTORY_NEWER`, `_OLDER`, `_CORRUPT`, `_NOT_WRITABLE`. */
export function openStore(file: string) {
  const db = openFile(file, HISTORY);
  const sql = <Result, Parameters extends unknown[] = unknown[]>(text: string) => db.prepare<Parameters, Result>(text);
  const putMeta = sql("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
  const getMeta = sql<{ value: string }>("SELECT value FROM meta WHERE key = ?");
  const meta = (key: string): string | undefined => getMeta.get(key)?.value;

  function numbering(table: "site" | "property") {
    const numbers = new Map<string, number>();
    const names = new Map<number, string>();
    const know = (id: number, name: string): number => {
      numbers.set(name, id);
      names.set(id, name);
      return id;
    };
    for (const { id, name } of sql<{ id: number; name: string }>(`SELECT id, name FROM ${table}`).all()) know(id, name);
    const insert = sql(`INSERT INTO ${table} (name) VALUES (?)`);
    return {
      known: (name: string): number | undefined => numbers.get(name),
      name: (id: number): string => names.get(id) ?? "",
      /** Number of a name, a new one if need be. Inside a transaction: call {@link reload} if it is rolled back. */
      number: (name: string): number => numbers.get(name) ?? know(Number(insert.run(name).lastInsertRowid), name),
      reload(): void {
        numbers.clear();
        names.clear();
        const rows = sql<{ id: number; name: string }>(`SELECT id, name FROM ${table}`).all();
        for (const { id, name } of rows) know(id, name);
      },
    };
  }

  const hotSpan = sql<{ first: number | null; last: number | null }>(
    "SELECT (SELECT time FROM hot ORDER BY time LIMIT 1) AS first, (SELECT time FROM hot ORDER BY time DESC LIMIT 1) AS last",
  );
  const chunkSpan = sql<{ first: number | null; last: number | null }>(
    "SELECT (SELECT hour FROM chunk ORDER BY hour LIMIT 1) AS first, (SELECT hour FROM chunk ORDER BY hour DESC LIMIT 1) AS last",
  );
  const getChunk = sql<{ data: Buffer }>("SELECT data FROM chunk WHERE hour = ? AND site = ? AND property = ?");
  const putHot = sql("INSERT OR IGNORE INTO hot VALUES (?, ?, ?, ?)");
  const putLate = sql("INSERT OR IGNORE INTO late VALUES (?, ?, ?, ?)");
  const putChunk = sql(
    "INSERT INTO chunk VALUES (?, ?, ?, ?) ON CONFLICT (hour, site, property) DO UPDATE SET data = excluded.data",
  );
  const hotAfter = sql<Row>(
    "SELECT time, site, seq, body FROM hot WHERE (time, site, seq) > (?, ?, ?) AND time < ? ORDER BY time, site, seq LIMIT ?",
  );
  const hotBefore = sql<Row>(
    "SELECT time, site, seq, body FROM hot WHERE (time, site, seq) < (?, ?, ?) ORDER BY time DESC, site DESC, seq DESC LIMIT ?",
  );
  const hotOf = sql<Row>("SELECT time, site, seq, body FROM hot WHERE time >= ? AND time < ? AND site = ?");
  const lateOf = sql<Row>("SELECT time, site, seq, body FROM late WHERE site = ? AND time >= ? AND time < ?");
  const lateFirst = sql<{ site: number; time: number }>("SELECT site, time FROM late ORDER BY site, time LIMIT 1");
  const lateAll = sql<Row>("SELECT time, site, seq, body FROM late");
  const dropHot = sql("DELETE FROM hot WHERE time >= ? AND time < ?");
  const dropLate = sql("DELETE FROM late WHERE site = ? AND time >= ? AND time < ?");
  const dropChunks = sql(
    "DELETE FROM chunk WHERE (hour, site, property) IN (SELECT hour, site, property FROM chunk WHERE hour < ? LIMIT ?)",
  );
  const putNewest = sql(
    "INSERT INTO newest VALUES (?, ?, ?) ON CONFLICT (site, property) DO UPDATE SET hour = max(hour, excluded.hour)",
  );
  const newest = sql<{ site: number; property: number; hour: number }>("SELECT site, property, hour FROM newest");
  const counted = sql<{ hot: number; late: number; chunks: number; bytes: number }>(
    "SELECT (SELECT count(*) FROM hot) AS hot, (SELECT count(*) FROM late) AS late, (SELECT count(*) FROM chunk) AS chunks, " +
      "(SELECT total(length(data)) FROM chunk) AS bytes",
  );

  return {
    sites: numbering("site"),
    properties: numbering("property"),
    /** Runs `work` as one transaction, on disk when it returns. */
    commit: <Result>(work: () => Result): Result => db.transaction(work)(),
    cursor: (): Cursor => JSON.parse(meta("cursor") ?? '{"epoch":"","id":0}') as Cursor,
    setCursor: (cursor: Cursor): void => void putMeta.run("cursor", JSON.stringify(cursor)),
    /** Hours up to this one (since 1970) are sealed or being sealed: new packs of theirs are late. */
    sealedHour: (): number => Number(meta("sealedHour") ?? -1),
    setSealedHour: (hour: number): void => void putMeta.run("sealedHour", String(hour)),
    putHot: (row: Row): void => void putHot.run(row.time, row.site, row.seq, row.body),
    putLate: (row: Row): void => void putLate.run(row.site, row.time, row.seq, row.body),
    hotSpan: () => hotSpan.get() as { first: number | null; last: number | null },
    /** Rows before `end`, in order, after the given one. */
    hotAfter: (time: number, site: number, seq: number, end: number, limit: number): Row[] =>
      hotAfter.all(time, site, seq, end, limit),
    /** Newest first. */
    hotBefore: (time: number, site: number, seq: number, limit: number): Row[] => hotBefore.all(time, site, seq, limit),
    hotOf: (site: number, from: number, to: number): Row[] => hotOf.all(from, to, site),
    dropHot: (from: number, to: number): void => void dropHot.run(from, to),
    lateFirst: () => lateFirst.get(),
    lateOf: (site: number, from: number, to: number): Row[] => lateOf.all(site, from, to),
    lateAll: () => lateAll.iterate(),
    dropLate: (site: number, from: number, to: number): void => void dropLate.run(site, from, to),
    chunkSpan: () => chunkSpan.get() as { first: number | null; last: number | null },
    chunk: (hour: number, site: number, property: number): Buffer | undefined =>
      getChunk.get(hour, site, property)?.data,
    /** For each series the newest hour that was ever sealed, of those with a reading that may be its newest. */
    newest: () => newest.all(),
    /** `live`: it holds a reading that may be the newest of its series. */
    putChunk(row: ChunkRow, live: boolean): void {
      putChunk.run(row.hour, row.site, row.property, row.data);
      if (live) putNewest.run(row.site, row.property, row.hour);
    },
    /** Drops at most `limit` chunks of hours before `hour`; the number dropped. */
    dropChunks: (hour: number, limit: number): number => dropChunks.run(hour, limit).changes,
    counts: () => counted.get() as { hot: number; late: number; chunks: number; bytes: number },
    close: (): void => void db.close(),
  };
}
