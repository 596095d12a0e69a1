/**
 * The line: everything that crosses the wire, in either direction, readable in any terminal.
 *
 *   aryk1 <type> <board> <epoch>.<boot>.<seq> <uptimeMs> <time> <body> <keyId>.<tag>[ <crc>]
 *
 * - fields are parted by one space; no field contains a space; all bytes are printable ASCII
 * - `epoch` (8 hex digits) is random, made when the board's flash is formatted; `boot` counts its starts; `seq` counts
 *   what it numbered in this boot, from 1 (0 is kept for hello, which is not stored)
 * - `uptimeMs` is the board's uptime when the readings of the body were taken; an ack repeats the uptime of what it answers
 * - `time` is `-`, or `<unixMs>/<source><age>`: the sender's clock at that same moment, where it had it from
 *   (h = hub, s = SNTP, g = GNSS) and how many seconds before
 * - the tag seals everything before the dot in front of it; once sealed, a line's bytes never change: a resend is the
 *   same bytes
 * - the CRC covers everything before the space in front of it. Serial lines carry it and end in a line feed; an MQTT
 *   payload is the same line without it
 */
import { crc16Hex } from "./crc16.js";

export const VERSION = "aryk1";
/** Longest line from a post (RFC 8428 bodies included) and to a post, in bytes, CRC and line feed included. */
export const UPLINK_MAX = 1024;
export const DOWNLINK_MAX = 200;

/**
 * The body of an ack. A hello is answered with the second where the link's own receipt (a PUBACK) says as much as an
 * ack, because the hub gives it after its commit. Only the hub knows whether it does: a broker between hub and board
 * acknowledges for itself. Without that word a board settles a line by its ack alone.
 */
export const ACK_OK = "ok";
export const ACK_OK_RECEIPTS = "ok,receipts";

export type LineType = "pack" | "hello" | "gap" | "ack" | "command" | "reply";
export const LINE_TYPES: LineType[] = ["pack", "hello", "gap", "ack", "command", "reply"];

export interface Line {
  type: LineType;
  board: string;
  epoch: string;
  boot: number;
  seq: number;
  uptimeMs: number;
  /** As written on the wire: `-` or `<unixMs>/<source><age>`. */
  time: string;
  body: string;
  keyId: string;
  tag: string;
  /** Exactly what the tag covers. */
  sealed: string;
}

/** Why a line was refused. Each is counted under this name. */
export type LineFault =
  | "too-long"
  | "not-ascii"
  | "not-a-line"
  | "bad-crc"
  | "bad-fields"
  | "unknown-type"
  | "bad-board"
  | "bad-number"
  | "bad-time"
  | "bad-seal";

export type ParsedLine = { ok: true; line: Line } | { ok: false; fault: LineFault };

function refuse(fault: LineFault): ParsedLine {
  return { ok: false, fault: fault };
}

function every(text: string, from: number, allowed: (code: number) => boolean): boolean {
  for (let i = from; i < text.length; i++) if (!allowed(text.charCodeAt(i))) return false;
  return true;
}

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isHex = (c: number): boolean => isDigit(c) || (c >= 97 && c <= 102);
const isName = (c: number): boolean => isDigit(c) || (c >= 97 && c <= 122) || c === 45;
const isPrintable = (c: number): boolean => c >= 32 && c <= 126;

/** A whole number written without sign or leading zero, up to 15 digits (exact in a double); else NaN. */
function whole(text: string): number {
  const fits = text.length > 0 && text.length <= 15 && every(text, 0, isDigit);
  return fits && (text.length === 1 || text[0] !== "0") ? parseInt(text, 10) : NaN;
}

/** A board's name on the wire: 1–32 lower-case letters, digits and hyphens. */
export function isBoardName(text: string): boolean {
  return text.length > 0 && text.length <= 32 && every(text, 0, isName);
}

