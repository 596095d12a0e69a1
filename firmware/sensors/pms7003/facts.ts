/** Plantower PMS7003: the PMS5003 in a flat case. How it is driven: plantower/counter.ts. */
import type { SensorFacts } from "../facts-of.js";
import { FAULT_LINES, LIKE_LIFE, LIKE_PHASES } from "../plantower/facts.js";

export const NAME = "pms7003";

export const FACTS: SensorFacts = {
  part: "PMS7003",
  maker: "Plantower",
  label: { en: "particle counter", ru: "счётчик частиц", kk: "бөлшек санағышы" },
  measures: "particles: mass of PM1, PM2.5, PM10, and their number",
  supplyV: [4.5, 5.5],
  logicV: 3.3,
  phases: LIKE_PHASES,
  pins: [
    { pin: "1, 2", name: "VCC", to: "supply", note: "5 V: the fan needs it, 3.3 V will not do" },
    { pin: "3, 4", name: "GND", to: "gnd" },
    { pin: "5", name: "RESET", to: "open", note: "pulled up inside; low is reset" },
    { pin: "6, 8", name: "NC", to: "open", note: "never join them to anything" },
    { pin: "7", name: "RX", to: "tx" },
    { pin: "9", name: "TX", to: "rx" },
    { pin: "10", name: "SET", to: "open", note: "pulled up inside; low is sleep" },
  ],
  extras: [{ part: "adapter, 10 pins of 1.27 mm to 2.54 mm", count: 1, note: "its socket takes no ordinary cable" }],
  life: LIKE_LIFE,
  costClass: 2,
  range: "PM2.5 0–500 µg/m³, shows at least 1000; counts above 0.3 µm",
  temperatureC: [-10, 60],
  faults: FAULT_LINES,
};
