/** A simulated MB7380. */
import { maxbotixStream, simulateMaxbotix, type Model } from "../maxbotix/sim.js";
import type { Simulate } from "../sim.js";
import { REACH } from "./facts.js";
import { createMb7380Parser } from "./frame.js";

const MODEL: Model = { partNumber: "MB7380", reach: REACH };

export const simulate: Simulate = () => simulateMaxbotix(MODEL, 1456);

export const stream = maxbotixStream(MODEL, createMb7380Parser);
