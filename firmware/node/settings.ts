/**
 * What the hub has set on this board: records in a file of flash that is only ever filled up, so that a power cut leaves
 * the setting before or the setting after. When the file is full it is written anew with what is in force; a power cut
 * then leaves the image's own settings, which the hub sees in the next hello, and sets again.
 *
 *   file    "aryk.set", records
 *   record  revision (6 digits), name (16 characters), value as decimal text (8), CRC-32 over board and these (8)
 *
 * Of several changes in one command only the last record bears the new revision: it alone says that all were kept.
 *
 * An image makes this module anew for each call: nothing of it stays in the heap.
 */
import { EVERY_SETTING, SETTING_NAME_MAX, SETTING_VALUE_MAX } from "../wire/order.js";
import type { Hal } from "./hal.js";

export const SET_FILE = "aryk.set";
const FIRST = 8;
const BODY = 30;
const RECORD = 40;
const RECORDS = 50;
/** Bytes of the file; it begins with its own name. */
export const SET_BYTES = FIRST + RECORDS * RECORD;
const LAST_REVISION = 999999;

/** What may be set, and within which bounds. An image takes only those that its site type uses. */
export const SETTING_LIMITS: { [name: string]: [number, number] } = {
  /** Seconds between two packs while nothing happens, while it is wet, and while water rises fast. */
  drySeconds: [10, 86400],
  wetSeconds: [5, 3600],
  fastSeconds: [5, 600],
  /** Water (mm above the usual distance) from which on it is wet, and the rise (mm a minute) that is fast. */
  wetMm: [5, 500],
  fastMmPerMinute: [1, 500],
  /** Seconds without water after which it is dry again. */
  dryAfterSeconds: [60, 86400],
  /** Distance from the sensor to the dry ground in mm; 0 where the post is to find it itself. */
  zeroMm: [0, 20000],
};

/** Numbers by name: the site type's own, or what is in force. */
export interface Numbers {
  [name: string]: number;
}

export interface Settings {
  /** Up to which of the hub's changes this board has come. */
  rev: number;
  /** Names of settings that were asked for and cannot be had here, parted by commas. */
  refused: string;
}

type Flash = Pick<Hal, "store" | "crc32Hex">;

function padded(text: string, length: number): string {
  while (text.length < length) text += " ";
  return text;
}

function record(hal: Flash, board: string, rev: number, name: string, value: string): string {
  const body = ("00000" + rev).slice(-6) + padded(name, SETTING_NAME_MAX) + padded(value, SETTING_VALUE_MAX);
  return padded(body + hal.crc32Hex(board + body), RECORD);
}

interface Kept {
  rev: number;
  /** Values as text, by name. */
  values: { [name: string]: string };
  /** Where the first free record is; the file's end when there is none. */
  end: number;
}

function readAll(hal: Flash, board: string): Kept {
  const kept: Kept = { rev: 0, values: {}, end: SET_BYTES };
  for (let at = FIRST; at < SET_BYTES; at += RECORD) {
    const body = hal.store.read(SET_FILE, at, BODY);
    if (body === undefined) return kept;
    if (body.charCodeAt(0) === 255) {
      kept.end = at;
      return kept;
    }
    if (hal.store.read(SET_FILE, at + BODY, 8) !== hal.crc32Hex(board + body)) continue;
    kept.rev = Math.max(kept.rev, parseInt(body.substr(0, 6), 10));
    const name = body.substr(6, SETTING_NAME_MAX).trim();
    if (name === EVERY_SETTING) kept.values = {};
    else kept.values[name] = body.substr(6 + SETTING_NAME_MAX).trim();
  }
  return kept;
}

/** Puts what was kept in force: the site type's own numbers first, then what was set and is within its bounds. */
function enforce(kept: Kept, own: Numbers, now: Numbers, settings: Settings): void {
  const refused: string[] = [];
  Object.keys(own).forEach((name) => {
    now[name] = own[name];
  });
  Object.keys(kept.values).forEach((name) => {
    const text = kept.values[name];
    if (text === "") return;
    const value = parseFloat(text);
    const limits = SETTING_LIMITS[name];
    if (limits === undefined || own[name] === undefined || !(value >= limits[0] && value <= limits[1]))
      refused.push(name);
    else now[name] = value;
  });
  settings.rev = kept.rev;
  settings.refused = refused.join(",");
}

/** Reads what flash holds and puts it in force: `now` is filled from `own`, the image's numbers. Makes the file if there is none. */
export function takeSettings(hal: Flash, board: string, own: Numbers, now: Numbers, settings: Settings): void {
  if (hal.store.read(SET_FILE, 0, FIRST) === undefined) hal.store.create(SET_FILE, SET_FILE, SET_BYTES);
  enforce(readAll(hal, board), own, now, settings);
}

/** The changes that a command's words name; null when they are not all whole. */
function changesIn(words: string[]): string[][] | null {
  const changes = words.slice(2).map((word) => word.split("="));
  const whole = (change: string[]): boolean =>
    change.length === 2 &&
    change[0].length > 0 &&
    change[0].length <= SETTING_NAME_MAX &&
    change[1].length <= SETTING_VALUE_MAX &&
    (change[1] === "" || !isNaN(parseFloat(change[1])));
  return changes.length > 0 && changes.every(whole) ? changes : null;
}

/** Writes the file anew with what is in force: it is full. */
function rewrite(hal: Flash, board: string, kept: Kept): boolean {
  let text = SET_FILE;
  Object.keys(kept.values).forEach((name) => {
    if (kept.values[name] !== "") text += record(hal, board, kept.rev, name, kept.values[name]);
  });
  kept.end = text.length;
  return kept.end < SET_BYTES && hal.store.create(SET_FILE, text, SET_BYTES);
}

/**
 * Keeps what a genuine command's words (`set`, revision, changes) ask for, for every start to come, and puts it in force.
 * True when the hub is to hear of it: also when flash holds that revision already. False when it asks for nothing whole,
 * or flash refuses.
 */
export function keepSettings(
  hal: Flash,
  board: string,
  own: Numbers,
  now: Numbers,
  settings: Settings,
  words: string[],
): boolean {
  const rev = parseInt(words[1], 10);
  const changes = changesIn(words);
  if (changes === null || !(rev > 0 && rev <= LAST_REVISION)) return false;
  if (rev <= settings.rev) return true;
  const kept = readAll(hal, board);
  const room = (): boolean => kept.end + changes.length * RECORD <= SET_BYTES;
  if (!room() && (!rewrite(hal, board, kept) || !room())) return false;
  const done = changes.every((change, i) => {
    const text = record(hal, board, i === changes.length - 1 ? rev : kept.rev, change[0], change[1]);
    const at = kept.end + i * RECORD;
    return hal.store.append(SET_FILE, text, at) && hal.store.read(SET_FILE, at, RECORD) === text;
  });
  enforce(readAll(hal, board), own, now, settings);
  return done;
}
