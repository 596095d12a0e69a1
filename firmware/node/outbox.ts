/**
 * Sealed lines that the hub has not acknowledged yet, kept in flash. A ring of chunks (chunk.ts) in a few fixed files:
 * the newest chunk is written, the oldest of which nothing waits is erased when the ring comes round, and only where
 * something waits in all of them the oldest. One slot stays free so that what is about to be dropped can be named in
 * flash before it goes. RAM holds two numbers for each chunk and no lines.
 */
import type { Gap } from "../wire/pack.js";
import { CHUNK_BYTES, chunkName, createChunk, endOf, FIRST_RECORD, findRecord } from "./chunk.js";
import { isWaiting, lineAt, markRecord, recordBytes, serialOf, writeRecord } from "./chunk.js";
import type { Form } from "./form.js";
import type { Hal } from "./hal.js";
import { mergeRanges } from "./ranges.js";
import type { Range } from "./ranges.js";

/** A record: the slot, the serial number of the chunk in it, and where the record begins. */
export interface Ref {
  slot: number;
  serial: number;
  at: number;
}

export interface Outbox {
  /** Keeps a line. False when flash takes nothing any more: the line is lost, and the hub misses its number. */
  add(line: string): boolean;
  /** The newest line that waits, of those that `passed` (if given) does not want passed over. */
  newest(passed?: (slot: number, serial: number, at: number) => boolean): Ref | null;
  /** The line's bytes; undefined when the ring has dropped it meanwhile. */
  line(ref: Ref): string | undefined;
  /** The hub has it, or will never take it. */
  settle(ref: Ref): void;
  /** How many lines wait. */
  waiting(): number;
  /** How often the ring has come round: so often each of its chunks was erased. */
  rounds(): number;
}

/** Part of the store that is kept free, and the part below which an empty outbox tidies up, in percent. */
const RESERVE_PERCENT = 30;
const TIDY_PERCENT = 45;

/**
 * Opens the outbox and reads what survived. `slots` (3–100) bounds the ring: `slots - 1` chunks hold lines.
 * `gapLine` numbers and seals a gap; `form` is how lines are written.
 */
