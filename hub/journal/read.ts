/**
 * Reads entries back. What was committed a moment ago is still in memory as objects, and most consumers want just that;
 * the rest is read row by row, and no read transaction outlives a call.
 */
import type Database from "better-sqlite3";
import { readGroup } from "./data.js";
import { isWhole } from "./schema.js";
import type { Entry, Journalled } from "../model.js";

interface Group {
  firstId: number;
  entries: Journalled[];
}

/** A group as it stands in the file. */
export type GroupRow = { first_id: number; last_id: number; newest: number; data: string; crc: number | null };

/** Size (as they are written) of the groups that are kept in memory. */
const RECENT_BYTES = 2 << 20;

function numbered(firstId: number, entries: Entry[]): Journalled[] {
  for (let i = 0; i < entries.length; i++) (entries[i] as Journalled).id = firstId + i;
  return entries as Journalled[];
}

/** A group's entries; null if it is not what was written. */
export function entriesOf({ first_id, data, crc }: Pick<GroupRow, "first_id" | "data" | "crc">): Journalled[] | null {
  try {
    return isWhole(data, crc) ? numbered(first_id, readGroup(data)) : null;
  } catch {
    return null;
  }
}

function take(out: Journalled[], group: Group, from: number, limit: number): void {
  const start = Math.max(0, from - group.firstId);
  for (let i = start; i < group.entries.length && out.length < limit; i++) out.push(group.entries[i]);
}

function holds({ firstId, entries }: Group, id: number): boolean {
  return firstId <= id && id < firstId + entries.length;
}

export class JournalReader {
  #recent: (Group & { bytes: number })[] = [];
  #recentBytes = 0;
  #first: Database.Statement;
  #start: Database.Statement;
  #groups: Database.Statement;

  /** The group that was read from the file last: the next portion of a backlog often begins in it. */
  #parsed: Group | null = null;
  #damaged: (row: GroupRow) => void;

  /** `damaged` is told of every group that is not what was written: its entries are left out. */
  constructor(db: Database.Database, damaged: (row: GroupRow) => void) {
    this.#damaged = damaged;
    this.#first = db.prepare("SELECT first_id FROM groups ORDER BY first_id LIMIT 1").pluck();
    this.#start = db.prepare("SELECT first_id FROM groups WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1").pluck();
    this.#groups = db.prepare(
      "SELECT first_id, last_id, newest, data, crc FROM groups WHERE first_id >= ? ORDER BY first_id",
    );
  }

  /** Id of the oldest entry that is kept; undefined if there is none. */
  oldest(): number | undefined {
    return this.#first.get() as number | undefined;
  }

  /** Takes a group that has just been committed; `bytes` is its size as it is written. */
  remember(firstId: number, entries: Entry[], bytes: number): void {
    this.#recent.push({ firstId, bytes, entries: numbered(firstId, entries) });
    this.#recentBytes += bytes;
    while (this.#recentBytes > RECENT_BYTES && this.#recent.length > 1)
      this.#recentBytes -= this.#recent.shift()!.bytes;
  }

  /** Up to `limit` entries with ids greater than `after`, in order. */
  read(after: number, limit: number): Journalled[] {
    const out: Journalled[] = [];
    const from = after + 1;
    if (this.#recent.length > 0 && this.#recent[0].firstId <= from) {
      for (let i = this.#recentIndex(from); i < this.#recent.length && out.length < limit; i++)
        take(out, this.#recent[i], from, limit);
      return out;
    }
    let next: number;
    if (this.#parsed !== null && holds(this.#parsed, from)) {
      take(out, this.#parsed, from, limit);
      next = this.#parsed.firstId + this.#parsed.entries.length;
      if (out.length >= limit) return out;
    } else next = (this.#start.get(from) as number | undefined) ?? 0;
    for (const row of this.#groups.iterate(next) as IterableIterator<GroupRow>) {
      if (row.last_id < from) continue;
      const entries = entriesOf(row);
      if (entries === null) {
        this.#damaged(row);
        continue;
      }
      const group = { firstId: row.first_id, entries };
      take(out, group, from, limit);
      this.#parsed = group;
      if (out.length >= limit) break;
    }
    return out;
  }

  /** The line of entry `id`; null if it is not kept, has none, or is not what was written. */
  lineOf(id: number): string | null {
    const [entry] = this.read(id - 1, 1);
    return entry?.id === id && entry.kind === "pack" ? entry.line : null;
  }

  /** The recent group that holds entry `id`, or the last one before it. */
  #recentIndex(id: number): number {
    let low = 0;
    let high = this.#recent.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#recent[middle].firstId <= id) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
