/**
 * Flash as a chip has it, in memory: bits go from one to zero only, pages are erased whole, and the supply can be cut
 * after any number of steps. A step is one programmed byte, or the erasure of a part of a page.
 */
import type { Flash } from "../../firmware/node/pages.js";
import { LABEL_BYTES, labelOf, PAGE_BYTES, pagesIn } from "../../firmware/node/pages.js";
import { PowerCut } from "./vm-storage.js";

/** An erasure that the supply does not outlast leaves the page erased up to one of so many borders. */
const ERASE_STEPS = 4;

export class VmFlash implements Flash {
  readonly bytes: Buffer;
  /** Erasures of each page. */
  readonly wear: number[];
  #from: number;
  #left = Infinity;

  /** Over bytes that were laid out already; `from` is where the region begins in them. */
  constructor(bytes: Buffer, from: number) {
    this.bytes = bytes;
    this.#from = from;
    this.wear = new Array<number>(Math.floor(bytes.length / PAGE_BYTES)).fill(0);
  }

  /** Pages of the region, by its label. */
  get pages(): number {
    return pagesIn(this.read(0, LABEL_BYTES));
  }

  /** An empty region. */
  static blank(pages: number): VmFlash {
    const flash = new VmFlash(Buffer.alloc(pages * PAGE_BYTES, 0xff), 0);
    flash.write(0, labelOf(pages));
    return flash;
  }

  /** Cuts the supply after `steps` more; `Infinity` calls that off. */
  cutAfter(steps: number): void {
    this.#left = steps;
  }

  read(at: number, length: number): string {
    return this.bytes.toString("latin1", this.#from + at, this.#from + at + length);
  }

  window(at: number, length: number): string {
    return this.read(at, length);
  }

  write(at: number, data: string): void {
    for (const [i, byte] of Buffer.from(data, "latin1").entries()) {
      this.#step();
      this.bytes[this.#from + at + i] &= byte;
    }
  }

  erase(at: number): void {
    if (at % PAGE_BYTES !== 0) throw new Error(`no page begins at ${at}`);
    const part = PAGE_BYTES / ERASE_STEPS;
    for (let i = 0; i < ERASE_STEPS; i++) {
      this.#step();
      this.bytes.fill(0xff, this.#from + at + i * part, this.#from + at + (i + 1) * part);
    }
    this.wear[at / PAGE_BYTES]++;
  }

  #step(): void {
    if (this.#left <= 0) throw new PowerCut("supply cut");
    this.#left -= 1;
  }
}
