/** A simulated PMS3003: masses alone, sent by itself, deaf to commands. See plantower/sim.ts. */
import { withSum } from "../plantower/frame.js";
import {
  counterStream,
  createCounterSim,
  massWords,
  SCENE,
  SCENE_MASSES,
  simulateCounter,
  u16,
  type Air,
} from "../plantower/sim.js";
import type { Simulate, UartPartMaker } from "../sim.js";
import { createPms3003Parser } from "./frame.js";

/** A whole data frame: 24 bytes, the last three words reserved. */
export function pms3003Frame(air: Air, counting = true): string {
  const words = counting ? [...massWords(air), 0, 0, 0] : Array<number>(9).fill(0);
  return withSum("BM" + u16(20) + words.map(u16).join(""));
}

export function createPms3003Sim(air: () => Air): UartPartMaker {
  return createCounterSim((counting) => pms3003Frame(air(), counting), false);
}

export const simulate: Simulate = () =>
  simulateCounter((counting) => pms3003Frame(SCENE, counting), false, SCENE_MASSES);

export const stream = counterStream(createPms3003Parser, pms3003Frame, "BM\0\x14B\xffBMM");
