/**
 * A board without a body: numbers and seals real packs with a real key, for tests and load that are about what comes
 * after the wire.
 */
import { createHmac } from "node:crypto";
import { seal, unsealed, type LineType } from "../../firmware/wire/line.js";
import { packBody, type Hello, type Reading } from "../../firmware/wire/pack.js";

export interface SealedBoard {
  /** A sealed pack with the next number. `unixMs` null: the board does not know the time. */
  pack(readings: Reading[], uptimeMs: number, unixMs: number | null): string;
  hello(uptimeMs: number, hello: Hello): string;
  /** Any line, sealed as this board would. */
  line(type: LineType, seq: number, uptimeMs: number, time: string, body: string): string;
  lastSeq(): number;
}

/** The tag of a line under a key, as the hub's and the boards' wire code make it. */
export function macWith(key: Uint8Array): (text: string) => string {
  return (text) => createHmac("sha256", key).update(text, "latin1").digest("hex").slice(0, 32);
}

export function sealedBoard(name: string, keyId: string, key: Uint8Array, epoch: string, boot: number): SealedBoard {
  let seq = 0;
  const mac = macWith(key);
  const line: SealedBoard["line"] = (type, number, uptimeMs, time, body) =>
    seal(unsealed(type, name, `${epoch}.${boot}.${number}`, uptimeMs, time, body), keyId, mac);
  return {
    line,
    lastSeq: () => seq,
    pack: (readings, uptimeMs, unixMs) =>
      line("pack", ++seq, uptimeMs, unixMs === null ? "-" : `${unixMs}/s0`, packBody(readings)),
    hello: (uptimeMs, hello) => line("hello", 0, uptimeMs, "-", JSON.stringify(hello)),
  };
}
