/** The MB7369's line: its family's, with the numbers of its length. */
import type { Framer } from "../framer.js";
import { createMaxbotixParser } from "../maxbotix/frame.js";
import { FIVE_METRES } from "../maxbotix/reach.js";
import type { Outcome } from "../sensor.js";

/** A parser of the byte stream: an outcome for every line. */
export function createMb7369Parser(onOutcome: (outcome: Outcome<number>) => void): Framer {
  return createMaxbotixParser(FIVE_METRES, onOutcome);
}
