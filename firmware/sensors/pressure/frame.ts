/** From the voltage across the loop's resistor to its current, and from that to a head of water. Limits: NAMUR NE 43. */
import type { Outcome } from "../sensor.js";
import { FAIL_HIGH_MA, FAIL_LOW_MA, FULL_MA, MAX_MA, MIN_MA, ZERO_MA } from "./facts.js";

/** The loop's current in mA, or `electrical` where no sound transmitter can have it. */
export function decodeLoop(mv: number, ohms: number): Outcome<number> {
  const mA = mv / ohms;
  return mA >= FAIL_LOW_MA && mA <= FAIL_HIGH_MA ? { ok: true, value: mA } : { ok: false, fault: "electrical" };
}

/**
 * Head in mm of a current: 4 mA are 0, 20 mA the probe's range. Just below 0 it may be: that is the probe's own error. A
 * transmitter at its stop is `range`.
 */
export function headMm(mA: number, fullMm: number): Outcome<number> {
  if (mA < MIN_MA || mA > MAX_MA) return { ok: false, fault: "range" };
  return { ok: true, value: ((mA - ZERO_MA) * fullMm) / (FULL_MA - ZERO_MA) };
}
