/**
 * The binary form of what crosses the wire, for radios with some fifty bytes a message. It says what the line says,
 * without what the radio network proves itself (board, seal), as one CBOR array (RFC 8949) of whole numbers and short
 * texts, each in its shortest encoding, so that the same content is always the same bytes:
 *
 *   hello    [1, epoch, boot, 0, uptimeS, image, version, reset, waiting, (field, value)…]   RESETS, HELLO_FIELDS; waiting ≤ 255
 *   pack     [2, epoch, boot, seq, uptimeS, (code, value)…]      value × 10^decimals; a fault: (−1 − code, index in FAULTS)
 *   ack      [3, stamp, boot, seq, below, above]
 *   gap      [4, epoch, boot, seq, uptimeS, (epoch, boot, first, last)…]
 *   command  [5, stamp, boot, tag, tag, word…]
 *   reply    [6, epoch, boot, seq, uptimeS, verb, to, (field, value)…]   SAID_FIELDS
 *   piece    [7, stamp, boot, id, at, text]                      of an image (image.ts)
 *   word     [8, epoch, boot, 0, uptimeS, verb, to, (field, value)…]     SAID_FIELDS; neither side keeps it
 *
 * An ack answers the message with that number: bit i of `below` says that number seq − 1 − i is on the hub's disk, bit i
 * of `above` that seq + 1 + i is. `stamp` is the epoch's lowest byte: an answer to what a board said before its flash was
 * formatted is none.
 *
 * A command is sealed with the board's key: the radio network proves who it is for, and its server is not the hub. The
 * tag is the first 64 bits of the HMAC over {@link orderText}; it holds for one start of the board, because an answer
 * may miss the windows of the message that it follows. A piece bears none: what offers the image is sealed, and
 * names all of it. Words of a body, and ids, that are eight hexadecimal digits go as a number.
 */
import { escapePiece } from "./image.js";
import { FAULTS } from "./pack.js";
import type { Gap, Hello, Reading } from "./pack.js";

export const KIND_HELLO = 1;
export const KIND_PACK = 2;
export const KIND_ACK = 3;
export const KIND_GAP = 4;
export const KIND_COMMAND = 5;
export const KIND_REPLY = 6;
export const KIND_PIECE = 7;
export const KIND_WORD = 8;

/** Ports (LoRaWAN FPort) of a board's messages: one that is content with silence, and one that asks for an ack. */
export const PORT = 1;
export const PORT_ASKING = 2;

/**
 * Bytes that fit at every data rate of the EU863-870 plan (LoRaWAN Regional Parameters RP002-1.0.3 §2.4.6: N at DR0–DR2).
 */
export const RADIO_MAX = 51;
/** Numbers that each of an ack's two maps covers. */
export const MAP_BITS = 16;

/**
 * What a hello may say beyond what it always says, by its place in this list, and in this order as far as it fits. Without
 * `set` the hub would take the firmware for one that knows no settings: that comes first, and finds room behind the
 * longest name of an image, and a version of five characters, up to 65,535 starts and as many changes.
 */
export const HELLO_FIELDS: string[] = ["set", "period", "fence", "wear", "refused"];
/** The end of an image's name that most radio images share: of `reservoir/xiao-ble-lora` the radio says `reservoir/`. */
export const RADIO_IMAGE = "xiao-ble-lora";
/** So many lines wait, or more. */
const WAITING_MAX = 255;

/**
 * What a word or a reply may say beyond its verb and what it is about, by its place in this list, and in this order as far
 * as it fits. Of two numbers, what is free and all there is, the percentage goes.
 */
export const SAID_FIELDS: string[] =
  "at why slot refused period back has wear flash heap storage waiting signalDbm snrDb".split(" ");

/** Why a board started, by its place in this list: a new one goes to the end. Another reason goes as a text. */
export const RESETS: string[] = ["power", "watchdog", "reboot", "error", "radio", "update", "settings", "round"];

/** Values from this on do not fit. */
const TOO_MUCH = 4294967296;

/** Who numbered a message: its start, and its number there. */
export interface Numbered {
  /** Eight hexadecimal digits. */
  epoch: string;
  boot: number;
  seq: number;
}

export type Item = number | string;

