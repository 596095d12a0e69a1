/** A simulated PMS5003T: see plantower/sim.ts. */
import { withSum } from "../plantower/frame.js";
import {
  counterStream,
  countWords,
  createCounterSim,
  massWords,
  SCENE,
  SCENE_COUNT,
  SCENE_MASSES,
  simulateCounter,
  u16,
  type Air,
} from "../plantower/sim.js";
import type { Simulate, UartPartMaker } from "../sim.js";
import { createPms5003tParser } from "./frame.js";

/** The air in front of it, and inside its case. */
export interface WarmAir extends Air {
  temperatureC: number;
  humidityPercent: number;
}

/** A whole data frame, with temperature (signed) and humidity where the two coarsest counts stand in others. */
export function pms5003tFrame(air: WarmAir, counting = true, error = 0): string {
  const tenths = Math.round(air.temperatureC * 10) & 0xffff;
  const climate = [tenths, Math.round(air.humidityPercent * 10)];
  const words = counting ? [...massWords(air), ...countWords(air).slice(0, 4), ...climate] : Array<number>(12).fill(0);
  return withSum("BM" + u16(28) + words.map(u16).join("") + String.fromCharCode(0x97, error));
}

export function createPms5003tSim(air: () => WarmAir, error: () => number = () => 0): UartPartMaker {
  return createCounterSim((counting) => pms5003tFrame(air(), counting, error()));
}

const IN_ITS_CASE: WarmAir = { ...SCENE, temperatureC: -12.5, humidityPercent: 61.5 };

export const simulate: Simulate = () => {
  const part = simulateCounter((counting, error) => pms5003tFrame(IN_ITS_CASE, counting, error), true, {
    ...SCENE_MASSES,
    "count-03": SCENE_COUNT,
    temperature: -12.5,
    humidity: 61.5,
  });
  // All ones are a temperature like any other, -0.1 °C: such a frame is not one fault for all of it.
  return { ...part, troubles: part.troubles.filter(({ name }) => name !== "saturated") };
};

export const stream = counterStream(
  createPms5003tParser,
  (air) => pms5003tFrame({ ...IN_ITS_CASE, ...air }),
  "BM\0\x1cB\xffBMM",
);
