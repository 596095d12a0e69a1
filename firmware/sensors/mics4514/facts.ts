/**
 * SGX MiCS-4514 on DFRobot's board SEN0377, which reads both its elements and speaks I²C.
 * Sources: DFRobot wiki SEN0377 and its driver; SGX data sheets of the MiCS family.
 */
import type { SensorFacts, Source } from "../facts-of.js";

export const NAME = "mics4514";
/** Both switches of the board at 0; 0x76, 0x77 and 0x78 by them. */
export const ADDRESS = 0x75;

/** The board takes 100 ms over switching its heaters. */
export const WARM_UP_MS = 200;
export const TIMEOUT_MS = 100;
export const SAMPLES = 5;
export const SAMPLE_EVERY_MS = 1000;
/** Words are 16 bits. */
export const MAX_COUNT = 65535;

const WIKI: Source = {
  document: "DFRobot SEN0377, README of its driver DFRobot_MICS",
  page: "overview (0.45 W at 5 V)",
};
const LIFE: Source = {
  document: "DFRobot SEN0377, README of its driver DFRobot_MICS",
  page: "overview (over 2 years in air)",
};

export const FACTS: SensorFacts = {
  part: "SEN0377 (MiCS-4514)",
  maker: "DFRobot, with SGX Sensortech's element",
  label: { en: "metal-oxide gas sensor", ru: "полупроводниковый датчик газа", kk: "жартылай өткізгіш газ датчигі" },
  measures: "resistance of two heated metal oxides: one falls with oxidizing gas (NO2), one with reducing gas (CO)",
  supplyV: [3.3, 5.5],
  logicV: 3.3,
  phases: {
    sleep: { value: 90, source: WIKI, kind: "datasheet" },
    warmUp: { value: 90, source: WIKI, kind: "datasheet" },
    sample: { value: 90, source: WIKI, kind: "datasheet" },
  },
  alwaysOn: true,
  pins: [
    { pin: "+", name: "VCC", to: "supply", note: "5 V for the heaters; never switched off" },
    { pin: "−", name: "GND", to: "gnd" },
    { pin: "C", name: "SCL", to: "scl" },
    { pin: "D", name: "SDA", to: "sda" },
    { pin: "A0, A1", name: "address", to: "open", note: "both switches at 0: address 0x75" },
  ],
  extras: [{ part: "cable Gravity, 4 pins", count: 1, note: "comes with the board" }],
  life: {
    years: { value: 2, source: LIFE, kind: "datasheet" },
    note: "Its baseline drifts from the first day: it tells more from less, never how much.",
  },
  costClass: 3,
  range: "NO2 0.05–10 ppm, indicative only; CO 1–1000 ppm, indicative only",
  temperatureC: [-30, 85],
  faults: [
    {
      fault: "bus",
      looksLike: "no resistances in any pack",
      cause: "plug off, its address switches moved",
      carry: "the board with its cable",
    },
    {
      fault: "electrical",
      looksLike: "one or both resistances are missing",
      cause: "an element is broken or its heater gets no supply",
      carry: "the board",
    },
    {
      fault: "device",
      looksLike: "its own error for one round after power came back",
      cause: "the heaters had been off; if it comes every round, the supply does not bear them",
      carry: "the 5 V supply, the board",
    },
  ],
};
