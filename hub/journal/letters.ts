/** Dead letters: what was authentic, or accepted, and could not be used. Kept with the reason, for a person to look at. */
import type Database from "better-sqlite3";
import type { LineKey, Verdict } from "../ledger.js";
import type { UnixMs } from "../model.js";

/** Something that could not be used. */
export interface Letter {
  received: UnixMs;
  board: string | null;
  line: string;
  /** Stable name, counted: `bad-json`, `collision`, `influx-400` … */
  reason: string;
  detail?: string;
  /** The output that could not use it; absent for a line that never became an entry. */
  consumer?: string;
  /** The entry that the output could not use, or the first of an altered group. */
  entry?: number;
  /** The line's number, when it has one: from now on it counts as received. */
  number?: { epoch: string; boot: number; seq: number };
}

export interface DeadLetter {
  id: number;
  received: UnixMs;
  board: string | null;
  line: string;
  reason: string;
  detail: string | null;
  consumer: string | null;
  entry: number | null;
}

/** Dead letters of one board among which a number is looked for. */
const LOOK_BACK = 1000;

export class Letters {
  #put: Database.Statement;
  #all: Database.Statement;
  #has: Database.Statement;
  #buried: Database.Statement;
  #numbered: Database.Statement;
  #count: Database.Statement;

  constructor(db: Database.Database) {
    this.#put = db.prepare(
      "INSERT INTO letters (received, board, line, reason, detail, consumer, entry) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#all = db.prepare("SELECT * FROM letters WHERE id > ? ORDER BY id LIMIT ?");
    this.#has = db
      .prepare(
        "SELECT 1 FROM letters WHERE board = @board AND substr(line, -16) = substr(@line, -16) AND line = @line LIMIT 1",
      )
      .pluck();
    this.#buried = db.prepare("SELECT 1 FROM letters WHERE entry = ? AND consumer IS ? LIMIT 1").pluck();
    this.#numbered = db
      .prepare(
        `SELECT line FROM (SELECT line, consumer FROM letters WHERE board = ? ORDER BY id DESC LIMIT ${LOOK_BACK})
         WHERE consumer IS NULL AND instr(line, ?) > 0`,
      )
      .pluck();
    this.#count = db.prepare("SELECT count(*) FROM letters").pluck();
  }

  /** Inside the group's transaction. */
  put(l: Letter): void {
    this.#put.run(l.received, l.board, l.line, l.reason, l.detail ?? null, l.consumer ?? null, l.entry ?? null);
  }

  /** Is this very line of that board a dead letter? `open` are those that wait for their commit. */
  has(board: string, line: string, open: Letter[]): boolean {
    return (
      open.some((letter) => letter.board === board && letter.line === line) ||
      this.#has.get({ board, line }) !== undefined
    );
  }

  /**
   * Has this output put away this entry before? A crash before its place was on disk gives it the entry again; and an
   * altered group, which the journal itself puts away, is met again at the next start.
   */
  buried({ consumer, entry }: Letter, open: Letter[]): boolean {
    if (entry === undefined) return false;
    return (
      open.some((letter) => letter.consumer === consumer && letter.entry === entry) ||
      this.#buried.get(entry, consumer ?? null) !== undefined
    );
  }

  /** Compares a line whose number is known, but stands in no entry, with the latest dead letters of its board. */
  judge(key: LineKey, open: Letter[]): Exclude<Verdict, "new"> {
    const id = ` ${key.board} ${key.epoch}.${key.boot}.${key.seq} `;
    const waiting = open.filter((letter) => letter.board === key.board && letter.line.includes(id));
    const lines = [...waiting.map((letter) => letter.line), ...(this.#numbered.all(key.board, id) as string[])];
    if (lines.length === 0) return "known";
    return lines.some((line) => line.endsWith("." + key.tag)) ? "same" : "different";
  }

  after(id: number, limit: number): DeadLetter[] {
    return this.#all.all(id, limit) as DeadLetter[];
  }

  kept(): number {
    return this.#count.get() as number;
  }
}
