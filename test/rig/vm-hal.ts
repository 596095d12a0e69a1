/** What the flash code needs of a board, over the storage of a vm board. */
import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Hal, Store } from "../../firmware/node/hal.js";
import { pageStore } from "../../firmware/node/pages.js";
import { VmFlash } from "./vm-flash.js";
import { PowerCut } from "./vm-storage.js";
import type { VmStorage } from "./vm-storage.js";

/** As board.ts does it: a refusal of flash is false. Only a power cut goes through. */
function storeOf(storage: VmStorage): Store {
  const attempt = (fn: () => boolean): boolean => {
    try {
      return fn();
    } catch (error) {
      if (error instanceof PowerCut) throw error;
      return false;
    }
  };
  return {
    read: (name, offset, length) => storage.read(name, offset, length),
    create: (name, data, size) => attempt(() => storage.write(name, data, 0, size)),
    append: (name, data, offset) => attempt(() => storage.write(name, data, offset)),
    erase: (name) => storage.erase(name),
    free: () => storage.getFree(),
    total: () => storage.totalBytes,
    compact: () => storage.compact(),
  };
}

/** Over the interpreter's files, or over flash that was laid out in pages. */
export function flashHal(storage: VmStorage | VmFlash): Pick<Hal, "store" | "crc32Hex" | "sha256" | "entropy"> {
  return {
    store: storage instanceof VmFlash ? pageStore(storage, storage.pages, () => undefined) : storeOf(storage),
    crc32Hex: (text) => crc32(Buffer.from(text, "latin1")).toString(16).padStart(8, "0"),
    sha256: (data) => createHash("sha256").update(data).digest(),
    entropy: () => randomBytes(16).toString("hex"),
  };
}
