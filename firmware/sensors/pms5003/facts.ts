/** Plantower PMS5003. Source: maker's manual V1.0 (2019-07-31). How it is driven: plantower/counter.ts. */
import type { SensorFacts } from "../facts-of.js";
import { FAULT_LINES, LIFE, PHASES, SOCKET_OF_8 } from "../plantower/facts.js";

export const NAME = "pms5003";

export const FACTS: SensorFacts = {
  part: "PMS5003",
  maker: "Plantower",
  label: { en: "particle counter", ru: "счётчик частиц", kk: "бөлшек санағышы" },
  measures: "particles: mass of PM1, PM2.5, PM10, and their number",
  supplyV: [4.5, 5.5],
  logicV: 3.3,
  phases: PHASES,
  pins: SOCKET_OF_8,
  extras: [{ part: "cable, 8 × 1.25 mm, 20 cm", count: 1, note: "pins 1, 2, 4, 5 in use" }],
  life: LIFE,
  costClass: 2,
  range: "PM2.5 0–500 µg/m³, shows at least 1000; counts above 0.3 µm",
  temperatureC: [-10, 60],
  faults: FAULT_LINES,
};
