/** Puts what can be read of a damaged file into a new one: each record is known by its shape. */
import Database from "better-sqlite3";
import { readRecords, type RawRecord, type Value } from "./pages.js";

export type SalvagedRow = Record<string, Value>;

interface Shape {
  table: string;
  withoutRowid: boolean;
  /** In the order of the record. */
  columns: { name: string; type: string; notNull: boolean; rowid: boolean; fallback: Value }[];
}

export interface Salvage {
  /** Rows taken over, by table. */
  rows: Record<string, number>;
  badCells: number;
}

type Info = { name: string; type: string; notnull: number; dflt_value: string | null; pk: number };

function shapesOf(db: Database.Database): Map<string, Shape> {
  const tables = db.prepare("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").all();
  const shapes = new Map<string, Shape>();
  for (const { name: table, wr } of tables as { name: string; wr: number }[]) {
    if (table.startsWith("sqlite_")) continue;
    const infos = db.prepare("SELECT * FROM pragma_table_info(?)").all(table) as Info[];
    const keys = infos.filter((info) => info.pk > 0).sort((a, b) => a.pk - b.pk);
    const ordered = wr === 1 ? [...keys, ...infos.filter((info) => info.pk === 0)] : infos;
    const columns = ordered.map(({ name, type, notnull, dflt_value, pk }) => ({
      ...{ name, type, notNull: notnull === 1 },
      rowid: wr === 0 && pk === 1 && keys.length === 1 && type === "INTEGER",
      fallback: dflt_value === null ? null : Number.isNaN(Number(dflt_value)) ? dflt_value : Number(dflt_value),
    }));
    shapes.set(table, { table, withoutRowid: wr === 1, columns });
  }
  return shapes;
}

/** The same columns, in whatever order. */
function sameColumns(a: Shape, b: Shape): boolean {
  const names = (shape: Shape): string => JSON.stringify(shape.columns.map((column) => column.name).sort());
  return names(a) === names(b);
}

/** Tables of which `db` has not the columns that `fresh` has: their descriptions were altered. */
export function alteredTables(db: Database.Database, fresh: Database.Database): string[] {
  const found = shapesOf(db);
  return [...shapesOf(fresh)].flatMap(([table, shape]) => {
    const there = found.get(table);
    return there !== undefined && sameColumns(there, shape) ? [] : [table];
  });
}

/** The tables as the damaged file itself describes them, which a migration may have ordered otherwise. */
function ownShapes(records: Iterable<RawRecord>, fresh: Map<string, Shape>): Map<string, Shape> {
  const db = new Database(":memory:");
  try {
    for (const { rowid, values } of records) {
      const [type, name, , , sql] = values;
      if (rowid === null || values.length !== 5 || type !== "table" || typeof sql !== "string") continue;
      if (!fresh.has(String(name))) continue;
      try {
        db.exec(sql);
      } catch {
        // Not a description any more: the table's newest form stands for it.
      }
    }
    const own = [...shapesOf(db)].filter(([table, shape]) => sameColumns(shape, fresh.get(table)!));
    return new Map([...fresh, ...own]);
  } finally {
    db.close();
  }
}

function fits(value: Value, type: string): boolean {
  if (type === "TEXT") return typeof value === "string";
  return type === "BLOB" ? Buffer.isBuffer(value) : typeof value === "number";
}

function rowOf(shape: Shape, { rowid, values }: RawRecord): SalvagedRow | null {
  if (shape.withoutRowid !== (rowid === null) || values.length > shape.columns.length) return null;
  const row: SalvagedRow = {};
  for (const [i, column] of shape.columns.entries()) {
    const short = i >= values.length;
    // Columns that were added later are missing at the end of older records.
    if (short && column.notNull && column.fallback === null) return null;
    const value = column.rowid ? rowid : short ? column.fallback : values[i];
    if (column.rowid && values[i] !== null) return null;
    if (value === null ? column.notNull : !fits(value, column.type)) return null;
    row[column.name] = value;
  }
  return row;
}

/**
 * Reads the damaged `file` and puts its rows into `db`, which has the tables.
 * @param newer by table: the column by which one of two rows with the same key is the newer
 * @param take  says whether a row is to be put in; it may take what it needs of it for itself
 */
export function salvage(
  file: string,
  db: Database.Database,
  newer: Partial<Record<string, string>>,
  take: (table: string, row: SalvagedRow) => boolean,
): Salvage {
  const fresh = shapesOf(db);
  const count = { pages: 0, badCells: 0 };
  const shapes = [...ownShapes(readRecords(file, { pages: 0, badCells: 0 }), fresh).values()];
  const rows: Record<string, number> = {};
  const put = new Map<string, Database.Statement>();
  for (const [table, { columns, withoutRowid }] of fresh) {
    const names = columns.map((column) => column.name);
    const version = newer[table];
    const keys = (db.prepare("SELECT * FROM pragma_table_info(?)").all(table) as Info[]).filter((info) => info.pk > 0);
    const set = names.map((name) => `"${name}" = excluded."${name}"`).join(", ");
    const conflict =
      version === undefined || (keys.length === 0 && !withoutRowid)
        ? "ON CONFLICT DO NOTHING"
        : `ON CONFLICT (${keys.map((key) => `"${key.name}"`).join(", ")}) DO UPDATE SET ${set} WHERE excluded."${version}" > "${version}"`;
    const places = names.map((name) => `@${name}`).join(", ");
    put.set(
      table,
      db.prepare(`INSERT INTO "${table}" (${names.map((n) => `"${n}"`).join(", ")}) VALUES (${places}) ${conflict}`),
    );
  }
  db.pragma("foreign_keys = OFF");
  db.exec("BEGIN");
  for (const record of readRecords(file, count))
    for (const shape of shapes) {
      const row = rowOf(shape, record);
      if (row === null || !take(shape.table, row)) continue;
      try {
        const changes = put.get(shape.table)?.run(row).changes ?? 0;
        rows[shape.table] = (rows[shape.table] ?? 0) + changes;
      } catch (error) {
        // A row that breaks a rule of its table (a second one of a unique name) is not what was written.
        if (!(error instanceof Database.SqliteError)) throw error;
        count.badCells++;
      }
    }
  db.exec("COMMIT");
  db.pragma("foreign_keys = ON");
  return { rows, badCells: count.badCells };
}