/** The sender's clock from a line's `time` field; `null` for `-`, `undefined` if it is malformed. */
export function parseTime(text: string): { unixMs: number; source: string; ageS: number } | null | undefined {
  if (text === "-") return null;
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const unixMs = whole(text.substr(0, slash));
  const source = text.substr(slash + 1, 1);
  const ageS = whole(text.substr(slash + 2));
  if (isNaN(unixMs) || isNaN(ageS) || "hsg".indexOf(source) < 0 || source === "") return undefined;
  return { unixMs: unixMs, source: source, ageS: ageS };
}

/** The head and body of a line, up to where the key's name begins. */
export function unsealed(
  type: LineType,
  board: string,
  id: string,
  uptimeMs: number,
  time: string,
  body: string,
): string {
  return VERSION + " " + type + " " + board + " " + id + " " + uptimeMs.toFixed(0) + " " + time + " " + body + " ";
}

/** Seals an unsealed line with a key: `mac` gives the tag over the text it is handed. */
export function seal(text: string, keyId: string, mac: (text: string) => string): string {
  const covered = text + keyId;
  return covered + "." + mac(covered);
}

/** A sealed line as it is sent over a serial port. */
export function toSerial(sealedLine: string): string {
  return sealedLine + " " + crc16Hex(sealedLine) + "\n";
}

function idOf(text: string): { epoch: string; boot: number; seq: number } | undefined {
  const part = text.split(".");
  if (part.length !== 3 || part[0].length !== 8 || !every(part[0], 0, isHex)) return undefined;
  const boot = whole(part[1]);
  const seq = whole(part[2]);
  return isNaN(boot) || isNaN(seq) || boot > 0xffffffff || seq > 0xffffffff
    ? undefined
    : { epoch: part[0], boot: boot, seq: seq };
}

/**
 * Reads one line. `withCrc` is true for serial lines (without their line feed): garbage before the line is skipped,
 * because noise on a wire has no end of its own. The seal is not checked here: that needs the board's key.
 */
export function parseLine(text: string, withCrc: boolean, maxBytes: number): ParsedLine {
  if (withCrc) {
    const start = text.lastIndexOf(VERSION + " ");
    if (start < 0) return refuse("not-a-line");
    text = text.substr(start);
  }
  if (text.length > maxBytes) return refuse("too-long");
  if (!every(text, 0, isPrintable)) return refuse("not-ascii");
  if (withCrc) {
    const end = text.lastIndexOf(" ");
    if (text.substr(end + 1) !== crc16Hex(text.substr(0, end))) return refuse("bad-crc");
    text = text.substr(0, end);
  }
  const field = text.split(" ");
  if (field[0] !== VERSION) return refuse("not-a-line");
  if (field.length !== 8) return refuse("bad-fields");
  const type = field[1] as LineType;
  if (LINE_TYPES.indexOf(type) < 0) return refuse("unknown-type");
  if (!isBoardName(field[2])) return refuse("bad-board");
  const id = idOf(field[3]);
  const uptimeMs = whole(field[4]);
  if (id === undefined || isNaN(uptimeMs)) return refuse("bad-number");
  if (parseTime(field[5]) === undefined) return refuse("bad-time");
  if (field[6].length === 0) return refuse("bad-fields");
  const dot = field[7].indexOf(".");
  const keyId = field[7].substr(0, dot < 0 ? 0 : dot);
  const tag = field[7].substr(dot + 1);
  if (keyId.length < 1 || keyId.length > 8 || !every(keyId, 0, isName)) return refuse("bad-seal");
  if (tag.length !== 32 || !every(tag, 0, isHex)) return refuse("bad-seal");
  return {
    ok: true,
    line: {
      type: type,
      board: field[2],
      epoch: id.epoch,
      boot: id.boot,
      seq: id.seq,
      uptimeMs: uptimeMs,
      time: field[5],
      body: field[6],
      keyId: keyId,
      tag: tag,
      sealed: text.substr(0, text.length - 33),
    },
  };
}
