/** The completeness file: its tables, and what is looked at when it is opened. */
import type Database from "better-sqlite3";
import type { StoreKind } from "../store/file.js";

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

export const HOUR_MS = 3_600_000;

/** What can be looked at in little time: everything but the hours, of which there may be ten million. */
function check(db: Database.Database): string[] {
  const found = ["meta", "starts", "sites", "boards"]
    .flatMap((table) => db.pragma(`integrity_check(${table})`) as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((word) => word !== "ok");
  if (found.length > 0) return found;
  for (const { key, value } of db.prepare("SELECT key, value FROM meta").all() as { key: string; value: string }[])
    if (!saysSomething(value)) found.push(`its ${key} was altered`);
  return found;
}

/** Is this a number, or JSON? All that stands in `meta` is. */
export function saysSomething(value: unknown): boolean {
  try {
    return typeof value === "string" && JSON.parse(value) !== null;
  } catch {
    return false;
  }
}

/** The completeness file. A change of its tables takes the next number, and a migration from the one before. */
export const COMPLETENESS: StoreKind = {
  name: "completeness",
  fileName: "completeness.sqlite",
  code: "COMPLETENESS",
  format: 1,
  create: (db) => void db.exec(SCHEMA),
  migrations: {},
  check,
  remedy:
    "Start the hub again: it sets a damaged file aside and takes over the hours that can be read. Or move it away: it is" +
    " made again from what the journal keeps.",
};
