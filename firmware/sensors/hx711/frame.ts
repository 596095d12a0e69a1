/** The HX711's answer: 24 bits, the first the highest, in two's complement; then one to three that are high. */
import type { Outcome } from "../sensor.js";

/** Clock pulses of one reading: 24, and those that choose input and gain of the next one (datasheet, table 3). */
export function pulsesFor(gain: number): number {
  return gain === 64 ? 27 : gain === 32 ? 26 : 25;
}

/** A load at either end of the scale is no load but a broken bridge. */
const HIGHEST = 0x7fffff;
const LOWEST = -0x800000;

/**
 * Counts. `device` when the data wire is not high after the 24 bits: it was not the converter that answered.
 * @param bits    all bits of the answer as one number, the first highest
 * @param pulses  how many they are
 */
export function decodeHx711(bits: number, pulses: number): Outcome<number> {
  const extra = Math.pow(2, pulses - 24);
  const word = Math.floor(bits / extra);
  if (bits - word * extra !== extra - 1) return { ok: false, fault: "device" };
  const counts = word > HIGHEST ? word - 0x1000000 : word;
  return counts >= HIGHEST || counts <= LOWEST ? { ok: false, fault: "electrical" } : { ok: true, value: counts };
}
