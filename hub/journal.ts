/**
 * The journal: the one buffer between the posts and everything that uses their readings. An entry is on disk (SQLite,
 * write-ahead log, synchronous FULL) before it is acknowledged. What arrives together is committed together: one row
 * per group. Consumers read behind cursors of their own; what every cursor has settled leaves by age and size.
 */
import type Database from "better-sqlite3";
import { Ledger } from "./ledger.js";
import { noteEntry } from "./ledger/entry.js";
import type { LineKey, StreamReport, Verdict } from "./ledger.js";
import { Commits } from "./journal/commits.js";
import { Damage } from "./journal/damage.js";
import { openJournalFile, takeLock, usedBytes } from "./journal/schema.js";
import type { JournalCounts } from "./journal/schema.js";
import { Trimmer } from "./journal/trim.js";
import type { TrimLimits, TrimReport } from "./journal/trim.js";
import { Writer } from "./journal/write.js";
import { Cursors } from "./journal/cursors.js";
import type { Consumer } from "./journal/cursors.js";
import { Letters } from "./journal/letters.js";
import type { DeadLetter, Letter } from "./journal/letters.js";
import { JournalReader } from "./journal/read.js";
import type { Cursor, Entry, Journalled, UnixMs } from "./model.js";

export type { Consumer } from "./journal/cursors.js";
export type { DeadLetter, Letter } from "./journal/letters.js";
export type { JournalCounts } from "./journal/schema.js";
export type { TrimLimits, TrimReport } from "./journal/trim.js";

export interface JournalOptions {
  /** Most entries of one commit. */
  maxGroup?: number;
  /** Shortest time between two commits under load, in milliseconds: saves processor time, and writes to a memory card. */
  gatherMs?: number;
  /**
   * Called once if the file turns out to be damaged while it is in use. Nothing is taken any more then: the hub must be
   * started anew, which sets the file aside and takes over what can be read.
   */
  onDamage?: (error: Error) => void;
}

export class Journal {
  #db: Database.Database;
  #lock: Database.Database;
  #epoch: string;
  #ledger: Ledger;
  #cursors: Cursors;
  #letters: Letters;
  #reader: JournalReader;
  #writer: Writer;
  #trimmer: Trimmer;
  #commits: Commits;
  #listeners = new Set<(head: Cursor) => void>();
  #damage: Damage;
  #closed = false;

