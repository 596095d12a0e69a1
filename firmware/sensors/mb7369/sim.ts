/** A simulated MB7369. */
import { FIVE_METRES } from "../maxbotix/reach.js";
import { maxbotixStream, simulateMaxbotix, type Model } from "../maxbotix/sim.js";
import type { Simulate } from "../sim.js";
import { createMb7369Parser } from "./frame.js";

const MODEL: Model = { partNumber: "MB7369", reach: FIVE_METRES };

export const simulate: Simulate = () => simulateMaxbotix(MODEL, 2345);

export const stream = maxbotixStream(MODEL, createMb7369Parser);
