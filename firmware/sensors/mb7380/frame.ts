/** The MB7380's line: its family's, with the numbers of the 5 m parts. */
import type { Framer } from "../framer.js";
import { createMaxbotixParser } from "../maxbotix/frame.js";
import type { Outcome } from "../sensor.js";
import { REACH } from "./facts.js";

/** A parser of the byte stream: an outcome for every line. */
export function createMb7380Parser(onOutcome: (outcome: Outcome<number>) => void): Framer {
  return createMaxbotixParser(REACH, onOutcome);
}
