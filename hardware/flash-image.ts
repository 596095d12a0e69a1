/**
 * The whole of a board's Storage, made on the host: what it starts with, its set-up, and the region in which the
 * firmware keeps everything else (firmware/node/pages.ts). It is written to the board once, in one piece, and from then
 * on the interpreter's file system is only read.
 *
 *   Storage   .bootcde (loader) · other files · aryk.cfg · aryk.at · aryk.flash (the region, to the end)
 *   region    label · small files · two slots, the first with the image · the outbox's ring
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { chainOf } from "../firmware/wire/image.js";
import type { Offer } from "../firmware/wire/image.js";
import { labelOf, LABEL_BYTES, LEAST_PAGES, PAGE_BYTES, pageOfFile } from "../firmware/node/pages.js";
import { pagesIn, PLACE_FILE, REGION_FILE, SLOT_AT } from "../firmware/node/pages.js";
import { CODE_AT, CODE_MAX, headText } from "../firmware/node/verdicts.js";
import { ImageError } from "./image-error.js";

/** A file of the interpreter's Storage: its header's bytes, the longest name, and the border that data ends on. */
const HEADER_BYTES = 32;
const NAME_MAX = 28;
const ALIGN = 4;

const crcOf = (text: string): string => crc32(Buffer.from(text, "latin1")).toString(16).padStart(8, "0");
const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();

/** What names an image on the wire and in a slot. Its id is the beginning of its SHA-256. */
export function offerOf(code: string): Offer {
  return {
    id: createHash("sha256").update(code, "latin1").digest("hex").slice(0, 8),
    bytes: code.length,
    crc: crcOf(code),
    chain: chainOf(sha256, (at, length) => code.slice(at, at + length), code.length),
  };
}

/** What no slot takes: an empty text when an image can be sent and stored. */
export function imageFault(code: string): string {
  if (code.length === 0) return "it is empty";
  if (code.length > CODE_MAX) return `it has ${code.length} bytes, a slot takes ${CODE_MAX}`;
  return /^[\n\x20-\x7e]*$/.test(code) ? "" : "it is not printable ASCII";
}

/** Writes a file behind the last one; returns where the next one goes. */
function put(flash: Buffer, at: number, name: string, data: Buffer, size = data.length): number {
  const end = at + HEADER_BYTES + Math.ceil(size / ALIGN) * ALIGN;
  if (name.length > NAME_MAX || end > flash.length)
    throw new ImageError("FLASH_FULL", `${name} does not fit the board's Storage`, "Leave something out.");
  flash.fill(0, at, at + HEADER_BYTES);
  flash.writeUInt32LE(size, at);
  flash.write(name, at + 4, NAME_MAX, "latin1");
  data.copy(flash, at + HEADER_BYTES);
  return end;
}

/** Storage with nothing but these files, one behind the other. */
export function storageOf(files: Record<string, string>, bytes: number): Buffer {
  const flash = Buffer.alloc(bytes, 0xff);
  let at = 0;
  for (const [name, text] of Object.entries(files)) at = put(flash, at, name, Buffer.from(text, "latin1"));
  return flash;
}

/** Where a board's Storage lies, and how much there is of it. */
export interface StorageFacts {
  /** Address of its first byte, as the interpreter's module Flash counts. */
  base: number;
  bytes: number;
}

/** Storage of a board that starts `code` from its first slot. `files` stand in front, `.bootcde` excepted. */
export function flashImage(code: string, loader: string, files: Record<string, string>, facts: StorageFacts): Buffer {
  const fault = imageFault(code);
  if (fault !== "") throw new ImageError("NO_SLOT", `the image fits no slot: ${fault}`, "Make the image smaller.");
  const place = (regionAt: number, dataAt: number) =>
    [facts.base + regionAt, regionAt - dataAt].map((n) => n.toString(16).padStart(8, "0")).join("");
  const front = { ".bootcde": loader, ...files };
  const flash = storageOf({ ...front, [PLACE_FILE]: place(0, 0) }, facts.bytes);
  // The last page stays free: behind the region's end the interpreter must find blank flash.
  const headerAt = lengthOf({ ...front, [PLACE_FILE]: place(0, 0) });
  const dataAt = headerAt + HEADER_BYTES;
  const regionAt = Math.ceil(dataAt / PAGE_BYTES) * PAGE_BYTES;
  const pages = Math.floor(facts.bytes / PAGE_BYTES) - regionAt / PAGE_BYTES - 1;
  if (pages < LEAST_PAGES)
    throw new ImageError("FLASH_FULL", "no room for slots and ring in this board's Storage", "Name another board.");
  flash.write(place(regionAt, dataAt), headerAt - PLACE_BYTES, "latin1");
  put(flash, headerAt, REGION_FILE, Buffer.alloc(0), regionAt - dataAt + pages * PAGE_BYTES);
  flash.write(labelOf(pages), regionAt, "latin1");
  flash.write(headText(crcOf, offerOf(code)), regionAt + SLOT_AT[0], "latin1");
  flash.write(code, regionAt + SLOT_AT[0] + CODE_AT, "latin1");
  const good = "g0-\n";
  flash.write(good + crcOf(good), regionAt + pageOfFile("aryk.upd"), "latin1");
  return flash;
}

