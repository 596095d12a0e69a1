/**
 * What the PMS5003 and the PMS7003 say and understand: data frames (32 bytes), commands and the answers to them (8 bytes).
 * Source: Plantower PMS5003 manual V1.0 (2019-07-31), appendix I and II.
 */
import type { Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";
import { commandFrame, createPlantowerFramer, word } from "./frame.js";
import { massOf, type Mass } from "./mass.js";

const DATA = 28;
const ANSWER = 4;

export const COMMAND = {
  passive: commandFrame(0xe1, 0),
  active: commandFrame(0xe1, 1),
  read: commandFrame(0xe2, 0),
  sleep: commandFrame(0xe4, 0),
  wake: commandFrame(0xe4, 1),
};

export interface Pmsx003 {
  mass: Mass;
  /** Particles larger than 0.3, 0.5, 1, 2.5, 5, 10 µm in 0.1 litre of air. */
  counts: number[];
  version: number;
}

/**
 * Decodes one undamaged data frame. The sensor's error byte, and mass without a single particle, are the fault
 * `device`: so is an empty frame (all counts 0), which the sensor sends while its fan starts; outdoor air is never
 * without particles above 0.3 µm.
 */
export function decodePmsx003(frame: string): Outcome<Pmsx003> {
  if (frame.charCodeAt(29) !== 0) return { ok: false, fault: "device" };
  const counts: number[] = [];
  for (let i = 0; i < 6; i++) counts.push(word(frame, 16 + 2 * i));
  if (counts[0] === 0) return { ok: false, fault: "device" };
  return { ok: true, value: { mass: massOf(frame), counts: counts, version: frame.charCodeAt(28) } };
}

/** A parser of the byte stream: an outcome for every data frame, whole or damaged; answers to commands are skipped. */
export function createPmsx003Parser(onOutcome: (outcome: Outcome<Pmsx003>) => void): Framer {
  return createPlantowerFramer(
    [DATA, ANSWER],
    function (frame: string): void {
      if (frame.length === DATA + 4) onOutcome(decodePmsx003(frame));
    },
    function (): void {
      onOutcome({ ok: false, fault: "checksum" });
    },
  );
}
