/** A simulated PMS7003: see plantower/sim.ts. */
import {
  counterStream,
  createCounterSim,
  dataFrame,
  SCENE,
  SCENE_COUNT,
  SCENE_MASSES,
  simulateCounter,
  type Air,
} from "../plantower/sim.js";
import type { Simulate, UartPartMaker } from "../sim.js";
import { createPms7003Parser } from "./frame.js";

/**
 * @param air    is asked for every frame
 * @param error  the error byte of the frames, 0 for none
 */
export function createPms7003Sim(air: () => Air, error: () => number = () => 0): UartPartMaker {
  return createCounterSim((counting) => dataFrame(air(), counting, error()));
}

export const simulate: Simulate = () =>
  simulateCounter((counting, error) => dataFrame(SCENE, counting, error), true, {
    ...SCENE_MASSES,
    "count-03": SCENE_COUNT,
  });

export const stream = counterStream(createPms7003Parser, dataFrame, "BM\0\x04BBM\0");
