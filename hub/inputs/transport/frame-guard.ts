/**
 * Follows the frame borders of an MQTT byte stream (fixed header, remaining length as 1–4 base-128 digits; MQTT 3.1.1
 * §2.2) and tells when a packet announces itself longer than allowed. A packet parser keeps all bytes of a packet
 * before it hands it over, up to 256 MB: without this guard every client could claim that much memory.
 */
export class FrameGuard {
  readonly #maxBytes: number;
  readonly #onPacket: ((type: number) => void) | undefined;
  /** Bytes of the present packet still to come; -1 while its header is being read. */
  #left = -1;
  #digits = 0;
  #length = 0;
  #inHeader = false;

  /**
   * @param maxBytes largest remaining length of one packet
   * @param onPacket is told the type (1–14) of each packet as it begins
   */
  constructor(maxBytes: number, onPacket?: (type: number) => void) {
    this.#maxBytes = maxBytes;
    this.#onPacket = onPacket;
  }

  /** Takes the next bytes of the stream; false when a packet is too long or its length malformed. */
  pass(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left >= 0) {
        const skip = Math.min(this.#left, chunk.length - at);
        this.#left -= skip;
        at += skip;
        if (this.#left === 0) this.#left = -1;
      } else if (!this.#inHeader) {
        this.#inHeader = true;
        this.#digits = 0;
        this.#length = 0;
        const type = chunk[at++] >> 4;
        this.#onPacket?.(type);
      } else {
        const digit = chunk[at++];
        this.#length += (digit & 0x7f) << (7 * this.#digits++);
        if (digit & 0x80) {
          if (this.#digits === 4) return false;
          continue;
        }
        if (this.#length > this.#maxBytes) return false;
        this.#inHeader = false;
        this.#left = this.#length === 0 ? -1 : this.#length;
      }
    }
    return true;
  }
}
