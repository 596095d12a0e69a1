/** A simulated MB7386. */
import { TEN_METRES } from "../maxbotix/reach.js";
import { maxbotixStream, simulateMaxbotix, type Model } from "../maxbotix/sim.js";
import type { Simulate } from "../sim.js";
import { createMb7386Parser } from "./frame.js";

const MODEL: Model = { partNumber: "MB7386", reach: TEN_METRES };

export const simulate: Simulate = () => simulateMaxbotix(MODEL, 6200);

export const stream = maxbotixStream(MODEL, createMb7386Parser);
