/** Where each consumer of the journal stands. A cursor keeps what it has not settled from leaving. */
import type Database from "better-sqlite3";

export interface Consumer {
  consumer: string;
  /** Everything up to and including this entry is done. */
  id: number;
  /** Entries after it. */
  behind: number;
}

export class Cursors {
  #get: Database.Statement;
  #put: Database.Statement;
  #move: Database.Statement;
  #back: Database.Statement;
  #all: Database.Statement;
  #cut: Database.Statement;

  constructor(db: Database.Database) {
    this.#get = db.prepare("SELECT id FROM cursors WHERE consumer = ?").pluck();
    this.#put = db.prepare("INSERT INTO cursors VALUES (@consumer, @id, -@id)");
    this.#move = db.prepare("UPDATE cursors SET id = max(id, @id), mirror = -max(id, @id) WHERE consumer = @consumer");
    this.#back = db.prepare("UPDATE cursors SET id = min(id, @id), mirror = -min(id, @id) WHERE consumer = @consumer");
    this.#all = db.prepare("SELECT consumer, id FROM cursors ORDER BY consumer");
    this.#cut = db.prepare("DELETE FROM cursors WHERE consumer = ?");
  }

  /** A consumer's place; a new one starts at `before`, the id before the oldest entry that is kept. */
  open(consumer: string, before: () => number): number {
    const known = this.#get.get(consumer) as number | undefined;
    if (known !== undefined) return known;
    const id = before();
    this.#put.run({ consumer, id });
    return id;
  }

  /** Moves a cursor on, never back. False if there is none of that name. */
  settle(consumer: string, id: number): boolean {
    return this.#move.run({ consumer, id }).changes > 0;
  }

  /** Moves a cursor back, never on. */
  rewind(consumer: string, id: number): void {
    this.#back.run({ consumer, id });
  }

  all(head: number): Consumer[] {
    const rows = this.#all.all() as { consumer: string; id: number }[];
    return rows.map((row) => ({ ...row, behind: head - row.id }));
  }

  remove(consumer: string): boolean {
    return this.#cut.run(consumer).changes > 0;
  }
}
