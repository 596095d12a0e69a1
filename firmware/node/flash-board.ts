/**
 * Flash by address, as the interpreter gives it: read through its file system, erased and written by its module Flash.
 * With board.ts one of the few files that touch the interpreter's globals; the loader uses it too.
 */
import { LABEL_BYTES, PAGE_BYTES, pagesIn, PLACE_FILE, REGION_FILE } from "./pages.js";
import type { Flash } from "./pages.js";

interface StorageModule {
  read(name: string, offset: number, length: number): string | undefined;
}
interface FlashModule {
  getPage(at: number): { length: number } | undefined;
  read(length: number, at: number): Uint8Array;
  write(data: string, at: number): void;
  erasePage(at: number): void;
}
declare const E: { toString(bytes: Uint8Array): string };
declare function require(name: "Storage"): StorageModule;
declare function require(name: "Flash"): FlashModule;

/** The region that the board was laid out with; null where it was not, or where the address leads elsewhere. */
export function boardFlash(): Flash | null {
  const files = require("Storage");
  const place = files.read(PLACE_FILE, 0, 16);
  if (place === undefined) return null;
  const base = parseInt(place.substr(0, 8), 16);
  const offset = parseInt(place.substr(8, 8), 16);
  const chip = require("Flash");
  const page = chip.getPage(base);
  const window = (at: number, length: number): string => {
    const text = length > 0 ? files.read(REGION_FILE, offset + at, length) : undefined;
    return text === undefined ? "" : text;
  };
  const label = window(0, LABEL_BYTES) + "";
  // Read by address it must be the same: else pages would be erased that are something else.
  if (page === undefined || pagesIn(label) === 0 || E.toString(chip.read(LABEL_BYTES, base)) !== label) return null;
  const step = page.length;
  return {
    window: window,
    read: (at, length) => window(at, length) + "",
    write: (at, data) => chip.write(data, base + at),
    erase: (at) => {
      // A page of ours may be several of the chip's. The first goes first: it is what says that a page is in use.
      // A number that came out of a division is refused, though it is whole.
      for (let p = 0; p < PAGE_BYTES; p += step) chip.erasePage((base + at + p) | 0);
    },
  };
}
