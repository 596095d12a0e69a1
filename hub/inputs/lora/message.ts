/**
 * Messages of a narrow radio (firmware/wire/binary.ts) as lines, and what goes down to it. The line is made of the
 * message alone, so that a message that comes twice is the same line twice.
 */
import { FAULTS, packBody } from "../../../firmware/wire/pack.js";
import type { Reading } from "../../../firmware/wire/pack.js";
import { UPLINK_MAX, unsealed } from "../../../firmware/wire/line.js";
import type { LineType } from "../../../firmware/wire/line.js";
import { PROPERTIES } from "../../../firmware/wire/properties.js";
import type { Property } from "../../../firmware/wire/properties.js";
import {
  HELLO_FIELDS,
  KIND_ACK,
  KIND_COMMAND,
  KIND_GAP,
  KIND_HELLO,
  KIND_PACK,
} from "../../../firmware/wire/binary.js";
import {
  itemOf,
  KIND_PIECE,
  KIND_REPLY,
  KIND_WORD,
  orderText,
  SAID_FIELDS,
  wordOf,
} from "../../../firmware/wire/binary.js";
import {
  MAP_BITS,
  RADIO_IMAGE,
  RADIO_MAX,
  readArray,
  RESETS,
  stampOf,
  writeArray,
} from "../../../firmware/wire/binary.js";
import type { Item, Numbered } from "../../../firmware/wire/binary.js";
import { isPiece, unescapePiece } from "../../../firmware/wire/image.js";
import { tagWith } from "../../pipeline/tag.js";
import { vouch } from "../../pipeline/vouched.js";

/** Why a message is none: it is counted under this name, and nothing of it is kept. */
export type MessageFault = "radio:malformed" | "radio:unknown-kind" | "radio:too-long";

export type Message = { ok: true; by: Numbered; line: string } | { ok: false; fault: MessageFault };

const BY_CODE: ReadonlyMap<number, Property> = new Map(PROPERTIES.map((property) => [property.code, property]));

const refuse = (fault: MessageFault): Message => ({ ok: false, fault });
const isWhole = (value: Item | undefined): value is number => typeof value === "number" && value >= 0;

function epochText(n: number): string {
  return n.toString(16).padStart(8, "0");
}

/**
 * A pack's body. A code that no property has keeps a name of its own: the pipeline then buries the whole pack under its
 * reason, and the board is told so, as with every pack that is authentic and invalid.
 */
function packText(items: Item[]): string | undefined {
  if (items.length === 0 || items.length % 2 !== 0) return undefined;
  const readings: Reading[] = [];
  for (let i = 0; i < items.length; i += 2) {
    const [first, second] = [items[i], items[i + 1]];
    if (typeof first !== "number" || typeof second !== "number") return undefined;
    const code = first < 0 ? -1 - first : first;
    const strange: Property = { name: `code-${code}`, unit: "", decimals: 0, code, from: "node" };
    const property = BY_CODE.get(code) ?? strange;
    if (first >= 0) readings.push({ property, ok: true, value: second / 10 ** property.decimals });
    else if (FAULTS[second] === undefined) return undefined;
    else readings.push({ property, ok: false, fault: FAULTS[second] });
  }
  return packBody(readings);
}

function gapText(items: Item[]): string | undefined {
  if (items.length === 0 || items.length % 4 !== 0 || !items.every(isWhole)) return undefined;
  const dropped: [string, number, number][] = [];
  for (let i = 0; i < items.length; i += 4) {
    const [epoch, boot, first, last] = items.slice(i, i + 4) as number[];
    dropped.push([`${epochText(epoch)}.${boot}`, first, last]);
  }
  return JSON.stringify({ dropped });
}

function helloText([name, version, why, waiting, ...more]: Item[]): string | undefined {
  const reset = typeof why === "number" ? RESETS[why] : why;
  const image = typeof name === "string" && name.endsWith("/") ? name + RADIO_IMAGE : name;
  if (typeof image !== "string" || typeof version !== "string" || typeof reset !== "string") return undefined;
  if (!isWhole(waiting) || more.length % 2 !== 0) return undefined;
  const hello: Record<string, Item> = { image, version, reset, waiting };
  for (let i = 0; i < more.length; i += 2) {
    // A field that this hub does not know yet is left out: all that matters of it is that the board says more.
    const name = HELLO_FIELDS[Number(more[i])];
    if (name !== undefined) hello[name] = more[i + 1];
  }
  return JSON.stringify(hello);
}

/** Fields whose numbers stand for eight hexadecimal digits, and those that are a percentage of what there is. */
const IDS = ["has"];
const SHARES = ["heap", "storage"];

