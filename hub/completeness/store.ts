/** The completeness file: when the numbers that arrived were measured, hour by hour. Nothing else knows its SQL. */
import Database from "better-sqlite3";
import { SetupError } from "../errors.js";
import type { Cursor, TimeFrom, UnixMs } from "../model.js";

/** Its name in the data folder. */
export const COMPLETENESS_FILE = "completeness.sqlite";
const VERSION = 1;

/**
 * - hours  one row for each hour (of the time used) in which a start of a board measured at a site: how many packs
 *          arrived, the least and the greatest number among them with their times; `rev` is the write that changed it
 * - told   per board and hour of arrival, what is in no entry of the journal: duplicates, refusals, dead letters
 * - boards what the last hello said is waiting on the board, and how many of those lines have come since
 */
const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE starts (id INTEGER PRIMARY KEY, board TEXT NOT NULL, epoch TEXT NOT NULL, boot INTEGER NOT NULL,
  UNIQUE (board, epoch, boot));
CREATE TABLE sites (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE hours (start INTEGER NOT NULL, hour INTEGER NOT NULL, site INTEGER NOT NULL, packs INTEGER NOT NULL,
  first INTEGER NOT NULL, first_at INTEGER NOT NULL, last INTEGER NOT NULL, last_at INTEGER NOT NULL,
  late INTEGER NOT NULL, node INTEGER NOT NULL, anchor INTEGER NOT NULL, received INTEGER NOT NULL,
  clock INTEGER NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY (start, hour, site)) WITHOUT ROWID;
CREATE INDEX hours_rev ON hours (rev);
CREATE INDEX hours_hour ON hours (hour);
CREATE TABLE told (hour INTEGER NOT NULL, board TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (hour, board, kind, name)) WITHOUT ROWID;
CREATE TABLE boards (board TEXT PRIMARY KEY, waiting INTEGER NOT NULL, at INTEGER NOT NULL, epoch TEXT NOT NULL,
  boot INTEGER NOT NULL, uptime INTEGER NOT NULL, come INTEGER NOT NULL) WITHOUT ROWID;
`;

/** Packs of one hour, as the file adds them up. */
export interface HourPart {
  packs: number;
  first: number;
  firstAt: UnixMs;
  last: number;
  lastAt: UnixMs;
  /** Arrived more than {@link LATE_MS} after they were measured. */
  late: number;
  /** How often the time used was found in each way. */
  from: Record<TimeFrom, number>;
  /** Packs whose time carries a doubt (see reading-time.ts). */
  clock: number;
}

/** A pack that arrives this long after it was measured is late, in milliseconds: then it is no live evidence either. */
export const LATE_MS = 600_000;
export const HOUR_MS = 3_600_000;

export type ToldKind = "duplicate" | "refused" | "dead";
export interface Told {
  hour: number;
  /** Empty where no registered board can be named. */
  board: string;
  kind: ToldKind;
  /** Fault or reason; empty for duplicates. */
  name: string;
  n: number;
}

/** What the last hello said is waiting on the board. */
export interface Waiting {
  board: string;
  waiting: number;
  at: UnixMs;
  epoch: string;
  boot: number;
  uptime: number;
  /** Lines from before that hello which have come since. */
  come: number;
}

/** One row of `hours` with its names; hour is counted from 1970. */
export interface HourRow extends HourPart {
  board: string;
  epoch: string;
  boot: number;
  hour: number;
  site: string | null;
  rev: number;
}

type Stored = {
  [
    K in "packs" | "first" | "first_at" | "last" | "last_at" | "late" | "node" | "anchor" | "received" | "clock"
  ]: number;
} & { board: string; epoch: string; boot: number; hour: number; site: string; rev: number };

const PUT = `INSERT INTO hours VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (start, hour, site) DO UPDATE SET packs = packs + excluded.packs,
  first_at = CASE WHEN excluded.first < first THEN excluded.first_at ELSE first_at END, first = min(first, excluded.first),
  last_at = CASE WHEN excluded.last > last THEN excluded.last_at ELSE last_at END, last = max(last, excluded.last),
  late = late + excluded.late, node = node + excluded.node, anchor = anchor + excluded.anchor,
  received = received + excluded.received, clock = clock + excluded.clock, rev = excluded.rev`;
const ROWS = `SELECT s.board, s.epoch, s.boot, h.hour, t.name AS site, h.packs, h.first, h.first_at, h.last, h.last_at,
  h.late, h.node, h.anchor, h.received, h.clock, h.rev FROM hours h JOIN starts s ON s.id = h.start
  JOIN sites t ON t.id = h.site`;

function rowOf(r: Stored): HourRow {
  const { board, epoch, boot, hour, packs, first, last, late, clock, rev } = r;
  const from = { node: r.node, anchor: r.anchor, received: r.received };
  const site = r.site === "" ? null : r.site;
  return {
    ...{ board, epoch, boot, hour, site, packs, first, last, late, clock, rev, from },
    ...{ firstAt: r.first_at, lastAt: r.last_at },
  };
}

/** What can be read from the file, also while a hub writes it. */
export interface Reading {
  /**
   * Rows of a board, start by start in the order of their numbers: those of hours from ≤ hour < to (since 1970), and of
   * each start the nearest one before and after, between which numbers of these hours may be missing.
   */
  rows(board: string, from: number, to: number): HourRow[];
  /** Boards with rows before hour `end` that were written after write `mark.rev` or lie at `mark.hour` or later. */
  touched(mark: { rev: number; hour: number }, end: number): { board: string; first: number; last: number }[];
  lastRev(): number;
  /** Up to where of the journal the file reaches. */
  cursor(): Cursor;
  /** Nothing from before is known: the file was made then, or older hours have left. */
  since(): UnixMs;
  /** Of hours from ≤ hour < to. */
  told(from: number, to: number): Told[];
  waiting(): Waiting[];
  close(): void;
}

function reading(db: Database.Database): Reading {
  const rows = db.prepare<{ board: string; from: number; to: number }, Stored>(
    `${ROWS} WHERE s.board = @board
     AND h.hour >= coalesce((SELECT max(hour) FROM hours WHERE start = s.id AND hour < @from), @from)
     AND h.hour <= coalesce((SELECT min(hour) FROM hours WHERE start = s.id AND hour >= @to), @to)
     ORDER BY s.id, h.first`,
  );
  const told = db.prepare<unknown[], Told>("SELECT hour, board, kind, name, n FROM told WHERE hour >= ? AND hour < ?");
  const waiting = db.prepare<unknown[], Waiting>("SELECT * FROM boards");
  const lastRev = db.prepare<unknown[], number>("SELECT coalesce(max(rev), 0) FROM hours").pluck();
  const meta = db.prepare<unknown[], string>("SELECT value FROM meta WHERE key = ?").pluck();
  const touched = db.prepare<unknown[], { board: string; first: number; last: number }>(
    `SELECT s.board, min(h.hour) AS first, max(h.hour) AS last FROM hours h JOIN starts s ON s.id = h.start
     WHERE (h.rev > ? OR h.hour >= ?) AND h.hour < ? GROUP BY s.board ORDER BY s.board`,
  );
  return {
    rows: (board, from, to) => rows.all({ board, from, to }).map(rowOf),
    touched: (mark, end) => touched.all(mark.rev, mark.hour, end),
    lastRev: () => lastRev.get() as number,
    since: () => Number(meta.get("since") ?? 0),
    cursor: () => JSON.parse(meta.get("cursor") ?? '{"epoch":"","id":0}') as Cursor,
    told: (from, to) => told.all(from, to),
    waiting: () => waiting.all(),
    close: () => void db.close(),
  };
}

/** Opens the file for reading only; null if no hub has made it yet. @throws SetupError `COMPLETENESS_OPEN` */
export function readStore(file: string): Reading | null {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });
    if ((db.pragma("user_version", { simple: true }) as number) === VERSION) return reading(db);
    db.close();
    return null;
  } catch (error) {
    if ((error as { code?: string }).code === "SQLITE_CANTOPEN") return null;
    throw explained(file, error);
  }
}

function explained(file: string, error: unknown): SetupError {
  return new SetupError(
    "COMPLETENESS_OPEN",
    `the completeness file ${file} cannot be opened: ${(error as Error).message}`,
    "Check that the folder can be written and has space; if the file is damaged, move it away: it is made again from " +
      "what the journal keeps.",
    { cause: error },
  );
}

/** What one write adds. Numbers are those that {@link Store.start} and {@link Store.site} gave. */
export interface Addition {
  hours: { start: number; hour: number; site: number; part: HourPart }[];
  told: Told[];
  waiting: Waiting[];
  /** Up to where of the journal, and of its dead letters, the file then reaches. */
  cursor: Cursor;
  letter: number;
}

export type Store = ReturnType<typeof openStore>;

/** Opens or makes the file for writing. @throws SetupError `COMPLETENESS_OPEN` */
export function openStore(file: string) {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 5000 });
    db.pragma("journal_mode = WAL");
    // What is lost in a power cut is read from the journal again: the cursor is in the same transaction.
    db.pragma("synchronous = NORMAL");
    const version = db.pragma("user_version", { simple: true }) as number;
    if (version !== 0 && version !== VERSION)
      throw new Error(`it has version ${version}, this program knows ${VERSION}`);
    if (version === 0) {
      const made = db;
      made.transaction(() => {
        made.exec(SCHEMA);
        made.pragma(`user_version = ${VERSION}`);
      })();
    }
  } catch (error) {
    db?.close();
    throw explained(file, error);
  }
  return writing(db);
}

function writing(db: Database.Database) {
  const starts = new Map<string, number>();
  const sites = new Map<string, number>();
  const meta = db.prepare("SELECT value FROM meta WHERE key = ?").pluck();
  const putMeta = db.prepare("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
  const findStart = db.prepare("SELECT id FROM starts WHERE board = ? AND epoch = ? AND boot = ?").pluck();
  const makeStart = db.prepare("INSERT INTO starts (board, epoch, boot) VALUES (?, ?, ?)");
  const findSite = db.prepare("SELECT id FROM sites WHERE name = ?").pluck();
  const makeSite = db.prepare("INSERT INTO sites (name) VALUES (?)");
  const put = db.prepare(PUT);
  const putTold = db.prepare(
    "INSERT INTO told VALUES (?, ?, ?, ?, ?) ON CONFLICT (hour, board, kind, name) DO UPDATE SET n = n + excluded.n",
  );
  const putBoard = db.prepare("INSERT OR REPLACE INTO boards VALUES (?, ?, ?, ?, ?, ?, ?)");
  const lastRev = db.prepare("SELECT coalesce(max(rev), 0) FROM hours").pluck();
  const read = reading(db);
  let rev = lastRev.get() as number;

  const dropHours = db.prepare(
    "DELETE FROM hours WHERE (start, hour, site) IN (SELECT start, hour, site FROM hours WHERE hour < ? LIMIT ?)",
  );
  const dropTold = db.prepare("DELETE FROM told WHERE hour < ?");
  return {
    read,
    /** Number of a start of a board; a new one is made at once. */
    start(board: string, epoch: string, boot: number): number {
      const name = `${board} ${epoch}.${boot}`;
      const known = starts.get(name) ?? (findStart.get(board, epoch, boot) as number | undefined);
      const id = known ?? Number(makeStart.run(board, epoch, boot).lastInsertRowid);
      if (starts.size > 100_000) starts.clear();
      starts.set(name, id);
      return id;
    },
    site(name: string): number {
      const id =
        sites.get(name) ?? (findSite.get(name) as number | undefined) ?? Number(makeSite.run(name).lastInsertRowid);
      sites.set(name, id);
      return id;
    },
    letter: (): number => Number(meta.get("letter") ?? 0),
    /** How far an output has come. */
    mark: (output: string): { rev: number; hour: number } =>
      JSON.parse((meta.get("mark " + output) as string | undefined) ?? '{"rev":0,"hour":0}') as {
        rev: number;
        hour: number;
      },
    setMark: (output: string, mark: { rev: number; hour: number }): void =>
      void putMeta.run("mark " + output, JSON.stringify(mark)),
    setSince: (at: UnixMs): void => void putMeta.run("since", String(at)),
    /** All of it or nothing; with the cursor, so that nothing is counted twice. */
    add({ hours, told, waiting, cursor, letter }: Addition): void {
      db.transaction(() => {
        const next = rev + 1;
        for (const { start, hour, site, part: p } of hours)
          put.run(
            ...[start, hour, site, p.packs, p.first, p.firstAt, p.last, p.lastAt],
            ...[p.late, p.from.node, p.from.anchor, p.from.received, p.clock, next],
          );
        for (const one of told) putTold.run(one.hour, one.board, one.kind, one.name, one.n);
        for (const w of waiting) putBoard.run(w.board, w.waiting, w.at, w.epoch, w.boot, w.uptime, w.come);
        putMeta.run("cursor", JSON.stringify(cursor));
        putMeta.run("letter", String(letter));
      })();
      rev++;
    },
    /** Begins anew: the journal is another one, or an older one than this file was made from. */
    clear(): void {
      db.exec("DELETE FROM hours; DELETE FROM boards; DELETE FROM told WHERE kind = 'dead'; DELETE FROM meta");
    },
    /** Drops up to `limit` hours before `hour`; how many there were. */
    drop(hour: number, limit: number): number {
      dropTold.run(hour);
      return dropHours.run(hour, limit).changes;
    },
  };
}
