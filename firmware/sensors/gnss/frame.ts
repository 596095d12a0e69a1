/**
 * Sentences of NMEA 0183: `$`, text, `*`, two hexadecimal digits (all bytes between the two marks, xor), CR LF. Of all
 * that a receiver says only GGA is read, whatever system it comes from (GP, GN, GL, …):
 * `$GNGGA,<time>,4315.12345,N,07654.32100,E,<fix>,<satellites>,<hdop>,…`. Degrees and minutes stand without a mark
 * between them: 4315.12345 is 43° 15.12345′.
 */
import { createFramer, type Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";

export interface Place {
  latitudeDeg: number;
  longitudeDeg: number;
  hdop: number;
}

/** The standard's longest sentence is 82 bytes with marks; receivers with long hdop and height fields go beyond. */
const MAX_BYTES = 100;
const HEX = "0123456789ABCDEF";

/** What stands between `$` and `*` against the two digits behind. */
function isIntact(frame: string): boolean {
  const star = frame.length - 5;
  if (star < 6 || frame[star] !== "*" || frame.substr(star + 3) !== "\r\n") return false;
  let check = 0;
  for (let i = 1; i < star; i++) check ^= frame.charCodeAt(i);
  return frame[star + 1] === HEX[check >> 4] && frame[star + 2] === HEX[check & 15];
}

/** Digits only, and at least one; NaN otherwise: parseInt would take "4A" for 4. */
function whole(text: string): number {
  if (text === "") return NaN;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return NaN;
  }
  return parseInt(text, 10);
}

/** `ddmm.mmmm` or `dddmm.mmmm` in degrees, from whole numbers: hundred-thousandths of a minute. NaN if it is no such. */
export function degrees(text: string, sign: number): number {
  const parts = text.split(".");
  const head = parts[0];
  if (head.length < 3 || parts.length > 2) return NaN;
  const fraction = ((parts.length === 2 ? parts[1] : "") + "00000").substr(0, 5);
  const minutes = whole(head.substr(head.length - 2, 2)) * 100000 + whole(fraction);
  if (minutes >= 6000000) return NaN;
  return sign * (whole(head.substr(0, head.length - 2)) + minutes / 6000000);
}

/** `1.2` as a number; NaN if it is none. */
function decimalOf(text: string): number {
  const parts = text.split(".");
  if (parts.length > 2) return NaN;
  const fraction = parts.length === 2 ? parts[1] : "";
  return whole(parts[0]) + (fraction === "" ? 0 : whole(fraction) / Math.pow(10, fraction.length));
}

function signOf(mark: string, plus: string, minus: string): number {
  return mark === plus ? 1 : mark === minus ? -1 : NaN;
}

/** The place of a GGA sentence; `no-fix` when the receiver does not know it, or says none. */
export function decodeGga(fields: string[]): Outcome<Place> {
  const fix = whole(fields[6]);
  // 6 is dead reckoning, 7 and 8 are entered by hand and simulated.
  if (!(fix >= 1 && fix <= 5)) return { ok: false, fault: "no-fix" };
  const place = {
    latitudeDeg: degrees(fields[2], signOf(fields[3], "N", "S")),
    longitudeDeg: degrees(fields[4], signOf(fields[5], "E", "W")),
    hdop: decimalOf(fields[8]),
  };
  if (isNaN(place.latitudeDeg) || isNaN(place.longitudeDeg)) return { ok: false, fault: "no-fix" };
  return { ok: true, value: place };
}

/** A parser of the byte stream: an outcome for every GGA sentence; other whole sentences are skipped. */
export function createNmeaParser(onOutcome: (outcome: Outcome<Place>) => void): Framer {
  return createFramer(
    {
      maxBytes: MAX_BYTES,
      lengthOf: function (bytes: string): number {
        if (bytes[0] !== "$") return -1;
        const end = bytes.indexOf("\n");
        // A start inside: the first one was cut off.
        const again = bytes.indexOf("$", 1);
        if (again > 0 && (end < 0 || again < end)) return again;
        return end < 0 ? 0 : end + 1;
      },
      intact: isIntact,
    },
    function (frame: string): void {
      if (frame.substr(3, 4) !== "GGA,") return;
      const fields = frame.substr(0, frame.length - 5).split(",");
      onOutcome(fields.length >= 9 ? decodeGga(fields) : { ok: false, fault: "no-fix" });
    },
    function (): void {
      onOutcome({ ok: false, fault: "checksum" });
    },
  );
}