/** The first byte of an item and the number that goes with it (RFC 8949 §3). Shifts would overflow above 31 bits. */
function head(major: number, n: number): string {
  const top = major * 32;
  if (n < 24) return String.fromCharCode(top + n);
  if (n < 256) return String.fromCharCode(top + 24, n);
  if (n < 65536) return String.fromCharCode(top + 25, n >> 8, n & 255);
  const high = Math.floor(n / 65536);
  const low = n - high * 65536;
  return String.fromCharCode(top + 26, high >> 8, high & 255, low >> 8, low & 255);
}

/** One whole number, of less than 2^32 either way, or one text of bytes 0–127. */
function item(value: Item): string {
  if (typeof value === "string") return head(3, value.length) + value;
  return value < 0 ? head(1, -1 - value) : head(0, value);
}

/** An array of these items. */
export function writeArray(items: Item[]): string {
  return head(4, items.length) + items.map(item).join("");
}

/** The items of one array that fills `bytes`; null if it is anything else, or not in its shortest form. */
export function readArray(bytes: string): Item[] | null {
  let at = 0;
  let major = -1;
  /** The number of the next head, -1 if there is none; its kind goes to `major`. */
  const next = (): number => {
    if (at >= bytes.length) return -1;
    const first = bytes.charCodeAt(at);
    major = first >> 5;
    const info = first & 31;
    at += 1;
    if (info < 24) return info;
    const size = info === 24 ? 1 : info === 25 ? 2 : info === 26 ? 4 : 0;
    if (size === 0 || at + size > bytes.length) return -1;
    let n = 0;
    for (let i = 0; i < size; i++) n = n * 256 + bytes.charCodeAt(at + i);
    at += size;
    return n < (size === 1 ? 24 : size === 2 ? 256 : 65536) ? -1 : n;
  };
  const count = next();
  const isArray = count >= 0 && major === 4;
  if (!isArray) return null;
  const items: Item[] = [];
  for (let i = 0; i < count; i++) {
    const n = next();
    if (n < 0) return null;
    if (major === 0) items.push(n);
    else if (major === 1) items.push(-1 - n);
    else if (major === 3 && at + n <= bytes.length) {
      items.push(bytes.substr(at, n));
      at += n;
    } else return null;
  }
  return at === bytes.length ? items : null;
}

/** Kind, number and uptime, as every message of a board begins. */
function opening(kind: number, by: Numbered, uptimeMs: number): Item[] {
  return [kind, parseInt(by.epoch, 16), by.boot, by.seq, Math.floor(uptimeMs / 1000)];
}

/** What a reading is on the wire: code and value, or code and fault. A value that does not fit is the fault `range`. */
function pair(reading: Reading): Item[] {
  const code = reading.property.code;
  if (!reading.ok) return [-1 - code, FAULTS.indexOf(reading.fault)];
  let scale = 1;
  for (let i = 0; i < reading.property.decimals; i++) scale *= 10;
  const units = Math.round(Math.abs(reading.value) * scale);
  if (!(units < TOO_MUCH)) return [-1 - code, FAULTS.indexOf("range")];
  return [code, reading.value < 0 ? -units : units];
}

/** A reading, as it stands in a pack. */
export function binaryPart(reading: Reading): string {
  return pair(reading).map(item).join("");
}

/** Items in a piece of an array: every byte that is not part of a number behind its head begins one. */
function itemsIn(piece: string): number {
  let count = 0;
  for (let at = 0; at < piece.length; count++) {
    const info = piece.charCodeAt(at) & 31;
    at += info < 24 ? 1 : info === 24 ? 2 : info === 25 ? 3 : 5;
  }
  return count;
}

/** A pack of these readings. */
export function binaryPack(by: Numbered, uptimeMs: number, parts: string[]): string {
  const records = parts.join("");
  const items = opening(KIND_PACK, by, uptimeMs);
  return head(4, items.length + itemsIn(records)) + items.map(item).join("") + records;
}

export function binaryGap(by: Numbered, uptimeMs: number, gap: Gap): string {
  const items = opening(KIND_GAP, by, uptimeMs);
  gap.dropped.forEach((range) => {
    const start = range[0].split(".");
    items.push(parseInt(start[0], 16), parseInt(start[1], 10), range[1], range[2]);
  });
  return writeArray(items);
}

