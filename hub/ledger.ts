/**
 * The ledger: which numbers of which board have arrived. It is the de-duplication, the window against replays and the
 * account of losses at once, and it is saved in the same transaction as the readings it speaks of.
 *
 * A stream is one start of a board: (board, epoch, boot). Its numbers are kept as ranges, for ever. A line sent twice is
 * told from two lines with one number by the first 8 bytes of the seal (a keyed hash of every byte of the line), which
 * are kept with each entry (ledger/chain.ts).
 */
import type Database from "better-sqlite3";
import { rangeSum } from "./journal/schema.js";
import { anchorBy, boundBy, moveAnchor } from "./ledger/anchor.js";
import { Chain, emptyKeys } from "./ledger/chain.js";
import { flat, statements } from "./ledger/rows.js";
import type { LaterRow, ReceivedRow, StreamRow } from "./ledger/rows.js";
import { firstLater, isLive, keepsStep, keptStream, nameOf, newStream } from "./ledger/stream.js";
import type { Later, Loaded, Stream } from "./ledger/stream.js";
import { add, has, holes, pairs, size } from "./ledger/ranges.js";
import type { Range, RangeEdits, Ranges } from "./ledger/ranges.js";
import type { UnixMs } from "./model.js";

/** The number of a line, and the tag of its seal (32 hexadecimal digits). */
export interface LineKey {
  board: string;
  epoch: string;
  boot: number;
  seq: number;
  tag: string;
}

/** `known`: received, but what it said is no longer kept (or was never an entry). `different`: a collision. */
export type Verdict = "new" | "same" | "different" | "known";

/** What the hub knows of one start of a board. Ranges include both ends. */
export interface StreamReport {
  epoch: string;
  boot: number;
  received: Range[];
  /** Numbers that the board said it had to drop, unless they arrived after all. */
  dropped: Range[];
  /** Numbers below the highest known one of which nothing was heard. */
  missing: Range[];
  counts: { received: number; dropped: number; missing: number };
}

/** Streams of one board held in memory, beside those that the open group has touched. */
const LOADED = 8;

export class Ledger {
  #sql: ReturnType<typeof statements>;
  #chain: Chain;
  #boards = new Map<string, Loaded>();
  /** The stream that was asked for last: a pack asks for the same one several times. */
  #last: Stream | null = null;
  #nextStream: number;
  /** What the open group holds, entry by entry; null for an entry without a number. */
  #pending: ({ stream: Stream; seq: number; tag: string } | null)[] = [];
  #dirty = new Set<Stream>();
  /** How often the hub's clock was set since the start. */
  #steps = 0;
  #drops: { stream: Stream; first: number; last: number }[] = [];

  /** @param lineOf the line of a kept entry; null if it has none, or is not what was written */
  constructor(db: Database.Database, lineOf: (id: number) => string | null) {
    this.#sql = statements(db);
    this.#chain = new Chain(db, lineOf);
    this.#nextStream = (this.#sql.lastStream.get() as number) + 1;
  }

  /** Has this number arrived (what waits in the open group included)? */
  received(board: string, epoch: string, boot: number, seq: number): boolean {
    const stream = this.#find(board, epoch, boot);
    return stream !== undefined && has(stream.received, seq);
  }

