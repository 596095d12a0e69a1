/**
 * One chunk of the outbox: a file of fixed size in flash to which records are only ever added. Flash bits go from 1
 * to 0 only, so nothing in a chunk is rewritten; a record is settled by filling four bytes that were kept free.
 *
 *   chunk   serial (8 hex digits), records
 *   record  mark (4 bytes, 0xFF while the line waits), length (4 hex), CRC-32 (8 hex), line, spaces up to 4 bytes
 *
 * A write that a power cut tore leaves bytes without a valid record. The next record starts behind the last byte that
 * was written, on a border of four, and the reader finds it by trying every such border.
 */
import type { Hal, Store } from "./hal.js";

export const CHUNK_BYTES = 4096;
/** Where the first record of a chunk may begin. */
export const FIRST_RECORD = 8;
const MARK = 4;
const HEAD = 16;
const FREE = "\xff\xff\xff\xff";
const BLOCK = 64;

export interface Found {
  /** Where the record begins in its file. */
  at: number;
  /** Where the next one may begin. */
  end: number;
  waiting: boolean;
}

/** Name of the file that holds the chunk in this slot. */
export function chunkName(slot: number): string {
  return "aryk.q" + (slot < 10 ? "0" : "") + slot;
}

function hex(value: number, digits: number): string {
  return ("0000000" + value.toString(16)).slice(-digits);
}

/** Bytes that a record with a line of this length takes. */
export function recordBytes(lineLength: number): number {
  return HEAD + ((lineLength + 3) & ~3);
}

/** Serial number of the chunk in this slot; 0 when there is none. */
export function serialOf(store: Store, slot: number): number {
  const text = store.read(chunkName(slot), 0, FIRST_RECORD);
  const serial = text === undefined ? 0 : parseInt(text, 16);
  // A torn number is no number: the slot counts as free.
  return serial > 0 && hex(serial, FIRST_RECORD) === text ? serial : 0;
}

/** Creates an empty chunk. False when flash has no room for it. */
export function createChunk(store: Store, slot: number, serial: number): boolean {
  return store.create(chunkName(slot), hex(serial, FIRST_RECORD), CHUNK_BYTES);
}

/** The record at or after `at`, or null when there is none. */
export function findRecord(hal: Pick<Hal, "store" | "crc32Hex">, slot: number, at: number): Found | null {
  const name = chunkName(slot);
  for (let p = at; p + HEAD < CHUNK_BYTES; p += 4) {
    const head = hal.store.read(name, p, HEAD);
    if (head === undefined || head.length < HEAD) return null;
    const length = parseInt(head.substr(MARK, 4), 16);
    if (isNaN(length)) {
      if (head === FREE + FREE + FREE + FREE) return null;
      continue;
    }
    const end = p + recordBytes(length);
    if (length === 0 || end > CHUNK_BYTES) continue;
    const line = hal.store.read(name, p + HEAD, length);
    if (line === undefined || hal.crc32Hex(line) !== head.substr(MARK + 4, 8)) continue;
    return { at: p, end: end, waiting: head.substr(0, MARK) === FREE };
  }
  return null;
}

/** The line of the record that begins at `at`, copied out of flash; undefined when it cannot be read. */
export function lineAt(store: Store, slot: number, at: number): string | undefined {
  const head = store.read(chunkName(slot), at, HEAD);
  if (head === undefined) return undefined;
  return store.read(chunkName(slot), at + HEAD, parseInt(head.substr(MARK, 4), 16));
}

/** Where the next record goes: behind the last byte ever written. */
export function endOf(store: Store, slot: number): number {
  const name = chunkName(slot);
  for (let p = CHUNK_BYTES - BLOCK; p >= 0; p -= BLOCK) {
    const block = store.read(name, p, BLOCK);
    if (block === undefined) return CHUNK_BYTES;
    for (let i = block.length - 1; i >= 0; i--) {
      if (block.charCodeAt(i) === 255) continue;
      const end = (p + i + 4) & ~3;
      return end < FIRST_RECORD ? FIRST_RECORD : end;
    }
  }
  return FIRST_RECORD;
}

/** Adds a record at `at`. False when flash does not take it. */
export function writeRecord(hal: Pick<Hal, "store" | "crc32Hex">, slot: number, at: number, line: string): boolean {
  let text = hex(line.length, 4) + hal.crc32Hex(line) + line;
  while (text.length % 4 !== 0) text += " ";
  return hal.store.append(chunkName(slot), text, at + MARK);
}

/** Whether the record that begins at `at` has not been settled. */
export function isWaiting(store: Store, slot: number, at: number): boolean {
  return store.read(chunkName(slot), at, MARK) === FREE;
}

/** Settles the record that begins at `at`. Any byte that reached flash is enough. */
export function markRecord(store: Store, slot: number, at: number): void {
  store.append(chunkName(slot), "done", at);
}
