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
  /** Moves that wait for the journal's next commit. */
  #moves = new Map<string, number>();

  constructor(db: Database.Database) {
    this.#get = db.prepare("SELECT id FROM cursors WHERE consumer = ?").pluck();
    this.#put = db.prepare("INSERT INTO cursors VALUES (@consumer, @id, -@id)");
    this.#move = db.prepare("UPDATE cursors SET id = max(id, @id), mirror = -max(id, @id) WHERE consumer = @consumer");
    this.#back = db.prepare("UPDATE cursors SET id = @id, mirror = -@id WHERE consumer = @consumer");
    this.#all = db.prepare("SELECT consumer, id FROM cursors ORDER BY consumer");
    this.#cut = db.prepare("DELETE FROM cursors WHERE consumer = ?");
  }

  /** A consumer's place; a new one starts at `before`, the id before the oldest entry that is kept. */
  open(consumer: string, before: () => number): number {
    const known = this.#place(consumer);
    if (known !== undefined) return known;
    const id = before();
    this.#put.run({ consumer, id });
    return id;
  }

  /** Moves a cursor on with the next commit, never back. False if there is none of that name. */
  settle(consumer: string, id: number): boolean {
    const known = this.#place(consumer);
    if (known === undefined) return false;
    if (id > known) this.#moves.set(consumer, id);
    return true;
  }

  /** Does a move wait for a commit? */
  get waiting(): boolean {
    return this.#moves.size > 0;
  }

  /** Inside the transaction of a commit: writes the moves. They wait on until {@link saved} is told that it stands. */
  save(): void {
    for (const [consumer, id] of this.#moves) this.#move.run({ consumer, id });
  }

  /** The commit stands. */
  saved(): void {
    this.#moves.clear();
  }

  /** Moves a cursor back, never on; at once. */
  rewind(consumer: string, id: number): void {
    const known = this.#place(consumer);
    if (known === undefined || id >= known) return;
    this.#back.run({ consumer, id });
    this.#moves.delete(consumer);
  }

  all(head: number): Consumer[] {
    const rows = this.#all.all() as { consumer: string; id: number }[];
    return rows.map(({ consumer, id }) => {
      const place = this.#moves.get(consumer) ?? id;
      return { consumer, id: place, behind: head - place };
    });
  }

  remove(consumer: string): boolean {
    const { changes } = this.#cut.run(consumer);
    this.#moves.delete(consumer);
    return changes > 0;
  }

  #place(consumer: string): number | undefined {
    return this.#moves.get(consumer) ?? (this.#get.get(consumer) as number | undefined);
  }
}
