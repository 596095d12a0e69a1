/**
 * The Sensirion SPS30's frames (SHDLC over UART): `7E <address> <command> <state> <length> <data> <check> 7E`, with 7E, 7D,
 * 11 and 13 inside stuffed as 7D and the byte XOR 20; commands have no state.
 * Source: Sensirion SPS30 datasheet 1.0, section 5 (UART interface); captures in testdata.
 */
import type { Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";

const FLAG = 0x7e;
const ESCAPE = 0x7d;
const STUFFED = [0x7e, 0x7d, 0x11, 0x13];
export const READ = 3;
/** Ten big-endian float32. */
export const PAYLOAD = 40;
/** Longest content between two flags: every byte stuffed. */
const MAX_BYTES = 2 * (PAYLOAD + 5);

/** What came as an answer to which command. State 0 is fine; its top bit says that the status register has an error. */
export interface Answer {
  command: number;
  state: number;
  data: string;
}

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

/** The ten figures of a payload, by whichever wire it came. */
export function sps30Of(payload: string): Sps30 {
  const values: number[] = [];
  for (let i = 0; i < 10; i++) values.push(float32(payload, 4 * i));
  return { mass: values.slice(0, 4), counts: values.slice(4, 9), typicalSizeUm: values[9] };
}

/** The check is the complement of the sum of the bytes before it. */
function checkOf(bytes: string, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += bytes.charCodeAt(i);
  return ~sum & 255;
}

/** Closes a frame: content without flags and check, as it goes over the wire. */
export function closed(content: string): string {
  const bytes = content + String.fromCharCode(checkOf(content, content.length));
  let frame = String.fromCharCode(FLAG);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.charCodeAt(i);
    frame += STUFFED.indexOf(byte) < 0 ? bytes.substr(i, 1) : String.fromCharCode(ESCAPE, byte ^ 0x20);
  }
  return frame + String.fromCharCode(FLAG);
}

/** A command to the sensor (its address is 0). */
export function commandFrame(command: number, data: string): string {
  return closed(String.fromCharCode(0, command, data.length) + data);
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

function answerOf(bytes: string | null): Outcome<Answer> {
  if (bytes === null || bytes.length < 5 || bytes.charCodeAt(3) !== bytes.length - 5)
    return { ok: false, fault: "checksum" };
  const last = bytes.length - 1;
  if (bytes.charCodeAt(last) !== checkOf(bytes, last)) return { ok: false, fault: "checksum" };
  const data = bytes.substr(4, last - 4);
  return { ok: true, value: { command: bytes.charCodeAt(1), state: bytes.charCodeAt(2), data: data } };
}

/**
 * A parser of the byte stream: an outcome for every frame, whole or damaged. A flag ends one frame and begins the next, so
 * that a lost flag costs one frame and not two.
 */
export function createAnswerParser(onOutcome: (outcome: Outcome<Answer>) => void): Framer {
  let content = "";
  let inside = false;

  const close = function (): void {
    if (inside && content.length > 0) onOutcome(answerOf(unstuffed(content)));
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

/**
 * Decodes an answer to "read": null if it carries no new sample, or answers something else. A state that is not 0 is
 * `device`: the sensor does not measure (43), or its status register names a fan or a laser (80).
 */
export function decodeSps30(answer: Answer): Outcome<Sps30> | null {
  if (answer.state !== 0) return { ok: false, fault: "device" };
  if (answer.command !== READ || answer.data.length !== PAYLOAD) return null;
  return { ok: true, value: sps30Of(answer.data) };
}

/** A parser of the byte stream that knows samples alone: an outcome for each of them, and for every damaged frame. */
export function createSps30Parser(onOutcome: (outcome: Outcome<Sps30>) => void): Framer {
  return createAnswerParser(function (outcome: Outcome<Answer>): void {
    const sample = outcome.ok ? decodeSps30(outcome.value) : outcome;
    if (sample !== null) onOutcome(sample);
  });
}
