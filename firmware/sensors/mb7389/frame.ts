/** The MB7389's line: that of its family, with its own codes. */
import type { Framer } from "../framer.js";
import { createMaxbotixParser } from "../maxbotix/frame.js";
import type { Outcome } from "../sensor.js";
import { NO_ECHO_MM, OBSTACLE_MM } from "./facts.js";

/** A parser of the byte stream: an outcome for every line. */
export function createMb7389Parser(onOutcome: (outcome: Outcome<number>) => void): Framer {
  return createMaxbotixParser({ obstacleMm: OBSTACLE_MM, noEchoMm: NO_ECHO_MM }, onOutcome);
}
