/**
 * The interpreter's Storage in memory, with what matters about flash: a file has its size from the start, unwritten
 * bytes read as 0xFF, nothing written is written again, erased files take room until compaction, names end after 28
 * characters. The supply can be cut after any number of programmed bytes.
 *
 * A cut in a compaction costs everything, as on the board: what was erased first breaks the chain of headers, and at
 * power-up the interpreter erases a Storage whose chain is broken (test/espruino/fence.spec.ts shows it). Flash that is
 * written by address, which does not have this weakness, is vm-flash.ts.
 */
const NAME_MAX = 28;
const HEADER_BYTES = 32;

/** Thrown out of the board when its supply goes. */
export class PowerCut extends Error {}

export class VmStorage {
  readonly totalBytes: number;
  #files = new Map<string, Buffer>();
  #trashBytes = 0;
  #left = Infinity;

  constructor(totalBytes: number) {
    this.totalBytes = totalBytes;
  }

  /** Cuts the supply when `bytes` more have been programmed; `Infinity` calls that off. */
  cutAfter(bytes: number): void {
    this.#left = bytes;
  }

  read(name: string, offset = 0, length?: number): string | undefined {
    const file = this.#files.get(name.slice(0, NAME_MAX));
    return file?.toString("latin1", offset, length === undefined ? undefined : Math.min(file.length, offset + length));
  }

  write(name: string, data: string, offset = 0, size = 0): boolean {
    const key = name.slice(0, NAME_MAX);
    const bytes = Buffer.from(data, "latin1");
    let file = this.#files.get(key);
    const wanted = size === 0 ? bytes.length : size;
    if (wanted === 0) throw new Error("Can't create zero length file");
    if (offset === 0 && !(file?.length === wanted && file.every((b) => b === 0xff))) {
      if (file?.length === wanted && bytes.equals(file)) return true;
      this.erase(key);
      file = this.#create(key, wanted);
    }
    if (file === undefined) throw new Error("Unable to find or create file");
    if (offset + bytes.length > file.length) throw new Error("Too much data for file size");
    if (!file.subarray(offset, offset + bytes.length).every((b) => b === 0xff))
      throw new Error("File already written with different data");
    for (const [i, byte] of bytes.entries()) {
      this.#program();
      file[offset + i] = byte;
    }
    return true;
  }

  erase(name: string): void {
    const key = name.slice(0, NAME_MAX);
    const file = this.#files.get(key);
    if (file === undefined) return;
    this.#program();
    this.#files.delete(key);
    this.#trashBytes += file.length + HEADER_BYTES;
  }

  getFree(): number {
    return this.totalBytes - this.#trashBytes - this.#usedBytes();
  }

  getStats(): { totalBytes: number; freeBytes: number; fileBytes: number; trashBytes: number } {
    return {
      totalBytes: this.totalBytes,
      freeBytes: this.getFree(),
      fileBytes: this.#usedBytes(),
      trashBytes: this.#trashBytes,
    };
  }

  compact(): void {
    if (this.#trashBytes === 0) return;
    try {
      for (let bytes = this.#usedBytes(); bytes > 0; bytes--) this.#program();
    } catch (error) {
      this.#files.clear();
      this.#trashBytes = 0;
      throw error;
    }
    this.#trashBytes = 0;
  }

  list(): string[] {
    return [...this.#files.keys()];
  }

  /** A copy as it stands, with the supply on. */
  clone(): VmStorage {
    const copy = new VmStorage(this.totalBytes);
    for (const [name, file] of this.#files) copy.#files.set(name, Buffer.from(file));
    copy.#trashBytes = this.#trashBytes;
    return copy;
  }

  #usedBytes(): number {
    let sum = 0;
    for (const file of this.#files.values()) sum += HEADER_BYTES + ((file.length + 3) & ~3);
    return sum;
  }

  #create(key: string, size: number): Buffer {
    const needed = HEADER_BYTES + size;
    if (needed > this.getFree()) this.compact();
    if (needed > this.getFree()) throw new Error("Unable to find or create file");
    for (let i = 0; i < HEADER_BYTES; i++) this.#program();
    const file = Buffer.alloc(size, 0xff);
    this.#files.set(key, file);
    return file;
  }

  #program(): void {
    if (this.#left <= 0) throw new PowerCut("supply cut");
    this.#left -= 1;
  }
}