/** A reply, or a word that is kept nowhere, with its fields as a line would bring them. */
function saidText([verb, to, ...more]: Item[]): string | undefined {
  if (typeof verb !== "string" || to === undefined || more.length % 2 !== 0) return undefined;
  const said: Record<string, Item | number[]> = { verb, to: wordOf(to) };
  for (let i = 0; i < more.length; i += 2) {
    const [name, value] = [SAID_FIELDS[Number(more[i])], more[i + 1]];
    if (name === undefined) continue;
    if (IDS.includes(name)) said[name] = wordOf(value);
    else said[name] = SHARES.includes(name) && typeof value === "number" ? [value, 100] : value;
  }
  return JSON.stringify(said);
}

function bodyOf(kind: Item, rest: Item[]): { type: LineType; body: string | undefined } | undefined {
  switch (kind) {
    case KIND_HELLO:
      return { type: "hello", body: helloText(rest) };
    case KIND_PACK:
      return { type: "pack", body: packText(rest) };
    case KIND_GAP:
      return { type: "gap", body: gapText(rest) };
    case KIND_REPLY:
    case KIND_WORD:
      return { type: "reply", body: saidText(rest) };
    default:
      return undefined;
  }
}

/** The line that a board's message says. */
export function readMessage(board: string, bytes: Buffer): Message {
  const items = readArray(bytes.toString("latin1"));
  if (items === null || items.length < 5) return refuse("radio:malformed");
  const [kind, epoch, boot, seq, uptimeS, ...rest] = items;
  if (!isWhole(epoch) || !isWhole(boot) || !isWhole(seq) || !isWhole(uptimeS)) return refuse("radio:malformed");
  const said = bodyOf(kind, rest);
  if (said === undefined) return refuse("radio:unknown-kind");
  // A space, or a character beyond ASCII, would tear the line's fields apart.
  if (said.body === undefined || !/^[!-~]+$/.test(said.body)) return refuse("radio:malformed");
  const by = { epoch: epochText(epoch), boot, seq };
  const id = `${by.epoch}.${boot}.${seq}`;
  const line = vouch(unsealed(said.type, board, id, uptimeS * 1000, "-", said.body));
  return line.length > UPLINK_MAX ? refuse("radio:too-long") : { ok: true, by, line };
}

/** The answer to a message that asked: which numbers around its own the hub has. `has` says so of a number. */
export function ackOf({ epoch, boot, seq }: Numbered, has: (seq: number) => boolean): Buffer {
  let [below, above] = [0, 0];
  for (let bit = 0; bit < MAP_BITS; bit++) {
    if (seq - 1 - bit > 0 && has(seq - 1 - bit)) below += 2 ** bit;
    if (has(seq + 1 + bit)) above += 2 ** bit;
  }
  return Buffer.from(writeArray([KIND_ACK, stampOf(epoch), boot, seq, below, above]), "latin1");
}

/** Bytes that a message carries by data rate (LoRaWAN Regional Parameters RP002-1.0.3 §2.4.6, EU863-870, N). */
function mostBytes(dataRate: number): number {
  return dataRate >= 4 ? 222 : dataRate === 3 ? 115 : RADIO_MAX;
}

const asBytes = (items: Item[]): Buffer => Buffer.from(writeArray(items), "latin1");

/** A piece of an image, as many of its characters as fit. */
function pieceOf({ epoch, boot }: Numbered, [, id, at]: string[], text: string, most: number): Buffer | undefined {
  const head = [KIND_PIECE, stampOf(epoch), boot, itemOf(id), Number(at)];
  for (let length = text.length; length > 0; length--) {
    const bytes = asBytes([...head, text.slice(0, length)]);
    if (bytes.length <= most) return bytes;
  }
  return undefined;
}

/**
 * The body of a command as a message, sealed with the board's key; undefined if it does not fit into one at the rate at
 * which the board was heard.
 */
export function commandOf(
  by: Numbered,
  board: string,
  body: string,
  dataRate: number,
  key: Uint8Array,
): Buffer | undefined {
  const { epoch, boot } = by;
  const words = body.split(",");
  const most = mostBytes(dataRate);
  if (isPiece(body)) return pieceOf(by, words, unescapePiece(words.slice(3).join(",")), most);
  const tag = tagWith(key)(orderText(board, epoch, boot, body));
  const halves = [tag.slice(0, 8), tag.slice(8, 16)];
  const bytes = asBytes([KIND_COMMAND, stampOf(epoch), boot, ...[...halves, ...words].map(itemOf)]);
  return bytes.length > most ? undefined : bytes;
}
