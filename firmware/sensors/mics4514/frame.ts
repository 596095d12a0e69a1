/**
 * Registers of DFRobot's board for the MiCS-4514. Source: its driver DFRobot_MICS (MIT), read for the register map alone.
 */
import type { Outcome } from "../sensor.js";

export const REGISTER = { figures: 0x04, power: 0x0a };
export const POWER_ON = 1;
/** Three words, high byte first: oxidizing element, reducing element, supply. */
export const FIGURE_BYTES = 6;

export interface Mics4514 {
  /** What the element leaves of the supply, in counts of the board's converter: it rises and falls with the resistance. */
  ox: Outcome<number>;
  red: Outcome<number>;
}

/** The supply less what is behind the element. Nothing, or all of it, is an element that does not conduct or is bridged. */
function across(supply: number, behind: number): Outcome<number> {
  const left = supply - behind;
  return left > 0 && left < supply ? { ok: true, value: left } : { ok: false, fault: "electrical" };
}

/** Decodes the three words. An open bus (all ones or all zeros) is `bus`, a wrong length `checksum`. */
export function decodeMics4514(bytes: Uint8Array): Outcome<Mics4514> {
  if (bytes.length !== FIGURE_BYTES) return { ok: false, fault: "checksum" };
  let zeros = 0;
  let ones = 0;
  for (let i = 0; i < FIGURE_BYTES; i++) {
    if (bytes[i] === 0) zeros++;
    if (bytes[i] === 0xff) ones++;
  }
  if (zeros === FIGURE_BYTES || ones === FIGURE_BYTES) return { ok: false, fault: "bus" };
  const word = function (at: number): number {
    return (bytes[at] << 8) | bytes[at + 1];
  };
  const supply = word(4);
  return { ok: true, value: { ox: across(supply, word(0)), red: across(supply, word(2)) } };
}
