/**
 * Finds a kept entry by its number, without an index row for every entry (which would cost more than the rest of the
 * commit). Every group has a blob `keys` with one record for each of its entries, 24 bytes, little-endian:
 *
 *   0 stream (u32, 0 = the entry has no number) · 4 seq (u32) · 8 ids back to the stream's entry before it (f64, 0 = none)
 *   16 first 8 bytes of the seal
 *
 * After every 64 entries of a stream a row of `runs` says which numbers they carry and where the last of them is. A
 * look-up walks back from the newest entry and from each run that may hold the number: 128 records each at most.
 */
import type Database from "better-sqlite3";
import type { LineKey, Verdict } from "../ledger.js";

/** Where a stream's chain of entries ends, and what its open run holds so far. */
export interface ChainEnd {
  stream: number;
  /** Id of its newest entry; 0 if it has none. */
  lastId: number;
  /** Entries since the newest run. */
  depth: number;
  /** Least and greatest number of those. */
  least: number;
  most: number;
}

const RECORD = 24;
const RUN = 64;
const WALK = 2 * RUN;

function statements(db: Database.Database) {
  return {
    putRun: db.prepare("INSERT INTO runs VALUES (?, ?, ?, ?)"),
    runs: db
      .prepare("SELECT last_id FROM runs WHERE stream = ? AND least <= ? AND most >= ? ORDER BY last_id DESC")
      .pluck(),
    keys: db.prepare("SELECT first_id, last_id, keys FROM groups WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1"),
  };
}

/** `digest` is the first 8 bytes of the entry's seal, in hexadecimal. */
type Kept = { id: number; digest: string };
type KeysRow = { first_id: number; last_id: number; keys: Buffer };

/** The end of a chain as it is stored (`lastId`, `depth`). Which numbers its open run holds is not stored: any. */
export function chainEnd(stream: number, lastId: number, depth: number): ChainEnd {
  return { stream, lastId, depth, least: depth > 0 ? 0 : Infinity, most: depth > 0 ? 0xffffffff : 0 };
}

/** Room for the records of a group. */
export function emptyKeys(entries: number): Buffer {
  return Buffer.alloc(entries * RECORD);
}

export class Chain {
  #sql: ReturnType<typeof statements>;
  #lineOf: (id: number) => string | null;
  /** The row read last: groups never change, and neighbours in a chain often share one. */
  #row: KeysRow | undefined;

  /** @param lineOf the line of a kept entry; null if it has none, or is not what was written */
  constructor(db: Database.Database, lineOf: (id: number) => string | null) {
    this.#lineOf = lineOf;
    this.#sql = statements(db);
  }

  /** Inside the group's transaction: adds entry `id`, the `index`-th of its group, to the end of its stream's chain. */
  link(end: ChainEnd, keys: Buffer, index: number, id: number, seq: number, tag: string): void {
    const at = index * RECORD;
    keys.writeUInt32LE(end.stream, at);
    keys.writeUInt32LE(seq, at + 4);
    keys.writeDoubleLE(end.lastId === 0 ? 0 : id - end.lastId, at + 8);
    keys.write(tag.slice(0, 16), at + 16, "hex");
    end.lastId = id;
    end.depth++;
    if (seq < end.least) end.least = seq;
    if (seq > end.most) end.most = seq;
    if (end.depth < RUN) return;
    this.#sql.putRun.run(id, end.stream, end.least, end.most);
    end.depth = 0;
    end.least = Infinity;
    end.most = 0;
  }

  /** Compares a line whose number has been received with the kept entry; `known` if that is not kept. */
  judge(end: ChainEnd, key: LineKey): Exclude<Verdict, "new"> {
    const kept = this.#find(end, key.seq);
    if (kept === undefined) return "known";
    if (kept.digest === key.tag.slice(0, 16)) return "same";
    // A bit of `keys` may have turned on the disk: the entry, which has a check sum, has the last word.
    const line = this.#lineOf(kept.id);
    if (line?.endsWith("." + key.tag)) return "same";
    const { board, epoch, boot, seq } = key;
    return line?.includes(` ${board} ${epoch}.${boot}.${seq} `) === false ? "known" : "different";
  }

  #find(end: ChainEnd, seq: number): Kept | undefined {
    const open = this.#walk(end.lastId, end.stream, seq);
    if (open !== undefined) return open;
    for (const lastId of this.#sql.runs.all(end.stream, seq, seq) as number[]) {
      const found = this.#walk(lastId, end.stream, seq);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #walk(from: number, stream: number, seq: number): Kept | undefined {
    let id = from;
    for (let step = 0; step < WALK && id > 0; step++) {
      const row = this.#keysOf(id);
      if (row === undefined) return undefined;
      const at = (id - row.first_id) * RECORD;
      if (row.keys.readUInt32LE(at) !== stream) return undefined;
      if (row.keys.readUInt32LE(at + 4) === seq) return { id, digest: row.keys.toString("hex", at + 16, at + RECORD) };
      const back = row.keys.readDoubleLE(at + 8);
      if (back === 0) return undefined;
      id -= back;
    }
    return undefined;
  }

  #keysOf(id: number): KeysRow | undefined {
    if (this.#row === undefined || id < this.#row.first_id || id > this.#row.last_id)
      this.#row = this.#sql.keys.get(id) as KeysRow | undefined;
    return this.#row !== undefined && id <= this.#row.last_id ? this.#row : undefined;
  }
}