const PLACE_BYTES = 16;

function lengthOf(files: Record<string, string>): number {
  return Object.values(files).reduce((at, text) => at + HEADER_BYTES + Math.ceil(text.length / ALIGN) * ALIGN, 0);
}

/** Bytes of one write: a line of the script is then short enough for any console. */
const LINE_BYTES = 192;

/**
 * Such a Storage as a program for the interpreter's console, for boards whose flash no other tool reaches: it erases
 * Storage and writes what is not blank.
 */
export function flashScript(flash: Buffer, facts: StorageFacts): string {
  const lines = ['require("Storage").eraseAll();', 'var f=require("Flash");'];
  for (let at = 0; at < flash.length; at += LINE_BYTES) {
    const part = flash.subarray(at, at + LINE_BYTES);
    if (part.some((byte) => byte !== 0xff))
      lines.push(`f.write(atob("${part.toString("base64")}"),${facts.base + at});`);
  }
  return [...lines, 'print("written");', ""].join("\n");
}

/** A file as it stands in Storage. */
interface Stored {
  name: string;
  /** Where its data begins, and how long they are. */
  at: number;
  size: number;
}

/** The files in Storage, as far as they were not replaced or erased. */
export function storedFiles(flash: Buffer): Stored[] {
  const files: Stored[] = [];
  for (let at = 0; at + HEADER_BYTES <= flash.length;) {
    const word = flash.readUInt32LE(at);
    if (word === 0xffffffff) break;
    const size = word & 0xffffff;
    const name = flash.toString("latin1", at + 4, at + HEADER_BYTES).replace(/\0.*$/s, "");
    if (name !== "") files.push({ name, at: at + HEADER_BYTES, size });
    at += HEADER_BYTES + Math.ceil(size / ALIGN) * ALIGN;
  }
  return files;
}

/** Where the region begins in Storage, and how many pages it has; null where the board was not laid out. */
export function regionIn(flash: Buffer): { at: number; pages: number } | null {
  const files = storedFiles(flash);
  const place = files.find((f) => f.name === PLACE_FILE);
  const region = files.find((f) => f.name === REGION_FILE);
  if (place === undefined || region === undefined) return null;
  const at = region.at + parseInt(flash.toString("latin1", place.at + 8, place.at + 16), 16);
  const pages = pagesIn(flash.toString("latin1", at, at + LABEL_BYTES));
  return pages === 0 ? null : { at, pages };
}

/**
 * Outside of the loader's function: see loader.ts. An image that has not said in ten minutes that it is set up is started
 * again. Running out of memory cannot be caught, but it is told of: on trial it ends the start at once. Where the heap
 * is so full that no function can be called any more, what is left is the interpreter's own `E.reboot`, which needs no
 * heap: it is what the timer calls, and a second timer, which does need some, calls it off.
 */
const HAND_OVER = `
if(aryk.code!==""){if(aryk.trial)E.on("errorFlag",function(f){if(!f||f.indexOf("MEMORY")>=0)E.reboot()});
aryk.end=setTimeout(E.reboot,600000);setTimeout(function(){if(aryk.ok)clearTimeout(aryk.end)},590000);
try{eval(aryk.code)}catch(e){aryk.threw(e)}}
aryk.code="";aryk.threw=null;
`;

/** The loader as `.bootcde` holds it. */
export async function buildLoader(): Promise<string> {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  const entry = `import { load } from "./firmware/loader.js";\nglobal.aryk = load();`;
  // As in image.ts: the hub knows images, and builds none.
  const { buildScript } = await import("./bundle.js");
  const script = await buildScript("loader", entry, folder, true);
  return script + HAND_OVER;
}