/** These items, and behind them what is `said` of these fields, as far as it fits. */
function withFields(items: Item[], fields: string[], said: { [field: string]: Item | undefined }): string {
  let bytes = writeArray(items);
  fields.forEach((field, code) => {
    const value = said[field];
    if (value === undefined) return;
    const longer = writeArray(items.concat([code, value]));
    if (longer.length > RADIO_MAX) return;
    items.push(code, value);
    bytes = longer;
  });
  return bytes;
}

/** A hello. */
export function binaryHello(by: Numbered, uptimeMs: number, hello: Hello): string {
  const items = opening(KIND_HELLO, by, uptimeMs);
  const reset = RESETS.indexOf(hello.reset);
  const end = hello.image.indexOf("/" + RADIO_IMAGE);
  items.push(end < 0 ? hello.image : hello.image.substr(0, end + 1), hello.version);
  items.push(reset < 0 ? hello.reset : reset, Math.min(hello.waiting, WAITING_MAX));
  return withFields(items, HELLO_FIELDS, hello as unknown as { [field: string]: Item | undefined });
}

/** Eight hexadecimal digits of a number. */
function hex8(n: number): string {
  return ("0000000" + n.toString(16)).slice(-8);
}

/** A word as an item: see above. */
export function itemOf(word: string): Item {
  const n = parseInt(word, 16);
  return word.length === 8 && hex8(n) === word ? n : word;
}

/** The word that an item stands for. */
export function wordOf(value: Item): string {
  return typeof value === "number" ? hex8(value) : value;
}

/** What a word or a reply says, with fields of {@link SAID_FIELDS}. */
export interface Said {
  verb?: string;
  to?: string;
  [field: string]: unknown;
}

function binarySaid(kind: number, by: Numbered, uptimeMs: number, said: Said): string {
  const items = opening(kind, by, uptimeMs);
  items.push("" + said.verb, itemOf("" + said.to));
  const fields: { [field: string]: Item | undefined } = {};
  SAID_FIELDS.forEach((field) => {
    const value = said[field];
    if (typeof value === "string") fields[field] = itemOf(value);
    else if (typeof value === "number") fields[field] = Math.round(value);
    else if (Array.isArray(value)) {
      const pair = value as number[];
      fields[field] = Math.floor((100 * pair[0]) / Math.max(pair[1], 1));
    }
  });
  return withFields(items, SAID_FIELDS, fields);
}

/** A reply to an order. */
export function binaryReply(by: Numbered, uptimeMs: number, body: string): string {
  return binarySaid(KIND_REPLY, by, uptimeMs, JSON.parse(body) as Said);
}

/** A word to the hub. */
export function binaryWord(by: Numbered, uptimeMs: number, said: Said): string {
  return binarySaid(KIND_WORD, by, uptimeMs, said);
}

/** What the tag of a command is over. */
export function orderText(board: string, epoch: string, boot: number, body: string): string {
  return "radio " + board + " " + epoch + "." + boot + " " + body;
}

/** The body of a command or piece that came down; empty where it is none, or not sealed with this board's key. */
export function orderIn(items: Item[], board: string, epoch: string, mac: (text: string) => string): string {
  if (items[0] === KIND_PIECE && items.length === 6)
    return "piece," + wordOf(items[3]) + "," + items[4] + "," + escapePiece("" + items[5]);
  if (items[0] !== KIND_COMMAND) return "";
  const body = items.slice(5).map(wordOf).join(",");
  // Compared as it comes: over this radio nobody measures how long that takes.
  const tag = mac(orderText(board, epoch, items[2] as number, body));
  return tag.substr(0, 16) === wordOf(items[3]) + wordOf(items[4]) ? body : "";
}

/** The epoch's lowest byte. */
export function stampOf(epoch: string): number {
  return parseInt(epoch.substr(6), 16);
}

/** Number of a board's message, and its ranges if it is a gap; undefined if it is no message of a board. */
export function numbersOf(bytes: string): { kind: Item; by: Numbered; dropped: Gap["dropped"] } | undefined {
  const items = readArray(bytes);
  if (items === null || items.length < 5) return undefined;
  const by = { epoch: hex8(items[1] as number), boot: items[2] as number, seq: items[3] as number };
  const dropped: Gap["dropped"] = [];
  if (items[0] === KIND_GAP)
    for (let i = 5; i + 3 < items.length; i += 4)
      dropped.push([hex8(items[i] as number) + "." + items[i + 1], items[i + 2] as number, items[i + 3] as number]);
  return { kind: items[0], by: by, dropped: dropped };
}
