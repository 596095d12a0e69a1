/**
 * The line of MaxBotix' HRXL family: `R`, four digits (millimetres), carriage return; no check. What is not exactly this
 * is no reading: the power-up banner contains an R ("RoHS"), and a stray FF may appear between lines. Five digits are
 * taken as well, because 10 m parts of the family have been seen to send 10000.
 * Source: MaxBotix datasheet PD11500 (HRXL-MaxSonar-WR), pin 5; codes as FloodNet reads them in the field.
 */
import { createFramer, type Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";
import type { Reach } from "./reach.js";

const CR = "\r";

function isDigit(bytes: string, at: number): boolean {
  const code = bytes.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Millimetres, or the fault that the number stands for. */
export function decodeMaxbotix(reach: Reach, mm: number): Outcome<number> {
  if (mm === 0) return { ok: false, fault: "electrical" };
  if (mm === reach.obstacleMm) return { ok: false, fault: "obstacle" };
  if (reach.noEchoMm.indexOf(mm) >= 0) return { ok: false, fault: "no-echo" };
  return { ok: true, value: mm };
}

/** A parser of the byte stream: an outcome for every line. A line broken after its first digit is `checksum`. */
export function createMaxbotixParser(reach: Reach, onOutcome: (outcome: Outcome<number>) => void): Framer {
  return createFramer(
    {
      maxBytes: 7,
      lengthOf: function (bytes: string): number {
        if (bytes[0] !== "R") return -1;
        let digits = 0;
        while (digits < 5 && isDigit(bytes, 1 + digits)) digits++;
        if (bytes.length === 1 + digits) return 0;
        // Broken: handed on as far as it went, so that it is counted, unless it was text.
        return digits === 0 ? -1 : 2 + digits;
      },
      intact: function (frame: string): boolean {
        return frame.length >= 6 && frame[frame.length - 1] === CR;
      },
    },
    function (frame: string): void {
      onOutcome(decodeMaxbotix(reach, parseInt(frame.substr(1), 10)));
    },
    function (): void {
      onOutcome({ ok: false, fault: "checksum" });
    },
  );
}