  /** Compares a line's number, and its seal, with what has arrived. */
  judge(key: LineKey): Verdict {
    const stream = this.#find(key.board, key.epoch, key.boot);
    if (stream === undefined || !has(stream.received, key.seq)) return "new";
    if (this.#dirty.has(stream))
      for (const p of this.#pending)
        if (p !== null && p.stream === stream && p.seq === key.seq) return p.tag === key.tag ? "same" : "different";
    return this.#chain.judge(stream.end, key);
  }

  /** Notes the next entry of the open group; `key` is null if it carries no number. */
  note(key: LineKey | null): void {
    if (key === null) {
      this.#pending.push(null);
      return;
    }
    const stream = this.noteNumber(key);
    this.#pending.push({ stream, seq: key.seq, tag: key.tag });
  }

  /** Notes a number that arrived and is kept elsewhere than in the entries (a dead letter). */
  noteNumber(key: Omit<LineKey, "tag">): Stream {
    const stream = this.#make(key.board, key.epoch, key.boot);
    add(stream.received, key.seq, key.seq, stream.edits);
    return stream;
  }

  /** Notes what a board says it dropped. */
  noteDropped(board: string, epoch: string, boot: number, first: number, last: number): void {
    this.#drops.push({ stream: this.#make(board, epoch, boot), first, last });
  }

  /** Notes a hello: sets the hub time at the board's uptime 0 (see ledger/anchor.ts). */
  noteHello(board: string, epoch: string, boot: number, uptimeMs: number, received: UnixMs): void {
    const stream = this.#make(board, epoch, boot);
    anchorBy(stream, uptimeMs, received, this.#steps, this.later(board, epoch, boot) !== undefined);
    this.#moved(stream);
  }

  /** Has a hello of this start with this uptime, or a later one, been heard? Then it is a resend, or a replay. */
  heard(board: string, epoch: string, boot: number, uptimeMs: number): boolean {
    return uptimeMs <= (this.#find(board, epoch, boot)?.helloUptime ?? -1);
  }

  /** The hub's time at that start's uptime 0; null if no hello of it was heard. */
  anchor(board: string, epoch: string, boot: number): UnixMs | null {
    const stream = this.#find(board, epoch, boot);
    return stream?.greeted === true ? stream.anchor : null;
  }

  /** When a later start of the same epoch began, at the latest; null: not known; undefined: none was heard of. */
  later(board: string, epoch: string, boot: number): Later {
    const stream = this.#find(board, epoch, boot);
    if (stream !== undefined && isLive(stream)) return undefined;
    const loaded = this.#boards.get(board);
    const known = stream?.later;
    if (known !== undefined && known !== null && known.version === loaded?.version) return known.at;
    const at = firstLater(this.#sql.later.all(board, epoch, boot) as LaterRow[], loaded, epoch, boot);
    if (stream !== undefined && loaded !== undefined) stream.later = { at, version: loaded.version };
    return at;
  }

  /**
   * The latest time at which a reading was taken by a start that never greeted, or whose hello `later` disproves; the
   * start is bounded by it from now on. As {@link later}, of which `later` is what is believed; but a start that is seen
   * to go on has no later one from here on.
   */
  bound(board: string, epoch: string, boot: number, uptimeMs: number, received: UnixMs, later: Later): UnixMs {
    const stream = this.#make(board, epoch, boot);
    if (stream.greeted && later === undefined) return received;
    const believed = later !== undefined && keepsStep(stream, uptimeMs, received) ? undefined : later;
    const before = stream.greeted ? null : stream.anchor;
    if (stream.greeted) stream.anchor = stream.boundUptime = null;
    stream.greeted = false;
    boundBy(stream, uptimeMs, received, believed, this.#steps);
    if (stream.anchor !== before) this.#moved(stream);
    return stream.anchor! + uptimeMs;
  }

  /** Does that anchor belong to the hub's clock as it is now? Not if no hello has come under it. */
  anchorSure(board: string, epoch: string, boot: number): boolean {
    const stream = this.#find(board, epoch, boot);
    return stream?.greeted === true && stream.anchorSteps === this.#steps;
  }

  /** The hub's clock was set by `stepMs`: anchors that were found by it go along, until the next hello. */
  clockStepped(stepMs: number): void {
    for (const { recent, all } of this.#boards.values())
      for (const stream of all?.values() ?? [recent]) {
        if (!moveAnchor(stream, stepMs, this.#steps)) continue;
        this.#dirty.add(stream);
        this.#moved(stream);
      }
    this.#steps++;
  }

  /** Inside the group's transaction: saves what was noted. `firstId` is the id of the group's first entry. */
  save(firstId: number): Buffer {
    const keys = emptyKeys(this.#pending.length);
    this.#pending.forEach((p, index) => {
      if (p !== null) this.#chain.link(p.stream.end, keys, index, firstId + index, p.seq, p.tag);
    });
    for (const stream of this.#dirty) {
      if (stream.rowDirty) {
        const { id, board, epoch, boot, anchor, helloUptime, greeted } = stream;
        this.#sql.saveStream.run(id, board, epoch, boot, anchor, greeted ? helloUptime : null);
      }
      for (const [first, last] of stream.edits)
        if (last === null) this.#sql.cutReceived.run(stream.id, first);
        else {
          const { lastId, depth } = stream.end;
          this.#sql.putReceived.run(
            stream.id,
            first,
            last,
            lastId,
            depth,
            rangeSum(stream.id, first, last, lastId, depth),
          );
        }
    }
    for (const drop of this.#drops) this.#saveDrop(drop.stream.id, drop.first, drop.last);
    return keys;
  }

  /** After the transaction: what was noted is on disk, or (`kept` false) is forgotten. */
  settle(kept: boolean): void {
    for (const stream of this.#dirty) {
      if (kept) {
        stream.rowDirty = false;
        stream.edits.clear();
      } else this.#boards.delete(stream.board);
    }
    if (!kept) this.#last = null;
    this.#dirty.clear();
    this.#pending = [];
    this.#drops = [];
  }

  /** Every start of a board that was heard of, oldest first, as far as it is on disk. */
  report(board: string): StreamReport[] {
    return (this.#sql.streams.all(board) as { id: number; epoch: string; boot: number }[]).map((row) => {
      const received = flat(this.#sql.received.all(row.id) as ReceivedRow[]);
      const told = flat(this.#sql.dropped.all(row.id) as ReceivedRow[]);
      const top = Math.max(received.at(-1) ?? 0, told.at(-1) ?? 0);
      const dropped: Ranges = [];
      for (const [first, last] of pairs(told)) for (const hole of holes(first, last, received)) dropped.push(...hole);
      const missing = holes(1, top, received, told);
      const counts = { received: size(received), dropped: size(dropped), missing: size(missing.flat()) };
      return { epoch: row.epoch, boot: row.boot, received: pairs(received), dropped: pairs(dropped), missing, counts };
    });
  }

  #saveDrop(stream: number, first: number, last: number): void {
    const ranges = flat(this.#sql.dropped.all(stream) as ReceivedRow[]);
    const edits: RangeEdits = new Map();
    add(ranges, first, last, edits);
    for (const [from, to] of edits)
      if (to === null) this.#sql.cutDropped.run(stream, from);
      else this.#sql.putDropped.run(stream, from, to);
  }

  #find(board: string, epoch: string, boot: number): Stream | undefined {
    const last = this.#last;
    if (last !== null && last.board === board && last.boot === boot && last.epoch === epoch) return last;
    const loaded = this.#boards.get(board);
    if (loaded !== undefined) {
      const { recent, all } = loaded;
      if (recent.boot === boot && recent.epoch === epoch) return (this.#last = recent);
      const known = all?.get(`${epoch}.${boot}`);
      if (known !== undefined) return (this.#last = loaded.recent = known);
    }
    const row = this.#sql.stream.get(board, epoch, boot) as StreamRow | undefined;
    if (row === undefined) return undefined;
    return this.#load(keptStream(row, this.#sql.received.all(row.id) as ReceivedRow[], board, epoch, boot));
  }

  #make(board: string, epoch: string, boot: number): Stream {
    let stream = this.#find(board, epoch, boot);
    if (stream === undefined) {
      stream = this.#load(newStream(this.#nextStream++, board, epoch, boot));
      this.#moved(stream);
    }
    this.#dirty.add(stream);
    return stream;
  }

  /** When the start began has come to be known, or is another time: so it is for those before it. */
  #moved(stream: Stream): void {
    stream.rowDirty = true;
    this.#boards.get(stream.board)!.version++;
  }

  #load(stream: Stream): Stream {
    const loaded = this.#boards.get(stream.board);
    if (loaded === undefined) this.#boards.set(stream.board, { recent: stream, all: null, version: 0 });
    else {
      const { recent } = loaded;
      const all = (loaded.all ??= new Map([[nameOf(recent), recent]]));
      // A gap may name many streams at once: only the oldest are looked at, or each would cost as much as there are.
      let looked = 0;
      for (const [name, other] of all) {
        if (all.size < LOADED || looked++ === 2 * LOADED) break;
        if (!this.#dirty.has(other)) all.delete(name);
      }
      all.set(nameOf(stream), stream);
      loaded.recent = stream;
    }
    return (this.#last = stream);
  }
}
