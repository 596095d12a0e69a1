/** Plantower PMS5003T: the PMS5003 with a thermometer in its case. How it is driven: plantower/counter.ts. */
import type { SensorFacts } from "../facts-of.js";
import { FAULT_LINES, LIKE_LIFE, LIKE_PHASES, SOCKET_OF_8 } from "../plantower/facts.js";

export const NAME = "pms5003t";
/** Of the thermometer in its case. */
export const TEMPERATURE_C: [number, number] = [-40, 85];
export const HUMIDITY_PERCENT: [number, number] = [0, 100];

export const FACTS: SensorFacts = {
  part: "PMS5003T",
  maker: "Plantower",
  label: { en: "particle counter", ru: "счётчик частиц", kk: "бөлшек санағышы" },
  measures: "particles: mass of PM1, PM2.5, PM10, and their number; temperature and humidity in its case",
  supplyV: [4.5, 5.5],
  logicV: 3.3,
  phases: LIKE_PHASES,
  pins: SOCKET_OF_8,
  extras: [{ part: "cable, 8 × 1.25 mm, 20 cm", count: 1, note: "pins 1, 2, 4, 5 in use" }],
  life: LIKE_LIFE,
  costClass: 3,
  range: "PM2.5 0–500 µg/m³, shows at least 1000; counts above 0.3 µm; temperature and humidity of its inside",
  temperatureC: [-10, 60],
  faults: FAULT_LINES,
};