export function openOutbox(
  hal: Pick<Hal, "store" | "crc32Hex">,
  slots: number,
  gapLine: (gap: Gap) => string,
  form: Pick<Form, "rangesOf" | "rangesPerGap">,
): Outbox {
  const store = hal.store;
  const serials = new Uint32Array(slots);
  const counts = new Uint16Array(slots);
  let newestSlot = -1;
  let end = CHUNK_BYTES;
  let lastGap: Ref | null = null;
  let owed: Range[] = [];

  const eachWaiting = (slot: number, fn: (at: number) => void): void => {
    let found = findRecord(hal, slot, FIRST_RECORD);
    while (found !== null) {
      if (found.waiting) fn(found.at);
      found = findRecord(hal, slot, found.end);
    }
  };

  /** The live slot with the highest or lowest serial number, or -1. */
  const outermost = (highest: boolean): number => {
    let best = -1;
    for (let slot = 0; slot < slots; slot++)
      if (serials[slot] > 0 && (best < 0 || serials[slot] > serials[best] === highest)) best = slot;
    return best;
  };

  /** The newest line that waits in chunks below this serial number. */
  const newestBelow = (
    serial: number,
    passed: ((slot: number, serial: number, at: number) => boolean) | undefined,
  ): Ref | null => {
    let slot = -1;
    for (let i = 0; i < slots; i++)
      if (counts[i] > 0 && serials[i] < serial && (slot < 0 || serials[i] > serials[slot])) slot = i;
    if (slot < 0) return null;
    const found = serials[slot];
    let last = -1;
    eachWaiting(slot, (at) => {
      if (passed === undefined || !passed(slot, found, at)) last = at;
    });
    return last < 0 ? newestBelow(found, passed) : { slot: slot, serial: found, at: last };
  };

  const waiting = (): number => counts.reduce((sum, count) => sum + count, 0);

  const put = (line: string): Ref | null => {
    const at = end;
    if (newestSlot < 0 || at + recordBytes(line.length) > CHUNK_BYTES) return null;
    end += recordBytes(line.length);
    if (!writeRecord(hal, newestSlot, at, line)) return null;
    counts[newestSlot] += 1;
    return { slot: newestSlot, serial: serials[newestSlot], at: at };
  };

  const lineOf = (ref: Ref): string | undefined =>
    serials[ref.slot] === ref.serial ? lineAt(store, ref.slot, ref.at) : undefined;

  const settle = (ref: Ref): void => {
    if (serials[ref.slot] !== ref.serial || !isWaiting(store, ref.slot, ref.at)) return;
    markRecord(store, ref.slot, ref.at);
    counts[ref.slot] -= 1;
  };

  /** Writes what is owed as gap lines; a gap that still waits is told anew in the same line and settled. */
  const tell = (): void => {
    const before = lastGap;
    const text = before === null ? undefined : lineOf(before);
    let ranges = text === undefined ? owed : mergeRanges(form.rangesOf(text), owed);
    while (ranges.length > 0) {
      const written = put(gapLine({ dropped: ranges.slice(0, form.rangesPerGap) }));
      if (written === null) return;
      lastGap = written;
      ranges = ranges.slice(form.rangesPerGap);
    }
    owed = [];
    if (before !== null) settle(before);
  };

  const erase = (slot: number): void => {
    store.erase(chunkName(slot));
    serials[slot] = 0;
    counts[slot] = 0;
  };

  /** Erases so many chunks of which nothing waits, the oldest first. */
  const freeSettled = (most: number): void => {
    for (let left = most; left > 0; left--) {
      let oldest = -1;
      for (let slot = 0; slot < slots; slot++) {
        if (serials[slot] === 0 || counts[slot] > 0 || slot === newestSlot) continue;
        if (oldest < 0 || serials[slot] < serials[oldest]) oldest = slot;
      }
      if (oldest < 0) return;
      erase(oldest);
    }
  };

  const dropOldest = (): void => {
    const oldest = outermost(false);
    if (oldest < 0 || oldest === newestSlot) return;
    eachWaiting(oldest, (at) => {
      const line = lineAt(store, oldest, at);
      if (line !== undefined) owed = mergeRanges(owed, form.rangesOf(line));
    });
    if (owed.length > 0) tell();
    erase(oldest);
  };

  const hasRoom = (percent: number): boolean =>
    store.free() >= Math.floor((store.total() * percent) / 100) + CHUNK_BYTES + 64;

  const live = (): number => serials.reduce((sum, serial) => sum + (serial > 0 ? 1 : 0), 0);

  const makeRoom = (): void => {
    if (hasRoom(RESERVE_PERCENT)) return;
    freeSettled(slots);
    store.compact();
    while (!hasRoom(RESERVE_PERCENT) && live() > 1) {
      dropOldest();
      store.compact();
    }
  };

  const rotate = (): boolean => {
    makeRoom();
    if (live() === slots - 1) freeSettled(1);
    const slot = serials.indexOf(0);
    const serial = newestSlot < 0 ? 1 : serials[newestSlot] + 1;
    if (slot < 0 || !createChunk(store, slot, serial)) return false;
    serials[slot] = serial;
    newestSlot = slot;
    end = FIRST_RECORD;
    if (live() === slots) dropOldest();
    else if (owed.length > 0) tell();
    return true;
  };

  /** With nothing to lose is the moment to compact: settled chunks go, and flash is gathered. */
  const tidy = (): void => {
    if (waiting() > 0 || hasRoom(TIDY_PERCENT)) return;
    freeSettled(slots);
    store.compact();
  };

  const count = (slot: number): void => eachWaiting(slot, () => (counts[slot] += 1));
  for (let slot = 0; slot < slots; slot++) {
    serials[slot] = serialOf(store, slot);
    if (serials[slot] > 0) count(slot);
  }
  newestSlot = outermost(true);
  if (newestSlot >= 0) end = endOf(store, newestSlot);
  // All slots in use: the power went between naming the oldest lines and erasing them.
  if (live() === slots) dropOldest();

  return {
    add: (line) => put(line) !== null || (rotate() && put(line) !== null),
    newest: (passed) => newestBelow(Infinity, passed),
    line: lineOf,
    settle: (ref) => {
      settle(ref);
      tidy();
    },
    waiting: waiting,
    rounds: () => (newestSlot < 0 ? 0 : Math.floor(serials[newestSlot] / slots)),
  };
}
