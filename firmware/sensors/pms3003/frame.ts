/**
 * The PMS3003's frame: 24 bytes, masses only, no commands, no error byte.
 * Source: Plantower PMS3003 manual; captures in testdata.
 */
import { createPlantowerFramer } from "../plantower/frame.js";
import { massOf, type Mass } from "../plantower/mass.js";
import type { Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";

/** A parser of the byte stream: an outcome for every frame, whole or damaged. */
export function createPms3003Parser(onOutcome: (outcome: Outcome<Mass>) => void): Framer {
  return createPlantowerFramer(
    [20],
    function (frame: string): void {
      onOutcome({ ok: true, value: massOf(frame) });
    },
    function (): void {
      onOutcome({ ok: false, fault: "checksum" });
    },
  );
}
