/** Dead letters: what was authentic, or accepted, and could not be used. Kept with the reason, for a person to look at. */
import type Database from "better-sqlite3";
import type { UnixMs } from "./model.js";

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
  /** The entry that the output could not use. */
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

export class Letters {
  #put: Database.Statement;
  #all: Database.Statement;
  #has: Database.Statement;
  #count: Database.Statement;

  constructor(db: Database.Database) {
    this.#put = db.prepare(
      "INSERT INTO letters (received, board, line, reason, detail, consumer, entry) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#all = db.prepare("SELECT * FROM letters WHERE id > ? ORDER BY id LIMIT ?");
    this.#has = db.prepare("SELECT 1 FROM letters WHERE board = ? AND line = ? LIMIT 1").pluck();
    this.#count = db.prepare("SELECT count(*) FROM letters").pluck();
  }

  /** Inside the group's transaction. */
  put(l: Letter): void {
    this.#put.run(l.received, l.board, l.line, l.reason, l.detail ?? null, l.consumer ?? null, l.entry ?? null);
  }

  has(board: string, line: string): boolean {
    return this.#has.get(board, line) !== undefined;
  }

  after(id: number, limit: number): DeadLetter[] {
    return this.#all.all(id, limit) as DeadLetter[];
  }

  kept(): number {
    return this.#count.get() as number;
  }
}
