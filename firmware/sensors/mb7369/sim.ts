/** A simulated MB7369. */
import { FIVE_METRES } from "../maxbotix/reach.js";
import { simulateMaxbotix, type Model } from "../maxbotix/sim.js";
import type { Simulate } from "../sim.js";

const MODEL: Model = { partNumber: "MB7369", reach: FIVE_METRES };

export const simulate: Simulate = () => simulateMaxbotix(MODEL, 2345);
