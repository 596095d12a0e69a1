/**
 * Taking in another image and starting it: what the commands of wire/image.ts do. The image goes into the slot that does
 * not run, piece by piece; the head, with what the sealed offer said, is written before the first piece, so that what
 * has come survives a restart. An image is started only when all of it matches that offer, and then on trial (trial.ts).
 *
 * An image makes this module anew for each command: nothing of it stays in the heap.
 */
import { chainOf, offerIn, unescapePiece } from "../wire/image.js";
import type { Offer } from "../wire/image.js";
import type { Hello } from "../wire/pack.js";
import type { Boot, Hal } from "./hal.js";
import { PAGE_BYTES, SLOT_AT, SLOT_PAGES } from "./pages.js";
import type { Flash } from "./pages.js";
import { noteReset } from "./reset.js";
import { addVerdict, beginVerdicts, CODE_AT, CODE_MAX, codeIn, headOf, headText, verdictsIn, WHY } from "./verdicts.js";

/** What these commands reach of the node. */
export interface SlotsPost {
  hal: Pick<Hal, "flash" | "boot" | "crc32Hex" | "sha256" | "store" | "after" | "reboot">;
  /** Says something to the hub that is not kept in flash; replaces what was said before. */
  say(body: string): void;
}

const REBOOT_AFTER_MS = 1000;
const SCAN_BYTES = 256;
/** What is written last before a power cut may have come out wrong: so much of it is asked for, and written, again. */
const STEP_BACK = 64;

/** The board's two slots; null where there are none, and while the image that runs is on trial: it may need the other. */
interface Slots {
  flash: Flash;
  boot: Boot;
  other: number;
}

function say(post: SlotsPost, verb: string, id: string, more: string): void {
  post.say('{"verb":"' + verb + '","to":"' + id + '"' + more + "}");
}

function refuse(post: SlotsPost, id: string, why: string): void {
  say(post, "refused", id, ',"why":"' + why + '"');
}

function slotsOf(post: SlotsPost, id: string): Slots | null {
  const flash = post.hal.flash;
  const boot = post.hal.boot;
  if (flash === null || boot === null) refuse(post, id, "no-slots");
  else if (boot.trial) refuse(post, id, "trial");
  else return { flash: flash, boot: boot, other: 1 - boot.slot };
  return null;
}

/** The first character of an image that flash does not hold; its length when it holds all of it. */
function missingFrom(flash: Flash, slot: number, bytes: number): number {
  for (let at = 0; at < bytes; at += SCAN_BYTES) {
    const part = flash.read(SLOT_AT[slot] + CODE_AT + at, Math.min(SCAN_BYTES, bytes - at));
    const blank = part.indexOf("\xff");
    if (blank >= 0) return at + blank;
  }
  return bytes;
}

/** Asks for what comes next; of a whole image says that it is whole, or begins again when it is not what was offered. */
function proceed(post: SlotsPost, slots: Slots, offer: Offer, at: number): void {
  if (at < offer.bytes) return say(post, "piece", offer.id, ',"at":' + at);
  const from = SLOT_AT[slots.other] + CODE_AT;
  const chain = chainOf(post.hal.sha256, (start, length) => slots.flash.read(from + start, length), offer.bytes);
  if (chain === offer.chain && codeIn(slots.flash, post.hal.crc32Hex, slots.other) !== "")
    return say(post, "whole", offer.id, "");
  slots.flash.erase(SLOT_AT[slots.other]);
  say(post, "torn", offer.id, "");
}

function isSame(a: Offer, b: Offer): boolean {
  return a.id === b.id && a.bytes === b.bytes && a.crc === b.crc && a.chain === b.chain;
}

