/**
 * Which of two images a board starts, and how it came to that: records in a page of flash that is only ever filled up,
 * written by the loader and by the image that runs. A record that a power cut tore is as if it had not been written.
 *
 *   slot    head: id (8), bytes (8 hex digits), CRC-32 (8), chain (16), CRC-32 over these (8); then, at CODE_AT, the image
 *   record  verb, slot, why, line feed (4), CRC-32 over these (8)
 *           r  to be tried in this slot          s  the trial was started (the loader; this counts the crashes)
 *           g  proved good, or good from the first     b  given up (why: see WHY): the other one runs
 */
import type { Offer } from "../wire/image.js";
import { isBlank, pageOfFile, PAGE_BYTES, SLOT_AT, SLOT_PAGES } from "./pages.js";
import type { Flash } from "./pages.js";

/** Why an image was given up, as the board says it in its hello. */
export const WHY: { [letter: string]: string } = { c: "crash", s: "silent", x: "bad-crc", o: "ordered" };
/** Starts of a trial after which the next one counts it as crashed. */
export const STARTS = 2;

export const CODE_AT = 64;
/** The longest image that a slot takes. */
export const CODE_MAX = SLOT_PAGES * PAGE_BYTES - CODE_AT;
const HEAD = 40;
const RECORD = 12;
const PAGE = pageOfFile("aryk.upd");

export type Crc = (text: string) => string;

export interface Verdicts {
  /** The slot that is to run; -1 when nothing was ever recorded. */
  slot: number;
  trial: boolean;
  /** How often the trial was started. */
  starts: number;
  /** Letter of {@link WHY} if the last image was given up, else empty. */
  back: string;
  /** Where the next record goes. */
  end: number;
}

/** What the records say. */
export function verdictsIn(flash: Flash, crc: Crc): Verdicts {
  const all: Verdicts = { slot: -1, trial: false, starts: 0, back: "", end: PAGE };
  while (all.end + RECORD <= PAGE + PAGE_BYTES && !isBlank(flash, all.end, RECORD)) {
    const text = flash.read(all.end, RECORD);
    all.end += RECORD;
    if (crc(text.substr(0, 4)) !== text.substr(4)) continue;
    const verb = text.substr(0, 1);
    const slot = text.substr(1, 1) === "1" ? 1 : 0;
    all.starts = verb === "s" ? all.starts + 1 : 0;
    all.trial = verb === "s" || verb === "r";
    all.slot = verb === "b" ? 1 - slot : slot;
    all.back = verb === "b" ? text.substr(2, 1) : "";
  }
  return all;
}

/** Adds a record. False when flash does not take it, or the page is full. */
export function addVerdict(flash: Flash, crc: Crc, end: number, verb: string, slot: number, why: string): boolean {
  if (end + RECORD > PAGE + PAGE_BYTES) return false;
  const body = verb + slot + why + "\n";
  const text = body + crc(body);
  flash.write(end, text);
  return flash.read(end, RECORD) === text;
}

/** Forgets all records, and that `slot` is the one that runs is the first new one. */
export function beginVerdicts(flash: Flash, crc: Crc, slot: number): boolean {
  flash.erase(PAGE);
  return addVerdict(flash, crc, PAGE, "g", slot, "-");
}

/** The head of a slot that holds this image, or is to hold it. */
export function headText(crc: Crc, offer: Offer): string {
  const text = offer.id + ("0000000" + offer.bytes.toString(16)).slice(-8) + offer.crc + offer.chain;
  return text + crc(text);
}

/** What a slot's head says it holds; null without one. The image may not be whole yet. */
export function headOf(flash: Flash, crc: Crc, slot: number): Offer | null {
  const text = flash.read(SLOT_AT[slot], HEAD);
  if (flash.read(SLOT_AT[slot] + HEAD, 8) !== crc(text)) return null;
  const bytes = parseInt(text.substr(8, 8), 16);
  if (!(bytes > 0 && bytes <= CODE_MAX)) return null;
  return { id: text.substr(0, 8), bytes: bytes, crc: text.substr(16, 8), chain: text.substr(24) };
}

/** The image in a slot, where it stands in flash; empty unless it is whole. */
export function codeIn(flash: Flash, crc: Crc, slot: number): string {
  const head = headOf(flash, crc, slot);
  if (head === null) return "";
  const code = flash.window(SLOT_AT[slot] + CODE_AT, head.bytes);
  return crc(code) === head.crc ? code : "";
}
