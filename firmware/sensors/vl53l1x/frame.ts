/**
 * Registers of the VL53L1X and what its answers mean. Values as in ST's ultra lite driver (STSW-IMG009): the block for
 * the registers 2D–87, what short and long mode change in it, and 100 ms for a measurement in either.
 */
import type { Fault } from "../../wire/pack.js";
import type { Outcome } from "../sensor.js";

export const REGISTER = {
  vhvLoopBound: 0x0008,
  vhvStart: 0x000b,
  block: 0x002d,
  ready: 0x0031,
  phaseCalibration: 0x004b,
  timeoutA: 0x005e,
  periodA: 0x0060,
  timeoutB: 0x0061,
  periodB: 0x0063,
  validPhase: 0x0069,
  window: 0x0078,
  clear: 0x0086,
  start: 0x0087,
  result: 0x0089,
  model: 0x010f,
};

/** Model and type of the part, as its register says them. */
export const MODEL = 0xeacc;

/** Registers 2D–87 in long mode, bus and interrupt at the module's own 2.8 V, as hexadecimal digits. */
export const BLOCK =
  "0001010102000208000810010100000000ff000f" +
  "0000000000200b0000020a2100000500000000c8" +
  "000038ff010008000001cc0f01ea0d0168008008" +
  "b8000000000f8900000000000000010f0d0e0e00" +
  "0002c7ff9b000000010000";

/** What short mode changes: register, bytes. */
export const SHORT_MODE: [number, number[]][] = [
  [REGISTER.phaseCalibration, [0x14]],
  [REGISTER.timeoutA, [0x02, 0xe1]],
  [REGISTER.periodA, [0x07]],
  [REGISTER.timeoutB, [0x03, 0x88]],
  [REGISTER.periodB, [0x05]],
  [REGISTER.validPhase, [0x38]],
  [REGISTER.window, [0x07, 0x05, 0x06, 0x06]],
];

/** Bytes of a result: the status first, the distance (mm, high byte first) at 13. */
export const RESULT_BYTES = 15;

/**
 * The fault behind a raw status, or null for a sound measurement. Raw status and ST's own number for it: valid are 9 (0),
 * 19 (6, the first of a series) and 22 (11, echoes merged); too near 8 (3) and 13 (13); cross talk, which is a dirty
 * window, 12 (9); hardware 3 (5) and out of step 18 (10). All else is no sound echo.
 */
export function faultOf(status: number): Fault | null {
  if (status === 9 || status === 19 || status === 22) return null;
  if (status === 8 || status === 12 || status === 13) return "obstacle";
  if (status === 3 || status === 18) return "device";
  return "no-echo";
}

/** Decodes a result. */
export function decodeVl53l1x(bytes: Uint8Array): Outcome<number> {
  if (bytes.length !== RESULT_BYTES) return { ok: false, fault: "bus" };
  const fault = faultOf(bytes[0] & 31);
  return fault === null ? { ok: true, value: (bytes[13] << 8) | bytes[14] } : { ok: false, fault: fault };
}
