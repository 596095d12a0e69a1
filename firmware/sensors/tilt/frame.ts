/** Registers of the LIS3DH and the angle behind its sample. Source: ST datasheet DocID17530, sections 6 and 8. */
import type { Outcome } from "../sensor.js";
import { REST_MG } from "./facts.js";

export const REGISTER = { whoAmI: 0x0f, control1: 0x20, control4: 0x23, status: 0x27, sample: 0x28 };
/** More than one byte in one transfer: the top bit of the register's address. */
export const MANY = 0x80;
export const WHO_AM_I = 0x33;
/** 100 samples a second, three axes; and off. */
export const RUN = 0x57;
export const POWER_DOWN = 0x00;
/** Whole samples only (BDU), ± 2 g, high resolution: 12 bits, 1 mg a step. */
export const FINE = 0x88;
/** In the status register: all axes have a new sample. */
export const NEW_SAMPLE = 0x08;
export const SAMPLE_BYTES = 6;

/** The three axes in mg: 12 bits, left-justified, low byte first. */
export function decodeLis3dh(bytes: Uint8Array): Outcome<number[]> {
  if (bytes.length !== SAMPLE_BYTES) return { ok: false, fault: "bus" };
  const axes: number[] = [];
  for (let i = 0; i < SAMPLE_BYTES; i += 2) {
    const word = (bytes[i + 1] << 8) | bytes[i];
    axes.push((word > 0x7fff ? word - 0x10000 : word) / 16);
  }
  return { ok: true, value: axes };
}

/**
 * Degrees between an axis of the part and the plumb line. At rest an axis that points up reads 1000 mg, since the part
 * feels what holds it up. More or less than 1 g in all is no rest: `range`.
 * @param axis  1 x, 2 y, 3 z; negative: that axis should point down
 */
export function tiltDeg(axes: number[], axis: number): Outcome<number> {
  const squares = axes[0] * axes[0] + axes[1] * axes[1] + axes[2] * axes[2];
  const g = Math.sqrt(squares);
  if (!(g >= REST_MG[0] && g <= REST_MG[1])) return { ok: false, fault: "range" };
  const along = axes[Math.abs(axis) - 1] * (axis < 0 ? -1 : 1);
  // The other two axes give the sine: near 0° and 180° a cosine alone would turn 1 mg of noise into degrees.
  const across = Math.sqrt(Math.max(0, squares - along * along));
  return { ok: true, value: (Math.atan2(across, along) * 180) / Math.PI };
}
