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
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CODE_MAX } from "../../firmware/node/verdicts.js";
import { imageFault, offerOf } from "../../hardware/flash-image.js";
import type { Offer } from "../../firmware/wire/image.js";
import { SetupError } from "../errors.js";

export const IMAGES_DIR = "images";
/** As many are kept, so that a backup of them has a bound: some 30 MB. A version of the hub makes some twenty. */
export const IMAGES_MOST = 500;

const known = z.object({
  /** What a board that runs it says in its hello. */
  image: z.string().min(1).max(64),
  version: z.string().max(64),
  /** Unix ms. */
  added: z.number(),
  by: z.string().max(200),
});
/** The longest text of what is known of one. */
const KNOWN_MOST = 4096;

export type KnownImage = z.infer<typeof known>;
export type StoredImage = Offer & KnownImage;

const ID = /^[0-9a-f]{8}$/;

/** What a file holds; undefined where there is none, or a longer one. */
function bytesOf(file: string, most: number): Buffer | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  return size === undefined || size > most ? undefined : readFileSync(file);
}

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
  readonly #read = new Map<string, { code: string; offer: Offer }>();

  /** @param dataDir the hub's data folder */
  constructor(dataDir: string) {
    this.#folder = join(dataDir, IMAGES_DIR);
  }

  /** Keeps an image. One that is there already stays as it is. @throws SetupError IMAGE_UNFIT, IMAGES_MANY */
  add(code: string, facts: KnownImage): StoredImage {
    const fault = imageFault(code);
    if (fault !== "") throw new SetupError("IMAGE_UNFIT", `no board can take this image: ${fault}`, "Build it anew.");
    const offer = offerOf(code);
    const there = this.of(offer.id);
    if (there !== undefined) return there;
    if (this.#ids().length >= IMAGES_MOST)
      throw new SetupError(
        "IMAGES_MANY",
        `there are ${IMAGES_MOST} images in ${this.#folder}, as many as a hub keeps`,
        "Delete those that no rollout sends: aryk update images shows them.",
      );
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    put(join(this.#folder, `${offer.id}.js`), code);
    put(join(this.#folder, `${offer.id}.json`), JSON.stringify(facts, null, 2) + "\n");
    return { ...facts, ...offer };
  }

  #ids(): string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));
  }

  /** Every image, the newest first. */
  list(): StoredImage[] {
    return this.#ids()
      .flatMap((id) => this.of(id) ?? [])
      .sort((a, b) => b.added - a.added);
  }

  /** Those in the folder that are not whole, or not what their names say. */
  broken(): string[] {
    return this.#ids().filter((id) => this.of(id) === undefined);
  }

  /** What is known of an image; undefined where it is not there, or not what its name says. */
  of(id: string): StoredImage | undefined {
    const read = this.#of(id);
    if (read === undefined) return undefined;
    try {
      const text = String(bytesOf(join(this.#folder, `${id}.json`), KNOWN_MOST));
      return { ...known.parse(JSON.parse(text)), ...read.offer };
    } catch {
      return undefined;
    }
  }

  /** The image itself. */
  code(id: string): string | undefined {
    return this.#of(id)?.code;
  }

  #of(id: string): { code: string; offer: Offer } | undefined {
    const read = this.#read.get(id);
    if (read !== undefined) return read;
    const code = ID.test(id) ? bytesOf(join(this.#folder, `${id}.js`), CODE_MAX)?.toString("latin1") : undefined;
    if (code === undefined) return undefined;
    const offer = offerOf(code);
    if (offer.id !== id) return undefined;
    const found = { code, offer };
    this.#read.set(id, found);
    return found;
  }
}
