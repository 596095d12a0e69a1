/**
 * The lines of SPEC's DGS modules: `SN, PPB, T, RH, ADC, ADC T, ADC RH, day, hour, minute, second` (DGS, 968 series), or
 * the first seven of them (DGS2, 970 series), whole numbers with comma and blank between, CR LF at the end. There is no
 * check: a line counts if it is whole, number by number, and begins with the twelve digits of a serial number.
 */
import { createFramer, type Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";

const MAX_BYTES = 96;
const SERIAL_DIGITS = 12;
/** A blank, a sign and seven digits: shorter than a serial number, which thus cannot stand inside a line. */
const LONGEST_FIELD = 9;

/** Asks for one line. */
export const ASK = "\r";

export interface DgsLine {
  serial: string;
  /** May be below zero. */
  ppb: number;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The text between two commas as a whole number, one blank before it allowed; null if it is none. */
function wholeOf(field: string): number | null {
  let at = field[0] === " " ? 1 : 0;
  const negative = field[at] === "-";
  if (negative) at++;
  if (at === field.length || field.length > LONGEST_FIELD) return null;
  let value = 0;
  for (; at < field.length; at++) {
    const code = field.charCodeAt(at);
    if (!isDigit(code)) return null;
    value = value * 10 + code - 48;
  }
  return negative ? -value : value;
}

/** Decodes a line with its end; null if it is none. */
export function decodeDgs(line: string): DgsLine | null {
  const end = line.charCodeAt(line.length - 2) === 13 ? 2 : 1;
  const fields = line.substr(0, line.length - end).split(",");
  if (fields.length !== 11 && fields.length !== 7) return null;
  const serial = fields[0];
  if (serial.length !== SERIAL_DIGITS) return null;
  for (let i = 0; i < SERIAL_DIGITS; i++) if (!isDigit(serial.charCodeAt(i))) return null;
  let ppb = 0;
  for (let i = 1; i < fields.length; i++) {
    const value = wholeOf(fields[i]);
    if (value === null) return null;
    if (i === 1) ppb = value;
  }
  return { serial: serial, ppb: ppb };
}

/** A parser of the byte stream: an outcome for every line, whole or damaged. */
export function createDgsParser(onOutcome: (outcome: Outcome<DgsLine>) => void): Framer {
  return createFramer(
    {
      maxBytes: MAX_BYTES,
      lengthOf: function (bytes: string): number {
        if (!isDigit(bytes.charCodeAt(0))) return -1;
        return bytes.indexOf("\n") + 1;
      },
      intact: function (line: string): boolean {
        return decodeDgs(line) !== null;
      },
    },
    function (line: string): void {
      const value = decodeDgs(line);
      if (value !== null) onOutcome({ ok: true, value: value });
    },
    function (): void {
      onOutcome({ ok: false, fault: "checksum" });
    },
  );
}
