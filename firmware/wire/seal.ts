/**
 * HMAC-SHA256 (RFC 2104) for an interpreter that has SHA-256 but no HMAC. The hash is handed in, because the board's
 * is native code and the tests' is Node's. The tag on the wire is the first 16 bytes (RFC 2104 §5 allows half).
 */
export type Sha256 = (data: Uint8Array) => Uint8Array;

export const TAG_BYTES = 16;
const BLOCK = 64;

function padded(key: Uint8Array, mask: number, room: number): Uint8Array {
  const out = new Uint8Array(BLOCK + room);
  for (let i = 0; i < BLOCK; i++) out[i] = (i < key.length ? key[i] : 0) ^ mask;
  return out;
}

function hex(bytes: Uint8Array, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) text += ("0" + bytes[i].toString(16)).slice(-2);
  return text;
}

/** The tag over `text` (character codes 0–255) as 32 lower-case hexadecimal digits. `key` is at most 64 bytes. */
export function tagOf(sha256: Sha256, key: Uint8Array, text: string): string {
  const inner = padded(key, 0x36, text.length);
  for (let i = 0; i < text.length; i++) inner[BLOCK + i] = text.charCodeAt(i);
  const digest = sha256(inner);
  const outer = padded(key, 0x5c, digest.length);
  for (let i = 0; i < digest.length; i++) outer[BLOCK + i] = digest[i];
  return hex(sha256(outer), TAG_BYTES);
}

/** Compares two tags in time that does not depend on where they differ. */
export function sameTag(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let different = 0;
  for (let i = 0; i < a.length; i++) different |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return different === 0;
}