  private constructor(file: string, options: JournalOptions) {
    this.#lock = takeLock(file);
    try {
      const { db, epoch } = openJournalFile(file);
      this.#db = db;
      this.#epoch = epoch;
    } catch (error) {
      this.#lock.close();
      throw error;
    }
    this.#ledger = new Ledger(this.#db, (id) => this.#reader.lineOf(id));
    this.#cursors = new Cursors(this.#db);
    this.#letters = new Letters(this.#db);
    this.#damage = new Damage(
      file,
      (letter) => this.deadLetter(letter),
      (error) => options.onDamage?.(error),
    );
    this.#reader = new JournalReader(this.#db, (row) => this.#damage.setApart(row));
    this.#writer = new Writer(this.#db, { ledger: this.#ledger, cursors: this.#cursors, letters: this.#letters });
    this.#trimmer = new Trimmer(
      this.#db,
      () => this.#closed,
      (error) => this.#damage.found(error),
    );
    const parts = { writer: this.#writer, ledger: this.#ledger, cursors: this.#cursors };
    this.#commits = new Commits({ ...parts, reader: this.#reader, damage: this.#damage }, options, () => {
      for (const fn of this.#listeners) fn(this.head());
    });
  }

  /**
   * Opens the journal, or makes it. Throws SetupError: `JOURNAL_LOCKED` (another hub has it), `JOURNAL_CORRUPT`,
   * `JOURNAL_NEWER`, `JOURNAL_OLDER`, `JOURNAL_NO_ROOM`, `JOURNAL_NOT_WRITABLE`.
   */
  static open(file: string, options: JournalOptions = {}): Journal {
    return new Journal(file, options);
  }

  /**
   * Adds an entry; resolves with its id when it is on disk. Rejects if it could not be committed (a full disk): then
   * nothing of it is kept. From here on the entry belongs to the journal and must not be changed. The caller has asked
   * {@link judge} before: a numbered line is not compared again here.
   */
  append(entry: Entry): Promise<number> {
    if (this.#closed) return Promise.reject(new Error("the journal is closed"));
    if (this.#damage.ruin !== null) return Promise.reject(this.#damage.ruin);
    const id = this.#writer.tally.last_id + this.#commits.group.add(entry);
    noteEntry(this.#ledger, entry);
    return this.#commits.wait().then(() => id);
  }

  /** Keeps something that could not be used, of each entry once for each output; resolves when it is on disk. */
  async deadLetter(letter: Letter): Promise<void> {
    if (this.#closed) throw new Error("the journal is closed");
    if (this.#damage.ruin !== null) throw this.#damage.ruin;
    if (this.#letters.buried(letter, this.#commits.group.letters)) return this.flushed();
    if (letter.number !== undefined && letter.board !== null)
      this.#ledger.noteNumber({ board: letter.board, ...letter.number });
    this.#commits.group.addLetter(letter);
    await this.#commits.wait();
  }

  /** Resolves when everything handed over so far is on disk; rejects if it could not be committed. */
  async flushed(): Promise<void> {
    if (this.#commits.group.waiting > 0) await this.#commits.wait();
  }

  /** The last commit's error while nothing has been committed since; null when all is well. */
  failure(): Error | null {
    return this.#damage.ruin ?? this.#commits.failure;
  }

  /** Has this number arrived? What waits in the open group counts. */
  received(board: string, epoch: string, boot: number, seq: number): boolean {
    return this.#ledger.received(board, epoch, boot, seq);
  }

  /** Is a numbered line new, the same as one that arrived, or another with its number (a collision)? */
  judge(key: LineKey): Verdict {
    return this.#damage.guard(() => {
      const verdict = this.#ledger.judge(key);
      return verdict === "known" ? this.#letters.judge(key, this.#commits.group.letters) : verdict;
    });
  }

  /** Is this very line of that board a dead letter already? What waits in the open group counts. */
  isDead(board: string, line: string): boolean {
    return this.#letters.has(board, line, this.#commits.group.letters);
  }

  /** The hub's time at uptime 0 of that start of a board, from its hello; null if none was heard. */
  anchor(board: string, epoch: string, boot: number): UnixMs | null {
    return this.#ledger.anchor(board, epoch, boot);
  }

  /** Does that anchor belong to the hub's clock as it is now? */
  anchorSure(board: string, epoch: string, boot: number): boolean {
    return this.#ledger.anchorSure(board, epoch, boot);
  }

  /** When a later start of the same epoch began, at the latest; null: not known; undefined: none was heard of. */
  later(board: string, epoch: string, boot: number): UnixMs | null | undefined {
    return this.#ledger.later(board, epoch, boot);
  }

  /** The latest time at which a reading was taken by a start that never greeted, or whose hello `later` disproves. */
  bound(...start: Parameters<Ledger["bound"]>): UnixMs {
    return this.#ledger.bound(...start);
  }

  /** The hub's clock was set by `stepMs` (ahead is positive): what was found by it goes along. */
  clockStepped(stepMs: number): void {
    this.#ledger.clockStepped(stepMs);
  }

  /** Has a hello of this start with this uptime, or a later one, been heard? */
  heard(board: string, epoch: string, boot: number, uptimeMs: number): boolean {
    return this.#ledger.heard(board, epoch, boot, uptimeMs);
  }

  /** What arrived from a board, what it dropped and what is missing, by start. */
  ranges(board: string): StreamReport[] {
    return this.#ledger.report(board);
  }

  /** The last entry on disk. */
  head(): Cursor {
    return { epoch: this.#epoch, id: this.#writer.tally.last_id };
  }

  /** Where a consumer stands. A new one starts before the oldest entry that is kept. */
  cursor(consumer: string): Cursor {
    return { epoch: this.#epoch, id: this.#cursors.open(consumer, () => this.#before()) };
  }

  /**
   * Moves a consumer on: everything up to and including `id` is done. Never backwards. It is on disk with the next commit,
   * which comes at once: a crash before it gives the consumer the same entries again, as a crash before this call would.
   */
  settle(consumer: string, id: number): void {
    if (!Number.isSafeInteger(id) || id < 0 || id > this.#writer.tally.last_id)
      throw new RangeError(`${consumer} settles entry ${id}, the journal ends at ${this.#writer.tally.last_id}`);
    if (this.#closed) throw new Error("the journal is closed");
    this.#damage.guard(() => {
      if (this.#cursors.settle(consumer, id)) return;
      this.cursor(consumer);
      this.#cursors.settle(consumer, id);
    });
    this.#commits.move();
  }

  /** A consumer lost what it had: it is given everything after `id` again, as far as it is kept. */
  rewind(consumer: string, id: number): void {
    this.#cursors.rewind(consumer, id);
  }

  /** Every cursor, by name. */
  consumers(): Consumer[] {
    return this.#cursors.all(this.#writer.tally.last_id);
  }

  /** Releases a consumer's cursor: what only it had not settled may now leave. False if there was none. */
  removeConsumer(consumer: string): boolean {
    return this.#cursors.remove(consumer);
  }

  /** Up to `limit` entries after id `after`, in order. Not to be changed: they are shared between the consumers. */
  read(after: number, limit: number): Journalled[] {
    return this.#damage.guard(() => this.#reader.read(after, limit));
  }

  /** Calls `fn` after each commit that added entries, until the returned function is called. `fn` must not throw. */
  onCommit(fn: (head: Cursor) => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  /** Dead letters in the order they came, after letter `after`. */
  deadLetters(limit = 100, after = 0): DeadLetter[] {
    return this.#letters.after(after, limit);
  }

  /** What is in the journal, and what went through it. */
  counts(): JournalCounts {
    const before = this.#before();
    const { last_id, packs, events, letters } = this.#writer.tally;
    return {
      entries: last_id - before,
      oldestId: before + 1,
      deadLettersKept: this.#letters.kept(),
      bytes: usedBytes(this.#db),
      waiting: this.#commits.group.waiting,
      ...{ packs, events, deadLetters: letters },
    };
  }

  /**
   * Deletes what is old or too much and settled by every consumer, in small steps. One at a time: who asks while one is
   * under way (a large backlog on a slow card) gets its report.
   */
  trim(limits: TrimLimits): Promise<TrimReport> {
    if (this.#cursors.waiting) this.#commits.now();
    return this.#trimmer.run(limits);
  }

  /** Entries that are not what was written: they are left out of every reading, and kept as dead letters. */
  altered(): { firstId: number; lastId: number }[] {
    return this.#damage.altered();
  }

  /** Commits what waits and closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    if (this.#cursors.waiting) this.#commits.now();
    await this.flushed().catch(() => undefined);
    this.#closed = true;
    this.#commits.end();
    try {
      this.#db.pragma("wal_checkpoint(TRUNCATE)");
    } catch {
      // No room to fold the log in (a full disk): it stays, whole, and the next start reads it.
    } finally {
      this.#db.close();
      this.#lock.close();
    }
  }

  #before(): number {
    return (this.#reader.oldest() ?? this.#writer.tally.last_id + 1) - 1;
  }
}
