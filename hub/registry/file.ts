/** The registry's file: its one table, and what of it SQLite cannot check. */
import type Database from "better-sqlite3";
import { crc32 } from "node:zlib";
import { openStore, type StoreKind } from "../store/file.js";

/** A row as it stands in the file. `sum` is {@link sumOf} the others but the number. */
export type StoredRow = { number: number; at: number; by: string; kind: string; body: string; sum: number };

const GUARDS = `
CREATE TRIGGER rows_stand BEFORE UPDATE ON rows BEGIN SELECT raise(ABORT, 'rows of the registry are only added'); END;
CREATE TRIGGER rows_stay BEFORE DELETE ON rows BEGIN SELECT raise(ABORT, 'rows of the registry are only added'); END;
`;
const TABLE = `
CREATE TABLE rows (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, by TEXT NOT NULL, kind TEXT NOT NULL,
  body TEXT NOT NULL, sum INTEGER NOT NULL);
${GUARDS}`;

/** Check sum of a row: a board's key with one bit turned would shut that board out. */
export function sumOf({ at, by, kind, body }: Omit<StoredRow, "number" | "sum">): number {
  return crc32(JSON.stringify([at, by, kind, body]));
}

function addSums(db: Database.Database): void {
  db.function("row_sum", { deterministic: true }, (at, by, kind, body) =>
    sumOf({ at: Number(at), by: String(by), kind: String(kind), body: String(body) }),
  );
  db.exec(`
    DROP TRIGGER rows_stand;
    DROP TRIGGER rows_stay;
    ALTER TABLE rows ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
    UPDATE rows SET sum = row_sum(at, by, kind, body);
    ${GUARDS}`);
}

function check(db: Database.Database): string[] {
  const found = (db.pragma("integrity_check(20)") as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((word) => word !== "ok");
  if (found.length > 0) return found;
  for (const row of db.prepare("SELECT * FROM rows").iterate() as IterableIterator<StoredRow>)
    if (sumOf(row) !== row.sum) found.push(`row ${row.number} was altered`);
  return found;
}

/** A change of the tables takes the next number, and a migration from the one before. */
export const REGISTRY: StoreKind = {
  name: "registry",
  fileName: "registry.sqlite",
  code: "REGISTRY",
  format: 2,
  create: (db) => void db.exec(TABLE),
  migrations: { 1: addSums },
  check,
  remedy:
    "Start the hub again: it sets a damaged registry aside and takes its rows from what can be read and from the copy" +
    " of the day. Or restore a backup (aryk restore).",
};

/** Opens the registry's file, or makes it (rights 0600: it holds the boards' keys). Throws SetupError as openStore. */
export function openRegistryFile(file: string): Database.Database {
  return openStore(file, REGISTRY);
}
