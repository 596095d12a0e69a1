/**
 * Reads the records of an SQLite file without its trees: page by page, whatever else is damaged. A table's leaf page
 * (13), and the leaf (10) and inner (2) pages of an index or of a table WITHOUT ROWID, say themselves where their
 * records are. After "Database File Format" of the SQLite documentation (sections 1.3, 1.5, 1.6, 2.1).
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export type Value = number | string | Buffer | null;

/** One record. `rowid` is null in an index, and in a table WITHOUT ROWID. */
export interface RawRecord {
  rowid: number | null;
  values: Value[];
}

/** Pages whose cells made no sense, and those that were looked at. */
export interface ScanCount {
  pages: number;
  badCells: number;
}

class Bytes {
  readonly data: Buffer;
  at: number;

  constructor(data: Buffer, at: number) {
    this.data = data;
    this.at = at;
  }

  /** Big-endian, 7 bits a byte; the ninth byte counts whole. */
  varint(): number {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = this.data.readUInt8(this.at++);
      if (i === 8) return value * 256 + byte;
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
    return value;
  }
}

function integer(data: Buffer, at: number, bytes: number): number {
  return bytes <= 6 ? data.readIntBE(at, bytes) : Number(data.readBigInt64BE(at));
}

const INT_BYTES = [0, 1, 2, 3, 4, 6, 8];

/** The values of a record. Throws RangeError if its bytes make no sense. */
function valuesOf(payload: Buffer): Value[] {
  const head = new Bytes(payload, 0);
  const headBytes = head.varint();
  if (headBytes > payload.length) throw new RangeError("a head longer than its record");
  const values: Value[] = [];
  let at = headBytes;
  while (head.at < headBytes) {
    const type = head.varint();
    if (type === 0) values.push(null);
    else if (type === 8 || type === 9) values.push(type - 8);
    else if (type <= 6) {
      values.push(integer(payload, at, INT_BYTES[type]));
      at += INT_BYTES[type];
    } else if (type === 7) {
      values.push(payload.readDoubleBE(at));
      at += 8;
    } else if (type >= 12) {
      const length = Math.floor((type - 12) / 2);
      if (at + length > payload.length) throw new RangeError("a value longer than its record");
      const bytes = payload.subarray(at, at + length);
      values.push(type % 2 === 0 ? Buffer.from(bytes) : bytes.toString("utf8"));
      at += length;
    } else throw new RangeError("no such type");
  }
  if (at !== payload.length) throw new RangeError("a record longer than its values");
  return values;
}

const HEAD_BYTES = 100;
const MOST_PAYLOAD = 64 << 20;

/** Every record that can be read, in no order; also of pages that are no longer in use, unless the file still names them. */
export function* readRecords(file: string, count: ScanCount): Generator<RawRecord> {
  const fd = openSync(file, "r");
  try {
    const { size } = fstatSync(fd);
    const head = Buffer.alloc(HEAD_BYTES);
    readSync(fd, head, 0, HEAD_BYTES, 0);
    const told = head.readUInt16BE(16) === 1 ? 65536 : head.readUInt16BE(16);
    const pageBytes = told >= 512 && (told & (told - 1)) === 0 ? told : 4096;
    const pages = Math.floor(size / pageBytes);
    const page = (number: number): Buffer => {
      if (number < 1 || number > pages) throw new RangeError("no such page");
      const data = Buffer.alloc(pageBytes);
      readSync(fd, data, 0, pageBytes, (number - 1) * pageBytes);
      return data;
    };
    const free = freePages(head, page);
    for (let number = 1; number <= pages; number++) {
      if (free.has(number)) continue;
      count.pages++;
      yield* recordsOf(page(number), number, pageBytes, page, count);
    }
  } finally {
    closeSync(fd);
  }
}

function freePages(head: Buffer, page: (number: number) => Buffer): Set<number> {
  const free = new Set<number>();
  try {
    for (let trunk = head.readUInt32BE(32); trunk !== 0 && !free.has(trunk);) {
      free.add(trunk);
      const data = page(trunk);
      const leaves = data.readUInt32BE(4);
      for (let i = 0; i < leaves; i++) free.add(data.readUInt32BE(8 + 4 * i));
      trunk = data.readUInt32BE(0);
    }
  } catch {
    // What is named so far is named rightly; the rest is looked at.
  }
  return free;
}

function* recordsOf(
  data: Buffer,
  number: number,
  pageBytes: number,
  page: (number: number) => Buffer,
  count: ScanCount,
): Generator<RawRecord> {
  const start = number === 1 ? HEAD_BYTES : 0;
  const type = data[start];
  if (type !== 13 && type !== 10 && type !== 2) return;
  const cells = data.readUInt16BE(start + 3);
  const pointers = start + (type === 2 ? 12 : 8);
  const [most, least] = [
    type === 13 ? pageBytes - 35 : Math.floor(((pageBytes - 12) * 64) / 255) - 23,
    Math.floor(((pageBytes - 12) * 32) / 255) - 23,
  ];
  for (let i = 0; i < cells && pointers + 2 * i + 2 <= pageBytes; i++) {
    try {
      const cell = new Bytes(data, data.readUInt16BE(pointers + 2 * i) + (type === 2 ? 4 : 0));
      const length = cell.varint();
      const rowid = type === 13 ? cell.varint() : null;
      if (length > MOST_PAYLOAD) throw new RangeError("too long for a record");
      const spill = least + ((length - least) % (pageBytes - 4));
      const local = length <= most ? length : spill <= most ? spill : least;
      if (cell.at + local > pageBytes) throw new RangeError("beyond the page");
      const parts = [data.subarray(cell.at, cell.at + local)];
      let next = local < length ? data.readUInt32BE(cell.at + local) : 0;
      for (let rest = length - local; rest > 0;) {
        const more = page(next);
        parts.push(more.subarray(4, 4 + Math.min(rest, pageBytes - 4)));
        rest -= pageBytes - 4;
        next = more.readUInt32BE(0);
      }
      yield { rowid, values: valuesOf(parts.length === 1 ? parts[0] : Buffer.concat(parts)) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      count.badCells++;
    }
  }
}
