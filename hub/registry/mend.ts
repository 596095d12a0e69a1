/** A damaged registry: its rows from what can be read, and from the copy of the day; none is ever changed, so both agree. */
import type Database from "better-sqlite3";
import { existsSync } from "node:fs";
import { sumOf, type StoredRow } from "./file.js";
import { problemsOf, type Row, type RowBody } from "./rows.js";
import { RegistryState } from "./state.js";
import { readRecords } from "../store/pages.js";
import { salvage } from "../store/salvage.js";
import type { MendReport } from "../store/mend.js";

/** The highest number that a row was given, as SQLite keeps it apart from the rows; 0 if it cannot be read. */
function lastNumber(file: string): number {
  let last = 0;
  for (const { values } of readRecords(file, { pages: 0, badCells: 0 }))
    if (values.length === 2 && values[0] === "rows" && typeof values[1] === "number") last = Math.max(last, values[1]);
  return last;
}

/** Takes over what can be read of `file` and of `copy`. */
export function mendRegistry(file: string, copy: string, db: Database.Database): Pick<MendReport, "rows" | "missing"> {
  const found = new Map<number, StoredRow>();
  const missing: string[] = [];
  /** Numbers by which the damaged file names two rows: a row's sum does not cover its number. */
  const unsure = new Set<number>();
  const take = (_: string, row: Record<string, unknown>): boolean => {
    const stored = row as unknown as StoredRow;
    if (sumOf(stored) !== stored.sum) return false;
    if ((found.get(stored.number)?.sum ?? stored.sum) !== stored.sum) unsure.add(stored.number);
    found.set(stored.number, stored);
    return false;
  };
  if (existsSync(file)) salvage(file, db, {}, take);
  for (const number of unsure) found.delete(number);
  // What the copy says of a number is what was written.
  if (existsSync(copy)) salvage(copy, db, {}, take);

  const state = new RegistryState();
  const put = db.prepare("INSERT INTO rows VALUES (@number, @at, @by, @kind, @body, @sum)");
  const numbers = [...found.keys()].sort((a, b) => a - b);
  const last = Math.max(...[file, copy].map((from) => (existsSync(from) ? lastNumber(from) : 0)));
  let rows = 0;
  db.transaction(() => {
    let next = 1;
    const lack = (end: number): void => {
      if (end > next) missing.push(end - next === 1 ? `row ${next}` : `rows ${next} to ${end - 1}`);
    };
    for (const number of numbers) {
      lack(number);
      next = number + 1;
      const row = found.get(number)!;
      const body = JSON.parse(row.body) as RowBody;
      // A row that builds on one that is gone (the key of a board without its own row) would stand on nothing.
      const wrong = problemsOf(body, state);
      if (wrong.length > 0) missing.push(`row ${number} (${row.kind}), which needs one that is gone`);
      else {
        put.run(row);
        state.apply({ ...body, number, at: row.at, by: row.by } as Row);
        rows++;
      }
    }
    lack(last + 1);
  })();
  if (last === 0) missing.push("how many rows there ever were: look whether the newest are there");
  if (numbers.length === 0) missing.push("every row: restore a backup, or import your last export");
  return { rows: { rows }, missing };
}
