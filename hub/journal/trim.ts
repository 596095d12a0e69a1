/**
 * What leaves the journal: groups that are old, or too much, and that every consumer has settled. In small steps, so
 * that no commit waits long behind one.
 */
import type Database from "better-sqlite3";
import type { UnixMs } from "../model.js";

export interface TrimLimits {
  now: UnixMs;
  /** Entries received longer ago than this leave. */
  maxAgeMs: number;
  /** When the entries take more than this, the oldest leave. */
  maxBytes: number;
  /** Consumers that must have a cursor before anything leaves: those of the configuration, started or not. */
  consumers: string[];
  /** Dead letters kept at most, whatever their age. */
  maxLetters?: number;
}

export interface TrimReport {
  entries: number;
  letters: number;
  /** The consumer that keeps entries which would have left; null if none does. */
  heldBy: string | null;
}

/** What one transaction deletes at most: more would keep a commit waiting for longer than 20 ms. */
const STEP = 64;
const STEP_BYTES = 512 << 10;
const STEP_LETTERS = 200;
const PAGES = 64;

/** Gives free pages back to the file system, but for a quarter of the file: new entries will want room again. */
async function giveBack(db: Database.Database, stop: () => boolean): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (stop()) return;
    const free = db.pragma("freelist_count", { simple: true }) as number;
    if (free * 4 <= (db.pragma("page_count", { simple: true }) as number)) return;
    db.pragma(`incremental_vacuum(${PAGES})`);
  }
}

/** Deletes the dead letters that are too old, or too many; returns their number. */
async function trimLetters(db: Database.Database, limits: TrimLimits, stop: () => boolean): Promise<number> {
  const end = db
    .prepare(
      `SELECT max(
         coalesce((SELECT id FROM letters WHERE received >= ? ORDER BY id LIMIT 1), (SELECT max(id) + 1 FROM letters), 0),
         coalesce((SELECT max(id) + 1 FROM letters) - ?, 0))`,
    )
    .pluck()
    .get(limits.now - limits.maxAgeMs, limits.maxLetters ?? 100_000) as number;
  const cut = db.prepare("DELETE FROM letters WHERE id IN (SELECT id FROM letters WHERE id < ? ORDER BY id LIMIT ?)");
  for (let letters = 0; ;) {
    if (stop()) return letters;
    const { changes } = cut.run(end, STEP_LETTERS);
    letters += changes;
    if (changes < STEP_LETTERS) return letters;
    await giveBack(db, stop);
  }
}

/** Deletes as the limits say. `stop` is asked between the steps. */
export async function trimJournal(db: Database.Database, limits: TrimLimits, stop: () => boolean): Promise<TrimReport> {
  const oldest = db.prepare("SELECT first_id, last_id, newest, bytes FROM groups ORDER BY first_id LIMIT ?");
  const cut = db.prepare("DELETE FROM groups WHERE first_id <= ?");
  const cutRuns = db.prepare("DELETE FROM runs WHERE last_id <= ?");
  const slowest = db.prepare("SELECT consumer, id FROM cursors ORDER BY id LIMIT 1");
  const known = db.prepare("SELECT 1 FROM cursors WHERE consumer = ?").pluck();
  const kept = db.prepare("SELECT bytes FROM tally").pluck();
  const release = db.prepare("UPDATE tally SET bytes = bytes - ?");
  const report: TrimReport = { entries: 0, letters: 0, heldBy: null };
  const missing = limits.consumers.find((name) => known.get(name) === undefined);

  for (;;) {
    if (stop()) return report;
    const held = slowest.get() as { consumer: string; id: number } | undefined;
    const settled = missing !== undefined ? 0 : (held?.id ?? Infinity);
    let last: { first_id: number; last_id: number } | null = null;
    let waits = false;
    let entries = 0;
    let released = 0;
    const bytes = kept.get() as number;
    const rows = oldest.all(STEP) as { first_id: number; last_id: number; newest: UnixMs; bytes: number }[];
    for (const row of rows) {
      if (row.newest >= limits.now - limits.maxAgeMs && bytes - released <= limits.maxBytes) break;
      waits = row.last_id > settled;
      if (waits || (last !== null && released + row.bytes > STEP_BYTES)) break;
      last = row;
      entries += row.last_id - row.first_id + 1;
      released += row.bytes;
    }
    if (waits) report.heldBy = missing ?? held?.consumer ?? null;
    if (last === null) break;
    const { first_id, last_id } = last;
    db.transaction(() => {
      cut.run(first_id);
      cutRuns.run(last_id);
      release.run(released);
    })();
    report.entries += entries;
    await giveBack(db, stop);
  }
  report.letters = await trimLetters(db, limits, stop);
  return report;
}
