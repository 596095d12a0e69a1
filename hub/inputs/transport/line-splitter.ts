/**
 * Cuts a byte stream at line feeds and keeps at most `maxBytes` of a line that has not ended yet: of endless noise only
 * the tail stays, because a whole line may follow it at once.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #onLine: (line: string) => void;
  readonly #onOverflow: () => void;
  #kept = "";
  #overflown = false;

  /**
   * @param onLine     gets each line as character codes 0–255, without its line feed or a carriage return before it
   * @param onOverflow is told once for each line of which something had to be dropped
   */
  constructor(maxBytes: number, onLine: (line: string) => void, onOverflow: () => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
    this.#onOverflow = onOverflow;
  }

  push(chunk: Uint8Array): void {
    const parts = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1").split("\n");
    for (let i = 0; i < parts.length; i++) {
      this.#keep(parts[i]);
      if (i === parts.length - 1) return;
      const line = this.#kept.endsWith("\r") ? this.#kept.slice(0, -1) : this.#kept;
      this.#kept = "";
      this.#overflown = false;
      this.#onLine(line);
    }
  }

  #keep(text: string): void {
    this.#kept += text;
    if (this.#kept.length <= this.#maxBytes) return;
    this.#kept = this.#kept.slice(-this.#maxBytes);
    if (!this.#overflown) this.#onOverflow();
    this.#overflown = true;
  }
}
