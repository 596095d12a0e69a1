/** Plantower PMS3003: an older member of the family. How it is heard: plantower/counter.ts. */
import type { SensorFacts } from "../facts-of.js";
import { FAULT_LINES_MUTE, LIKE_LIFE, LIKE_PHASES_AWAKE, SOCKET_OF_8_MUTE } from "../plantower/facts.js";

export const NAME = "pms3003";

export const FACTS: SensorFacts = {
  part: "PMS3003",
  maker: "Plantower",
  label: { en: "particle counter", ru: "счётчик частиц", kk: "бөлшек санағышы" },
  measures: "particles: mass of PM1, PM2.5, PM10",
  supplyV: [4.5, 5.5],
  logicV: 3.3,
  phases: LIKE_PHASES_AWAKE,
  pins: SOCKET_OF_8_MUTE,
  extras: [{ part: "cable, 8 × 1.25 mm, 20 cm", count: 1, note: "pins 1, 2, 5 in use: it takes no commands" }],
  life: LIKE_LIFE,
  costClass: 2,
  range: "PM2.5 0–500 µg/m³",
  temperatureC: [-10, 60],
  faults: FAULT_LINES_MUTE,
};
