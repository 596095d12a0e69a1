/** Reads the completeness file, also while a hub writes it. */
import Database from "better-sqlite3";
import { SetupError } from "../errors.js";
import type { Cursor, UnixMs } from "../model.js";
import { damaged } from "../store/file.js";
import { leaveMark, saysDamaged, watchFile } from "../store/damage.js";
import { COMPLETENESS, HOUR_MS } from "./schema.js";
import type { HourPart, Told, Waiting } from "./store.js";

/** One row of `hours` with its names; hour is counted from 1970. */
export interface HourRow extends HourPart {
  board: string;
  epoch: string;
  boot: number;
  hour: number;
  site: string | null;
  rev: number;
}

type Figure = "packs" | "first" | "first_at" | "last" | "last_at" | "late" | "node" | "anchor" | "received" | "clock";
/** A row of `hours` without its names. */
export type Figures = Record<Figure | "hour", number>;
type Stored = Figures & { board: string; epoch: string; boot: number; site: string; rev: number };

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

/** Packs of a board at a site. */
export interface SiteSum {
  site: string | null;
  packs: number;
  late: number;
  clock: number;
  from: HourPart["from"];
}

/** What can be read from the file, also while a hub writes it. */
export interface Reading {
  /**
   * Rows of a board, start by start in the order of their numbers: those of hours from ≤ hour < to (since 1970), and of
   * each start the nearest one before and after, between which numbers of these hours may be missing.
   */
  rows(board: string, from: number, to: number): HourRow[];
  /** The packs of a board at each site, of hours from ≤ hour < to, added up; null if they do not add up. */
  sums(board: string, from: number, to: number): SiteSum[] | null;
  /** In how many of the hours from ≤ hour < to a board measured at a site. */
  busy(board: string, site: string, from: number, to: number): number;
  /** Numbers that arrived of one start of a board, with their times; not in order. */
  points(board: string, epoch: string, boot: number): { seq: number; at: UnixMs }[];
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

/** Do the figures of an hour fit each other? A bit that the disk turned in them nearly always shows. */
export function adds(row: Figures): boolean {
  const { packs, first, last } = row;
  return (
    packs > 0 &&
    row.node + row.anchor + row.received === packs &&
    Math.max(row.late, row.clock) <= packs &&
    packs <= last - first + 1 &&
    hourOf(row.first_at) === row.hour &&
    hourOf(row.last_at) === row.hour
  );
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

/** The statements that only read, on a connection of whoever opened it. An hour that cannot be is left out, and marked. */
export function reading(db: Database.Database): Reading {
  const rows = db.prepare<{ board: string; from: number; to: number }, Stored>(
    `${ROWS} WHERE s.board = @board
     AND h.hour >= coalesce((SELECT max(hour) FROM hours WHERE start = s.id AND hour < @from), @from)
     AND h.hour <= coalesce((SELECT min(hour) FROM hours WHERE start = s.id AND hour >= @to), @to)
     ORDER BY s.id, h.first`,
  );
  type Sum = Omit<SiteSum, "from"> & HourPart["from"];
  const sums = db.prepare<unknown[], Sum>(
    `SELECT t.name AS site, sum(packs) AS packs, sum(late) AS late, sum(clock) AS clock, sum(node) AS node,
       sum(anchor) AS anchor, sum(received) AS received
     FROM hours h JOIN sites t ON t.id = h.site
     WHERE h.start IN (SELECT id FROM starts WHERE board = ?) AND h.hour >= ? AND h.hour < ? GROUP BY h.site`,
  );
  const busy = db
    .prepare<unknown[], number>(
      `SELECT count(DISTINCT hour) FROM hours WHERE start IN (SELECT id FROM starts WHERE board = ?)
       AND site = (SELECT id FROM sites WHERE name = ?) AND hour >= ? AND hour < ?`,
    )
    .pluck();
  const points = db
    .prepare<unknown[], number[]>(
      `SELECT first, first_at, last, last_at FROM hours
       WHERE start = (SELECT id FROM starts WHERE board = ? AND epoch = ? AND boot = ?)`,
    )
    .raw();
  const told = db.prepare<unknown[], Told>("SELECT hour, board, kind, name, n FROM told WHERE hour >= ? AND hour < ?");
  const waiting = db.prepare<unknown[], Waiting>("SELECT * FROM boards");
  const lastRev = db.prepare<unknown[], number>("SELECT coalesce(max(rev), 0) FROM hours").pluck();
  const meta = db.prepare<unknown[], string>("SELECT value FROM meta WHERE key = ?").pluck();
  const touched = db.prepare<unknown[], { board: string; first: number; last: number }>(
    `SELECT s.board, min(h.hour) AS first, max(h.hour) AS last FROM hours h JOIN starts s ON s.id = h.start
     WHERE (h.rev > ? OR h.hour >= ?) AND h.hour < ? GROUP BY s.board ORDER BY s.board`,
  );
  const spoilt = ({ board, hour }: Stored): [] => {
    leaveMark(db.name, `an hour of ${board} was altered: ${new Date(hour * HOUR_MS).toISOString()}`);
    return [];
  };
  return {
    rows: (board, from, to) => rows.all({ board, from, to }).flatMap((row) => (adds(row) ? [rowOf(row)] : spoilt(row))),
    sums(board, from, to) {
      const all = sums.all(board, from, to).map(({ site, packs, late, clock, ...ways }): SiteSum => {
        return { site: site === "" ? null : site, packs, late, clock, from: ways };
      });
      return all.every(({ packs, from: { node, anchor, received } }) => node + anchor + received === packs)
        ? all
        : null;
    },
    busy: (board, site, from, to) => busy.get(board, site, from, to) as number,
    points: (board, epoch, boot) =>
      points.all(board, epoch, boot).flatMap(([first, firstAt, last, lastAt]) =>
        first === last
          ? [{ seq: first!, at: firstAt! }]
          : [
              { seq: first!, at: firstAt! },
              { seq: last!, at: lastAt! },
            ],
      ),
    touched: (mark, end) => touched.all(mark.rev, mark.hour, end),
    lastRev: () => lastRev.get() as number,
    since: () => Number(meta.get("since") ?? 0),
    cursor: () => JSON.parse(meta.get("cursor") ?? '{"epoch":"","id":0}') as Cursor,
    told: (from, to) => told.all(from, to),
    waiting: () => waiting.all(),
    close: () => void db.close(),
  };
}

/**
 * Opens the file for reading only; null if no hub has made it yet, or one of another format.
 * @throws SetupError `COMPLETENESS_CORRUPT`, `COMPLETENESS_NOT_READABLE`
 */
export function readStore(file: string): Reading | null {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });
    watchFile(db, file);
    if ((db.pragma("user_version", { simple: true }) as number) === COMPLETENESS.format) return reading(db);
    db.close();
    return null;
  } catch (cause) {
    if ((cause as { code?: string }).code === "SQLITE_CANTOPEN") return null;
    if (saysDamaged(cause)) throw damaged(file, COMPLETENESS, (cause as Error).message, cause);
    throw new SetupError(
      "COMPLETENESS_NOT_READABLE",
      `the completeness file ${file} cannot be opened: ${(cause as Error).message}`,
      "Check that it belongs to the user who asks.",
      { cause },
    );
  }
}
