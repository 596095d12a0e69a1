/** A simulated MB7389. */
import { FIVE_METRES } from "../maxbotix/reach.js";
import {
  bannerOf,
  createMaxbotixSim,
  lineOf,
  maxbotixStream,
  simulateMaxbotix,
  type Model,
  type Scene,
} from "../maxbotix/sim.js";
import type { Simulate, UartPartMaker } from "../sim.js";
import { createMb7389Parser } from "./frame.js";

export type { Scene } from "../maxbotix/sim.js";

const MODEL: Model = { partNumber: "MB7389", reach: FIVE_METRES };

/** Text of the real part's start. */
export const BANNER = bannerOf(MODEL);

/** The line that the sensor sends for a scene. */
export function lineFor(scene: Scene): string {
  return lineOf(MODEL, scene);
}

/** @param scene  is asked at every cycle */
export function createMb7389Sim(scene: () => Scene): UartPartMaker {
  return createMaxbotixSim(MODEL, scene);
}

export const simulate: Simulate = () => simulateMaxbotix(MODEL, 1234);

export const stream = maxbotixStream(MODEL, createMb7389Parser);
