/** The completeness file: when the numbers that arrived were measured, hour by hour. Writes it. */
import type { Cursor, TimeFrom, UnixMs } from "../model.js";
import { openStore as openFile } from "../store/file.js";
import { reading } from "./read.js";
import { COMPLETENESS } from "./schema.js";

export { HOUR_MS } from "./schema.js";

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

const PUT = `INSERT INTO hours VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (start, hour, site) DO UPDATE SET packs = packs + excluded.packs,
  first_at = CASE WHEN excluded.first < first THEN excluded.first_at ELSE first_at END, first = min(first, excluded.first),
  last_at = CASE WHEN excluded.last > last THEN excluded.last_at ELSE last_at END, last = max(last, excluded.last),
  late = late + excluded.late, node = node + excluded.node, anchor = anchor + excluded.anchor,
  received = received + excluded.received, clock = clock + excluded.clock, rev = excluded.rev`;

/** What one write adds. Numbers are those that {@link Store.start} and {@link Store.site} gave. */
export interface Addition {
  hours: { start: number; hour: number; site: number; part: HourPart }[];
  told: Told[];
  waiting: Waiting[];
  /** Up to where of the journal, and of its dead letters, the file then reaches. */
  cursor: Cursor;
  letter: number;
}

/** Of the journal's entries up to `to` only packs of hour `from` or later are added: the others have been. */
export interface Again {
  to: number;
  from: number;
}

export type Store = ReturnType<typeof openStore>;

/** Opens or makes the file for writing. @throws SetupError as {@link openFile}, its codes beginning with `COMPLETENESS` */
export function openStore(file: string) {
  const db = openFile(file, COMPLETENESS);
  // What is lost in a power cut is read from the journal again: the cursor is in the same transaction.
  db.pragma("synchronous = NORMAL");
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
    /** What the journal has to say once more, since the file was mended (see mend.ts). */
    again: (): Again => JSON.parse((meta.get("again") as string | undefined) ?? '{"to":0,"from":0}') as Again,
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
