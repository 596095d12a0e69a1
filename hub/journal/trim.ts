/**
 * What leaves the journal: groups that are old, or too much, and that every consumer has settled. In small steps, so
 * that no commit waits long behind one.
 */
import type Database from "better-sqlite3";
import type { UnixMs } from "../model.js";
import { createSteps, type Steps } from "../store/steps.js";

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

/**
 * Meanwhile the log is folded into the file in small parts: of 4,000 pages (see JOURNAL) that is 20 ms of processor time
 * within whichever step fills the log, longer than any step itself.
 */
const CHECKPOINT_PAGES = 500;

/** Groups looked at in one step at most. */
const STEP = 64;

/** What one step deletes, or gives back: small at first, then as much as takes a few milliseconds. */
export function trimSteps(): { bytes: Steps; letters: Steps; pages: Steps } {
  return {
    bytes: createSteps({ first: 64 << 10, least: 4096, most: 4 << 20 }),
    letters: createSteps({ first: 50, least: 5, most: 2000 }),
    pages: createSteps({ first: 16, least: 1, most: 1024 }),
  };
}

/** Gives free pages back to the file system, but for a quarter of the file: new entries will want room again. */
async function giveBack(db: Database.Database, pages: Steps, stop: () => boolean): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (stop()) return;
    const free = db.pragma("freelist_count", { simple: true }) as number;
    if (free * 4 <= (db.pragma("page_count", { simple: true }) as number)) return;
    pages.run((size) => db.pragma(`incremental_vacuum(${size})`));
  }
}

/**
 * Deletes the dead letters that are too old, or too many; returns their number. That of an altered group stays as long as
 * the group, or the group would be told of again.
 */
async function trimLetters(
  db: Database.Database,
  limits: TrimLimits,
  steps: ReturnType<typeof trimSteps>,
  stop: () => boolean,
): Promise<number> {
  const end = db
    .prepare(
      `SELECT max(
         coalesce((SELECT id FROM letters WHERE received >= ? ORDER BY id LIMIT 1), (SELECT max(id) + 1 FROM letters), 0),
         coalesce((SELECT max(id) + 1 FROM letters) - ?, 0))`,
    )
    .pluck()
    .get(limits.now - limits.maxAgeMs, limits.maxLetters ?? 100_000) as number;
  const cut = db.prepare(
    `DELETE FROM letters WHERE id IN (
       SELECT id FROM letters WHERE id < ? AND (consumer IS NOT NULL OR entry IS NULL
         OR entry NOT IN (SELECT first_id FROM groups)) ORDER BY id LIMIT ?)`,
  );
  for (let letters = 0; ;) {
    if (stop()) return letters;
    const { changes } = steps.letters.run((size) => cut.run(end, size));
    letters += changes;
    if (changes === 0) return letters;
    await giveBack(db, steps.pages, stop);
  }
}

/** Deletes as the limits say. `stop` is asked between the steps. */
export async function trimJournal(
  db: Database.Database,
  limits: TrimLimits,
  stop: () => boolean,
  steps = trimSteps(),
): Promise<TrimReport> {
  const oldest = db.prepare("SELECT first_id, last_id, newest, bytes FROM groups ORDER BY first_id LIMIT ?");
  const cut = db.prepare("DELETE FROM groups WHERE first_id <= ?");
  const cutRuns = db.prepare("DELETE FROM runs WHERE last_id <= ?");
  const slowest = db.prepare("SELECT consumer, id FROM cursors ORDER BY id LIMIT 1");
  const known = db.prepare("SELECT 1 FROM cursors WHERE consumer = ?").pluck();
  const kept = db.prepare("SELECT bytes FROM tally").pluck();
  const release = db.prepare("UPDATE tally SET bytes = bytes - ?");
  const report: TrimReport = { entries: 0, letters: 0, heldBy: null };
  const missing = limits.consumers.find((name) => known.get(name) === undefined);

  /** One step: false if there is nothing more to delete. */
  const step = (most: number): boolean => {
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
      if (waits || (last !== null && released + row.bytes > most)) break;
      last = row;
      entries += row.last_id - row.first_id + 1;
      released += row.bytes;
    }
    if (waits) report.heldBy = missing ?? held?.consumer ?? null;
    if (last === null) return false;
    const { first_id, last_id } = last;
    db.transaction(() => {
      cut.run(first_id);
      cutRuns.run(last_id);
      release.run(released);
    })();
    report.entries += entries;
    return true;
  };
  const checkpoint = db.pragma("wal_autocheckpoint", { simple: true }) as number;
  try {
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    while (!stop() && steps.bytes.run(step)) await giveBack(db, steps.pages, stop);
    if (!stop()) report.letters = await trimLetters(db, limits, steps, stop);
    return report;
  } finally {
    if (db.open) db.pragma(`wal_autocheckpoint = ${checkpoint}`);
  }
}

/** Trims one at a time: who asks while one is under way (a large backlog on a slow card) gets its report. */
export class Trimmer {
  readonly #db: Database.Database;
  readonly #stop: () => boolean;
  readonly #failed: (error: unknown) => void;
  #going: Promise<TrimReport> | null = null;

  /**
   * @param stop   asked between the steps
   * @param failed told of an error before who asked is
   */
  constructor(db: Database.Database, stop: () => boolean, failed: (error: unknown) => void) {
    this.#db = db;
    this.#stop = stop;
    this.#failed = failed;
  }

  run(limits: TrimLimits): Promise<TrimReport> {
    this.#going ??= trimJournal(this.#db, limits, this.#stop)
      .catch((error: unknown) => {
        this.#failed(error);
        throw error;
      })
      .finally(() => (this.#going = null));
    return this.#going;
  }
}
