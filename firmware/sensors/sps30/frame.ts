/**
 * The Sensirion SPS30's frames (SHDLC over UART, 115200 baud): `7E <address> <command> <state> <length> <data> <check>
 * 7E`, with 7E, 7D, 11 and 13 inside stuffed as 7D and the byte XOR 20. Frame only: no site uses the part.
 * Source: Sensirion SPS30 datasheet, UART interface; captures in testdata.
 */
import type { Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";

const FLAG = 0x7e;
const ESCAPE = 0x7d;
const READ = 3;
/** Ten big-endian float32. */
const PAYLOAD = 40;
/** Longest content between two flags: every byte stuffed. */
const MAX_BYTES = 2 * (PAYLOAD + 5);

export interface Sps30 {
  /** PM1, PM2.5, PM4, PM10 in µg/m³. */
  mass: number[];
  /** Particles of 0.3 µm up to 0.5, 1, 2.5, 4, 10 µm per cm³. */
  counts: number[];
  typicalSizeUm: number;
}

/** An IEEE 754 single-precision number, from its four bytes, big-endian. */
export function float32(bytes: string, at: number): number {
  const b0 = bytes.charCodeAt(at);
  const b1 = bytes.charCodeAt(at + 1);
  const sign = b0 & 0x80 ? -1 : 1;
  const exponent = ((b0 & 0x7f) << 1) | (b1 >> 7);
  const fraction = ((b1 & 0x7f) << 16) | (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3);
  if (exponent === 255) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * Math.pow(2, -149);
  return sign * (fraction + 0x800000) * Math.pow(2, exponent - 150);
}

/**
 * What stood between two flags, without its stuffing; null if an escape has nothing behind it. Bytes are taken with
 * substr: the interpreter recodes an indexed byte above 7F as two when it is added to a string.
 */
function unstuffed(content: string): string | null {
  let bytes = "";
  for (let i = 0; i < content.length; i++) {
    if (content.charCodeAt(i) !== ESCAPE) bytes += content.substr(i, 1);
    else if (++i < content.length) bytes += String.fromCharCode(content.charCodeAt(i) ^ 0x20);
    else return null;
  }
  return bytes;
}

/** The check is the complement of the sum of all bytes before it. */
function intact(bytes: string): boolean {
  if (bytes.length < 5 || bytes.charCodeAt(3) !== bytes.length - 5) return false;
  let sum = 0;
  for (let i = 0; i < bytes.length - 1; i++) sum += bytes.charCodeAt(i);
  return bytes.charCodeAt(bytes.length - 1) === (~sum & 255);
}

/** Decodes one undamaged answer to "read"; null if it carries no new sample. A set error state is `device`. */
export function decodeSps30(bytes: string): Outcome<Sps30> | null {
  if (bytes.charCodeAt(2) !== 0) return { ok: false, fault: "device" };
  if (bytes.charCodeAt(1) !== READ || bytes.charCodeAt(3) !== PAYLOAD) return null;
  const values: number[] = [];
  for (let i = 0; i < 10; i++) values.push(float32(bytes, 4 + 4 * i));
  return { ok: true, value: { mass: values.slice(0, 4), counts: values.slice(4, 9), typicalSizeUm: values[9] } };
}

/**
 * A parser of the byte stream: an outcome for every answer to "read" and for every damaged frame. A flag ends one frame
 * and begins the next, so that a lost flag costs one frame and not two.
 */
export function createSps30Parser(onOutcome: (outcome: Outcome<Sps30>) => void): Framer {
  let content = "";
  let inside = false;

  const close = function (): void {
    if (inside && content.length > 0) {
      const bytes = unstuffed(content);
      const outcome: Outcome<Sps30> | null =
        bytes !== null && intact(bytes) ? decodeSps30(bytes) : { ok: false, fault: "checksum" };
      if (outcome) onOutcome(outcome);
    }
    content = "";
    inside = true;
  };

  return {
    push: function (chunk: string): void {
      for (let i = 0; i < chunk.length; i++) {
        if (chunk.charCodeAt(i) === FLAG) close();
        else if (inside && content.length < MAX_BYTES) content += chunk.substr(i, 1);
        else {
          // Too long for a frame: noise, up to the next flag.
          content = "";
          inside = false;
        }
      }
    },
    held: function (): number {
      return content.length;
    },
  };
}
