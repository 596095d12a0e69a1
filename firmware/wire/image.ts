/**
 * How an image crosses the wire: named by an offer, then carried in pieces inside sealed commands. The commands are
 *
 *   want,<id>,<bytes>,<crc>,<chain>,<chain>   an image is on offer; its chain in two halves
 *   piece,<id>,<at>,<text>                    its characters from `at` on
 *   go,<id>                                   start it on trial
 *   back                                      leave the image that runs, for the one before
 *
 * and the board asks for the next piece, or says how it stands, by a reply with the number 0.
 *
 * An image is printable ASCII and line feeds. In a piece a space is `~s`, a line feed `~n` and a tilde `~t`: a line's
 * body has no spaces, and this takes fewer characters than base64.
 */
import type { Sha256 } from "./seal.js";

/** What names an image: every board and the hub compute the same from the same characters. */
export interface Offer {
  /** Eight hexadecimal digits. */
  id: string;
  bytes: number;
  /** CRC-32 of the image, and the end of its chain of hashes (see {@link chainOf}), as hexadecimal digits. */
  crc: string;
  chain: string;
}

export const CHAIN_DIGITS = 16;
/** Characters that are hashed at once: a board has no room for an image in one piece. */
const LINK_BYTES = 256;

/**
 * A hash over an image that a board can compute from flash: SHA-256 over the hash so far (32 bytes, at first zero) and
 * the next 256 characters, again and again; the first 16 hexadecimal digits of the last.
 */
export function chainOf(sha256: Sha256, read: (at: number, length: number) => string, bytes: number): string {
  let hash: Uint8Array = new Uint8Array(32);
  for (let at = 0; at < bytes; at += LINK_BYTES) {
    const part = read(at, Math.min(LINK_BYTES, bytes - at));
    const data = new Uint8Array(32 + part.length);
    for (let i = 0; i < 32; i++) data[i] = hash[i];
    for (let i = 0; i < part.length; i++) data[32 + i] = part.charCodeAt(i);
    hash = sha256(data);
  }
  let text = "";
  for (let i = 0; i < CHAIN_DIGITS / 2; i++) text += ("0" + hash[i].toString(16)).slice(-2);
  return text;
}

/** The body of the command that offers an image. */
export function wantBody(offer: Offer): string {
  return (
    "want," +
    offer.id +
    "," +
    offer.bytes +
    "," +
    offer.crc +
    "," +
    offer.chain.substr(0, 8) +
    "," +
    offer.chain.substr(8)
  );
}

/** Whether a command brings a piece. */
export function isPiece(body: string): boolean {
  return body.indexOf("piece,") === 0;
}

/** The offer in such a command's words; null when they are not one. */
export function offerIn(words: string[]): Offer | null {
  if (words.length !== 6) return null;
  const bytes = parseInt(words[2], 10);
  if (words[1].length !== 8 || !(bytes > 0) || words[3].length !== 8) return null;
  const chain = words[4] + words[5];
  return chain.length === CHAIN_DIGITS ? { id: words[1], bytes: bytes, crc: words[3], chain: chain } : null;
}

/** Characters of an image as they stand in a piece. */
export function escapePiece(text: string): string {
  return text.split("~").join("~t").split(" ").join("~s").split("\n").join("~n");
}

/** The characters that a piece stands for. */
export function unescapePiece(text: string): string {
  return text.split("~n").join("\n").split("~s").join(" ").split("~t").join("~");
}
