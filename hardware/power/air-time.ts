/** How long a LoRa message keeps the radio busy; the formula is the node's own (firmware/node/airtime.ts). */
import { airtimeMs, FRAME_BYTES } from "../../firmware/node/airtime.js";

/** A window without a message in it closes after about so many symbols. */
const EMPTY_WINDOW_SYMBOLS = 12;
/** The second window of a European network is at this spreading factor. */
const SECOND_WINDOW = 12;

const symbolS = (spreading: number): number => 2 ** spreading / 125_000;

/** Seconds on the air for a payload at a spreading factor (7 … 12). */
export function airTime(spreading: number, payloadBytes: number): number {
  return airtimeMs(12 - spreading, payloadBytes + FRAME_BYTES) / 1000;
}

/** Seconds that the receiver is on after a message which nobody answers. */
export function listening(spreading: number): number {
  return EMPTY_WINDOW_SYMBOLS * (symbolS(spreading) + symbolS(SECOND_WINDOW));
}

/** Share of the time on the air when a message goes out every `everyS` seconds; European bands allow 0.01. */
export function dutyShare(spreading: number, payloadBytes: number, everyS: number): number {
  return airTime(spreading, payloadBytes) / everyS;
}
