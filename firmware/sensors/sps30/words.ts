/**
 * The Sensirion SPS30's words on I²C: commands of 16 bits, data as 16-bit words with a CRC behind each.
 * Source: Sensirion SPS30 datasheet 1.0, section 6 (I²C interface).
 */
import { crc8 } from "../crc8.js";
import type { Outcome } from "../sensor.js";
import { PAYLOAD, sps30Of, type Sps30 } from "./frame.js";

export const WORDS = {
  /** Wanted as float32. */
  start: [0x00, 0x10, 0x03, 0x00, 0xac],
  stop: [0x01, 0x04],
  ready: [0x02, 0x02],
  read: [0x03, 0x00],
  sleep: [0x10, 0x01],
  wake: [0x11, 0x03],
  clean: [0x56, 0x07],
  status: [0xd2, 0x06],
};

export const READY_BYTES = 3;
export const STATUS_BYTES = 6;
/** Forty bytes of payload, in twenty words of three. */
export const READ_BYTES = (PAYLOAD / 2) * 3;

/** The data of words whose CRCs are all right, else null. */
export function dataOf(bytes: Uint8Array): string | null {
  let data = "";
  for (let i = 0; i + 2 < bytes.length; i += 3) {
    if (crc8(bytes[i], bytes[i + 1]) !== bytes[i + 2]) return null;
    data += String.fromCharCode(bytes[i], bytes[i + 1]);
  }
  return data;
}

/** The answer to "read". */
export function decodeWords(bytes: Uint8Array): Outcome<Sps30> {
  const data = bytes.length === READ_BYTES ? dataOf(bytes) : null;
  return data === null ? { ok: false, fault: "checksum" } : { ok: true, value: sps30Of(data) };
}

/** Whether the status register (32 bits) says that the laser (bit 5) or the fan (bit 4) has failed. */
export function isBroken(status: string): boolean {
  return (status.charCodeAt(3) & 0x30) !== 0;
}
