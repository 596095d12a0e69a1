/**
 * Files without the interpreter's file system. Its Storage is a chain of headers: compaction erases the chain from its
 * front and writes it anew, and at power-up a chain with one bad header has ALL of Storage erased, the board's key and
 * program included. A supply that goes at the wrong moment would cost a visit. So a board is laid out once
 * (hardware/flash-image.ts), with one large file, the region, and from then on no header is ever written: every file of
 * this firmware has pages of its own in the region, which are erased and written in place.
 *
 *   page   0        label: LABEL, number of pages (4 digits), spaces up to LABEL_BYTES
 *          1-7      small files, one page each: size (4 hex digits, written last), bytes
 *          8-39     two slots for images (slots.ts)
 *          40-      the outbox's chunks (chunk.ts)
 *
 * A file whose writing was cut off does not exist; a page that was erased in part is erased again before it is used.
 */
import type { Store } from "./hal.js";

/** Flash by address: bytes from the beginning of the region on. */
export interface Flash {
  /** A copy of `length` bytes; fewer at the end. */
  read(at: number, length: number): string;
  /** The same bytes where they stand, at no cost of heap: not to be kept over an erasure. */
  window(at: number, length: number): string;
  /** Turns ones to zeros: what stood there is to be 0xFF, or the same. */
  write(at: number, data: string): void;
  /** Erases the page that begins there. */
  erase(at: number): void;
}

export const PAGE_BYTES = 4096;
/** The region's name in Storage, and the file that says where it is: its address and its offset, 8 hex digits each. */
export const REGION_FILE = "aryk.flash";
export const PLACE_FILE = "aryk.at";
export const LABEL = "aryk pages 1 ";
export const LABEL_BYTES = 20;

/** Names of the small files, each followed by a space and padded to NAME characters: one text takes less than a list. */
const SMALL = "aryk.b0  aryk.b1  aryk.why aryk.key aryk.set aryk.upd aryk.t   ";
const NAME = 9;
const FILES = 7;
const CHUNK = "aryk.q";
const SIZE_DIGITS = 4;
const SMALL_MAX = PAGE_BYTES - SIZE_DIGITS;
const BLANK = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";

/** Pages of one image, and where the first and second begin. */
export const SLOT_PAGES = 16;
export const SLOT_AT = [PAGE_BYTES * (1 + FILES), PAGE_BYTES * (1 + FILES + SLOT_PAGES)];
const RING_PAGE = 1 + FILES + 2 * SLOT_PAGES;
/** The least that a region has: with a ring of three chunks. */
export const LEAST_PAGES = RING_PAGE + 3;

/** Where a small file's page begins; -1 for a name that is none. */
export function pageOfFile(name: string): number {
  const at = SMALL.indexOf(name + " ");
  return at < 0 ? -1 : PAGE_BYTES * (1 + at / NAME);
}

/** Every file that a region of so many pages can hold. */
export function pageNames(pages: number): string[] {
  const names = SMALL.split(" ").filter((name) => name !== "");
  for (let i = 0; RING_PAGE + i < pages; i++) names.push(CHUNK + (i < 10 ? "0" : "") + i);
  return names;
}

/** The label of a region with so many pages. */
export function labelOf(pages: number): string {
  return (LABEL + ("000" + pages).slice(-4) + "          ").substr(0, LABEL_BYTES);
}

/** How many pages a region has by its label; 0 when it is none. */
export function pagesIn(label: string): number {
  const pages = parseInt(label.substr(LABEL.length, 4), 10);
  return pages >= LEAST_PAGES && labelOf(pages) === label ? pages : 0;
}

function sizeText(size: number): string {
  return ("000" + size.toString(16)).slice(-4);
}

/** Whether bytes were never written since their page was erased. */
export function isBlank(flash: Flash, at: number, length: number): boolean {
  for (let p = 0; p < length; p += BLANK.length) {
    const part = Math.min(BLANK.length, length - p);
    if (flash.read(at + p, part) !== BLANK.substr(0, part)) return false;
  }
  return true;
}

/**
 * The store over a region of so many pages. Names that it has no page for cannot be made; `front` reads those that
 * stand before the region.
 */
export function pageStore(flash: Flash, pages: number, front: Store["read"]): Store {
  /** Where the file's page begins; -1 for none. */
  const pageOf = (name: string): number => {
    if (name.substr(0, CHUNK.length) !== CHUNK) return pageOfFile(name);
    const page = RING_PAGE + parseInt(name.substr(CHUNK.length), 10);
    return page < pages ? page * PAGE_BYTES : -1;
  };
  const isChunk = (page: number): boolean => page >= RING_PAGE * PAGE_BYTES;
  /** Where in its page a file's bytes begin. A chunk has all of its page, and says itself whether it is one. */
  const before = (page: number): number => (isChunk(page) ? 0 : SIZE_DIGITS);
  /** A file's size; 0 when there is none. */
  const sizeAt = (page: number): number => {
    if (isChunk(page)) return PAGE_BYTES;
    const text = flash.read(page, SIZE_DIGITS);
    const size = parseInt(text, 16);
    return size > 0 && size <= SMALL_MAX && sizeText(size) === text ? size : 0;
  };
  return {
    read: (name, offset, length) => {
      const page = pageOf(name);
      if (page < 0) return front(name, offset, length);
      const size = sizeAt(page);
      if (size === 0) return undefined;
      return flash.read(page + before(page) + offset, Math.max(0, Math.min(length, size - offset)));
    },
    create: (name, data, size) => {
      const page = pageOf(name);
      if (page < 0 || size < 1 || data.length > size || size > PAGE_BYTES - before(page)) return false;
      flash.erase(page);
      flash.write(page + before(page), data);
      if (!isChunk(page)) flash.write(page, sizeText(size));
      return true;
    },
    append: (name, data, offset) => {
      const page = pageOf(name);
      if (page < 0 || offset + data.length > sizeAt(page)) return false;
      const at = page + before(page) + offset;
      if (!isBlank(flash, at, data.length)) return false;
      flash.write(at, data);
      return true;
    },
    erase: (name) => {
      const page = pageOf(name);
      if (page >= 0) flash.erase(page);
    },
    // There is nothing to gather, and a chunk's page is free when its turn comes.
    free: () => (pages - RING_PAGE) * PAGE_BYTES,
    total: () => (pages - RING_PAGE) * PAGE_BYTES,
    compact: () => undefined,
  };
}
