/**
 * A file that is damaged is set aside, and what can be read of it goes into a new one. Every step can be cut off and done
 * again: the damaged file stays where it is until the new one is whole.
 */
import Database from "better-sqlite3";
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SetupError } from "../errors.js";
import { markOf, saysDamaged } from "./damage.js";
import { openStore, type StoreKind } from "./file.js";
import { alteredTables } from "./salvage.js";

/** What happened to a damaged file. */
export interface MendReport {
  store: string;
  /** What was found. */
  because: string[];
  /** Where the damaged file is now. */
  aside: string;
  rows: Record<string, number>;
  /** What is missing, or not sure, in sentences for people. Empty: everything is there. */
  missing: string[];
}

/** Fills the new file from the damaged one. */
export type Mend = (damagedFile: string, fresh: Database.Database) => Pick<MendReport, "rows" | "missing">;

/** What is wrong with the file, as far as it shows in little time. Empty: nothing. */
function problems(file: string, kind: StoreKind): string[] {
  let db: Database.Database | undefined;
  try {
    db = openStore(file, kind);
    if (existsSync(markOf(file))) return ["it was found damaged while it was in use"];
    const altered = describedWrongly(db, kind);
    return altered.length > 0 ? altered : (kind.check?.(db) ?? []);
  } catch (error) {
    if (error instanceof SetupError && error.code === `${kind.code}_CORRUPT`) return [error.message];
    if (saysDamaged(error)) return [(error as Error).message];
    throw error;
  } finally {
    db?.close();
  }
}

function describedWrongly(db: Database.Database, kind: StoreKind): string[] {
  const fresh = new Database(":memory:");
  try {
    kind.create(fresh);
    return alteredTables(db, fresh).map((table) => `its table ${table} is not what it was`);
  } finally {
    fresh.close();
  }
}

function removeSides(file: string): void {
  for (const side of ["", "-wal", "-shm"]) rmSync(file + side, { force: true });
}

/**
 * Looks at the file (if it is there), mends it if it is damaged, and says what came of it; null if it is well.
 * @throws SetupError of openStore for what no mending helps: a newer format, rights
 */
export function mendStore(file: string, kind: StoreKind, mend: Mend, now: Date): MendReport | null {
  const mended = `${file}.mended`;
  if (!existsSync(file) && existsSync(mended)) renameSync(mended, file);
  if (!existsSync(file)) return null;
  const because = problems(file, kind);
  if (because.length === 0) return null;

  const coming = `${file}.mending`;
  removeSides(coming);
  removeSides(mended);
  const fresh = openStore(coming, kind);
  let found: ReturnType<Mend>;
  try {
    found = mend(file, fresh);
    fresh.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    fresh.close();
  }
  const log = existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0;
  if (log > 0)
    found.missing.push(`what was written last: ${log} bytes of the log beside the file do not fit it any more`);
  renameSync(coming, mended);
  const aside = join(dirname(file), `damaged-${now.toISOString().replaceAll(":", "-")}`);
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  const report: MendReport = { store: kind.name, because, aside, ...found };
  writeFileSync(join(aside, `${kind.fileName}.report.json`), JSON.stringify(report, null, 2) + "\n", { mode: 0o600 });
  for (const side of ["-wal", "-shm", ""])
    if (existsSync(file + side)) renameSync(file + side, join(aside, kind.fileName + side));
  renameSync(mended, file);
  rmSync(markOf(file), { force: true });
  return report;
}
