/**
 * The frame of all Plantower particle counters: `42 4D`, payload length (u16), payload, sum of all bytes before it
 * (u16), big-endian. Sensors differ in the payload's length and meaning; answers to commands have 4 bytes of it.
 * Source: Plantower PMS5003 manual V1.0 (2019-07-31), appendix I.
 */
import { createFramer, type Framer } from "../framer.js";

const START = "\x42\x4D";

/** The 16-bit word at `at`. */
export function word(bytes: string, at: number): number {
  return (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1);
}

/** The check over the first `count` bytes: their sum, 16 bits. */
export function sumOf(bytes: string, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += bytes.charCodeAt(i);
  return sum & 0xffff;
}

/** Closes a frame: start and everything up to the check, with the check behind it. */
export function withSum(bytes: string): string {
  const sum = sumOf(bytes, bytes.length);
  return bytes + String.fromCharCode(sum >> 8) + String.fromCharCode(sum & 255);
}

/** A command to sensors that take some (not the PMS3003): `42 4D <command> <data u16> <sum>`. */
export function commandFrame(command: number, data: number): string {
  const bytes = START + String.fromCharCode(command) + String.fromCharCode(data >> 8) + String.fromCharCode(data & 255);
  return withSum(bytes);
}

/**
 * A parser for the frames of one sensor.
 * @param payloads  lengths (as written in the frame, check included) that this sensor sends; any other is no frame
 */
export function createPlantowerFramer(
  payloads: number[],
  onFrame: (frame: string) => void,
  onDamage: () => void,
): Framer {
  let longest = 0;
  for (let i = 0; i < payloads.length; i++) if (payloads[i] > longest) longest = payloads[i];

  return createFramer(
    {
      maxBytes: 4 + longest,
      lengthOf: function (bytes: string): number {
        if (bytes[0] !== START[0]) return -1;
        if (bytes.length < 2) return 0;
        if (bytes[1] !== START[1]) return -1;
        if (bytes.length < 4) return 0;
        const payload = word(bytes, 2);
        return payloads.indexOf(payload) < 0 ? -1 : 4 + payload;
      },
      intact: function (frame: string): boolean {
        return word(frame, frame.length - 2) === sumOf(frame, frame.length - 2);
      },
    },
    onFrame,
    onDamage,
  );
}
