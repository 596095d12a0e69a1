/** Puts a group on the disk, in one transaction with what the ledger and the cursors have to write. */
import type Database from "better-sqlite3";
import type { Ledger } from "../ledger.js";
import type { Cursors } from "./cursors.js";
import type { Group } from "./group.js";
import type { Letters } from "./letters.js";
import { dataCrc } from "./schema.js";

/** The last id given out, and what there was from the beginning. */
export type Tally = { last_id: number; packs: number; events: number; letters: number };

export class Writer {
  readonly #db: Database.Database;
  readonly #parts: { ledger: Ledger; cursors: Cursors; letters: Letters };
  readonly #putGroup: Database.Statement;
  readonly #saveTally: Database.Statement;
  #tally: Tally;

  constructor(db: Database.Database, parts: { ledger: Ledger; cursors: Cursors; letters: Letters }) {
    this.#db = db;
    this.#parts = parts;
    this.#putGroup = db.prepare("INSERT INTO groups VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#saveTally = db.prepare("UPDATE tally SET last_id = ?, packs = ?, events = ?, letters = ?, bytes = bytes + ?");
    this.#tally = db.prepare("SELECT last_id, packs, events, letters FROM tally").get() as Tally;
  }

  /** As it is on disk. */
  get tally(): Readonly<Tally> {
    return this.#tally;
  }

  /** Throws what SQLite throws; then nothing of the group is there. */
  write({ text, entries, letters }: Group): void {
    const tally = { ...this.#tally };
    const firstId = tally.last_id + 1;
    let newest = 0;
    for (const entry of entries) {
      newest = Math.max(newest, entry.received);
      if (entry.kind === "pack") tally.packs++;
      else tally.events++;
    }
    tally.last_id += entries.length;
    tally.letters += letters.length;
    this.#db.transaction(() => {
      let bytes = 0;
      const keys = this.#parts.ledger.save(firstId);
      if (entries.length > 0) {
        const data = text.text();
        bytes = data.length;
        this.#putGroup.run(firstId, tally.last_id, newest, bytes, keys, data, dataCrc(data));
      }
      for (const letter of letters) this.#parts.letters.put(letter);
      this.#parts.cursors.save();
      this.#saveTally.run(tally.last_id, tally.packs, tally.events, tally.letters, bytes);
    })();
    this.#tally = tally;
  }
}