/** An image is on offer: goes on with it if it is half here, else makes room for it. */
export function want(post: SlotsPost, _body: string, words: string[]): boolean {
  const offer = offerIn(words);
  const slots = offer === null ? null : slotsOf(post, offer.id);
  if (offer === null || slots === null) return false;
  const flash = slots.flash;
  const other = slots.other;
  const crc = post.hal.crc32Hex;
  if (offer.bytes > CODE_MAX) {
    refuse(post, offer.id, "size");
    return false;
  }
  const here = headOf(flash, crc, other);
  if (here !== null && isSame(here, offer)) {
    const missing = missingFrom(flash, other, offer.bytes);
    const whole = missing === offer.bytes;
    proceed(post, slots, offer, whole ? missing : Math.max(0, missing - STEP_BACK));
    return false;
  }
  // The old head goes first: until the records say what runs, there must be one image only that could.
  flash.erase(SLOT_AT[other]);
  if (!beginVerdicts(flash, crc, slots.boot.slot)) {
    refuse(post, offer.id, "flash");
    return false;
  }
  for (let page = 1; page < SLOT_PAGES; page++) flash.erase(SLOT_AT[other] + page * PAGE_BYTES);
  flash.write(SLOT_AT[other], headText(crc, offer));
  proceed(post, slots, offer, 0);
  return false;
}

/** A piece of the image that was asked for. Its text may hold commas. */
export function piece(post: SlotsPost, body: string, words: string[]): boolean {
  const slots = slotsOf(post, words[1]);
  if (slots === null || words.length < 4) return false;
  const offer = headOf(slots.flash, post.hal.crc32Hex, slots.other);
  const at = parseInt(words[2], 10);
  const text = unescapePiece(body.substr(words[0].length + words[1].length + words[2].length + 3));
  if (offer === null || offer.id !== words[1] || !(at >= 0) || text === "" || at + text.length > offer.bytes)
    return false;
  slots.flash.write(SLOT_AT[slots.other] + CODE_AT + at, text);
  proceed(post, slots, offer, at + text.length);
  return false;
}

function restart(post: SlotsPost): void {
  noteReset(post.hal.store, "update");
  post.hal.after(REBOOT_AFTER_MS, post.hal.reboot);
}

/** Starts the image in the other slot on trial. */
export function go(post: SlotsPost, _body: string, words: string[]): boolean {
  const slots = slotsOf(post, words[1]);
  if (slots === null) return false;
  const crc = post.hal.crc32Hex;
  const offer = headOf(slots.flash, crc, slots.other);
  if (offer === null || offer.id !== words[1] || codeIn(slots.flash, crc, slots.other) === "") {
    say(post, "torn", words[1], "");
    return false;
  }
  if (addVerdict(slots.flash, crc, verdictsIn(slots.flash, crc).end, "r", slots.other, "-")) restart(post);
  else refuse(post, words[1], "flash");
  return false;
}

/** Leaves the image that runs, on trial or not, for the other one. */
export function back(post: SlotsPost): boolean {
  const flash = post.hal.flash;
  const boot = post.hal.boot;
  const crc32Hex = post.hal.crc32Hex;
  if (flash === null || boot === null || codeIn(flash, crc32Hex, 1 - boot.slot) === "") {
    refuse(post, "", "no-other");
    return false;
  }
  if (addVerdict(flash, crc32Hex, verdictsIn(flash, crc32Hex).end, "b", boot.slot, "o")) restart(post);
  else refuse(post, "", "flash");
  return false;
}

/** What a hello says of slots and flash. */
export type SlotsHello = Pick<Hello, "slot" | "runs" | "back" | "has" | "fence">;

/** How slots and flash stand, for hello. */
export function slotsSay(hal: Pick<Hal, "flash" | "boot" | "crc32Hex">): SlotsHello {
  const said: SlotsHello = {};
  const flash = hal.flash;
  const boot = hal.boot;
  if (flash === null) said.fence = "missing";
  if (flash === null || boot === null) return said;
  said.slot = boot.slot;
  const runs = headOf(flash, hal.crc32Hex, boot.slot);
  if (runs !== null) said.runs = runs.id;
  const has = headOf(flash, hal.crc32Hex, 1 - boot.slot);
  if (has !== null) said.has = has.id + ":" + missingFrom(flash, 1 - boot.slot, has.bytes);
  const back = verdictsIn(flash, hal.crc32Hex).back;
  if (back !== "") said.back = WHY[back];
  return said;
}
