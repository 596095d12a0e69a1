/**
 * How long a LoRaWAN message is on the air, and how long the radio must then be silent: 1 % in the EU863-870 plan, kept
 * for all its channels together. Formula: Semtech SX1272/73 data sheet, Rev. 2, §4.1.1.7 (p. 29); data rates:
 * LoRaWAN Regional Parameters RP002-1.0.3 §2.4.3.
 */

/** What LoRaWAN adds to a message's own bytes: header, address, control, counter, port, MIC (LoRaWAN 1.0.3 §4). */
export const FRAME_BYTES = 13;
/** A request to join: header, two identities, nonce, MIC (LoRaWAN 1.0.3 §6.2.4). */
export const JOIN_BYTES = 23;

/** Milliseconds on the air of a frame of so many bytes; `dataRate` 0–5 is SF12–SF7 at 125 kHz, 6 is SF7 at 250 kHz. */
export function airtimeMs(dataRate: number, frameBytes: number): number {
  const factor = dataRate > 5 ? 7 : 12 - dataRate;
  const symbolMs = Math.pow(2, factor) / (dataRate > 5 ? 250 : 125);
  // Symbols of more than 16 ms are sent with fewer bits each.
  const bits = factor > 10 ? factor - 2 : factor;
  // Explicit header, CRC on, coding rate 4/5.
  const blocks = Math.ceil((8 * frameBytes - 4 * factor + 28 + 16) / (4 * bits));
  return Math.ceil((8 + 4.25 + 8 + Math.max(blocks * 5, 0)) * symbolMs);
}

/** Milliseconds of silence that a message of so much air time asks for, where a part of the time may be used. */
export function silenceMs(onAirMs: number, dutyPercent: number): number {
  return Math.ceil((onAirMs * (100 - dutyPercent)) / dutyPercent);
}
