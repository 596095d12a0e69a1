/**
 * The images that boards can be sent, as files in the data folder: `images/<id>.js` and what is known of it beside. An
 * image is named by what it is (hardware/flash-image.ts), so one that was altered on the disk is not sent.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { imageFault, offerOf } from "../../hardware/flash-image.js";
import type { Offer } from "../../firmware/wire/image.js";
import { SetupError } from "../errors.js";
import type { UnixMs } from "../model.js";

export const IMAGES_DIR = "images";

export interface StoredImage extends Offer {
  /** What a board that runs it says in its hello. */
  image: string;
  version: string;
  added: UnixMs;
  by: string;
}

const ID = /^[0-9a-f]{8}$/;

/** Written beside, then put in its place: a power cut leaves the file whole or not there. */
function put(file: string, text: string): void {
  const fd = openSync(`${file}.new`, "w", 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${file}.new`, file);
}

export class ImageStore {
  readonly #folder: string;
  /** What was read: images never change, and there are a few. */
  readonly #codes = new Map<string, string>();

  /** @param dataDir the hub's data folder */
  constructor(dataDir: string) {
    this.#folder = join(dataDir, IMAGES_DIR);
  }

  /** Keeps an image. One that is there already stays as it is. @throws SetupError IMAGE_UNFIT */
  add(code: string, known: Omit<StoredImage, keyof Offer>): StoredImage {
    const fault = imageFault(code);
    if (fault !== "") throw new SetupError("IMAGE_UNFIT", `no board can take this image: ${fault}`, "Build it anew.");
    const offer = offerOf(code);
    const there = this.of(offer.id);
    if (there !== undefined) return there;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    put(join(this.#folder, `${offer.id}.js`), code);
    put(join(this.#folder, `${offer.id}.json`), JSON.stringify(known, null, 2) + "\n");
    return { ...known, ...offer };
  }

  /** Every image, the newest first. */
  list(): StoredImage[] {
    if (!existsSync(this.#folder)) return [];
    const ids = readdirSync(this.#folder).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));
    return ids.flatMap((id) => this.of(id) ?? []).sort((a, b) => b.added - a.added);
  }

  /** What is known of an image; undefined where it is not there, or not what its name says. */
  of(id: string): StoredImage | undefined {
    const code = this.code(id);
    if (code === undefined) return undefined;
    try {
      const known = JSON.parse(readFileSync(join(this.#folder, `${id}.json`), "utf8")) as Omit<
        StoredImage,
        keyof Offer
      >;
      return { ...known, ...offerOf(code) };
    } catch {
      return undefined;
    }
  }

  /** The image itself. */
  code(id: string): string | undefined {
    const read = this.#codes.get(id);
    if (read !== undefined) return read;
    const file = join(this.#folder, `${id}.js`);
    if (!ID.test(id) || !existsSync(file)) return undefined;
    const code = readFileSync(file, "latin1");
    if (offerOf(code).id !== id) return undefined;
    this.#codes.set(id, code);
    return code;
  }
}
