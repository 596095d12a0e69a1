/** A simulated JSN-SR04T: it answers 60 ms after it was asked. */
import type { Simulate } from "../sim.js";
import { simulateUltrasonic, ultrasonicStream } from "../ultrasonic/sim.js";
import { ASK, REACH } from "./facts.js";
import { createJsnSr04tParser } from "./frame.js";

const ANSWER_MS = 60;

export const simulate: Simulate = () => simulateUltrasonic(REACH, ANSWER_MS, ASK, 1777);

export const stream = ultrasonicStream(createJsnSr04tParser);
