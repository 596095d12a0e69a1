/** The tag that seals a line, as the hub makes it: HMAC-SHA256 (RFC 2104) cut to 16 bytes, in hexadecimal. */
import { createHmac, hash } from "node:crypto";
import { UPLINK_MAX } from "../../firmware/wire/line.js";

/** SHA-256's block, and the bytes of what it gives. */
const BLOCK = 64;
const DIGEST = 32;

/** The tag of a text, with one key, as firmware/wire/seal.ts makes it on the board. */
export function tagWith(key: Uint8Array): (text: string) => string {
  return (text) => createHmac("sha256", key).update(text, "latin1").digest("hex").slice(0, 32);
}

/**
 * The same for the hot path, in half the time: Node's objects for an HMAC and its stream cost more than its two hashes.
 * Texts of more than a line, and keys of more than 64 bytes, go the other way.
 */
export function createTagger(): (key: Uint8Array, text: string) => string {
  const inner = Buffer.alloc(BLOCK + UPLINK_MAX);
  const outer = Buffer.alloc(BLOCK + DIGEST);
  return (key, text) => {
    if (key.length > BLOCK || text.length > UPLINK_MAX) return tagWith(key)(text);
    inner.fill(0x36, 0, BLOCK);
    outer.fill(0x5c, 0, BLOCK);
    for (let i = 0; i < key.length; i++) {
      inner[i] ^= key[i];
      outer[i] ^= key[i];
    }
    const end = BLOCK + inner.write(text, BLOCK, "latin1");
    outer.write(hash("sha256", inner.subarray(0, end), "binary"), BLOCK, "latin1");
    return hash("sha256", outer, "hex").slice(0, 32);
  };
}
