/** The JSN-SR04T's frame: its family's, with its own reach. */
import type { Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";
import { createUltrasonicParser } from "../ultrasonic/frame.js";
import { REACH } from "./facts.js";

/** A parser of the byte stream: an outcome for every frame. */
export function createJsnSr04tParser(onOutcome: (outcome: Outcome<number>) => void): Framer {
  return createUltrasonicParser(REACH, onOutcome);
}
