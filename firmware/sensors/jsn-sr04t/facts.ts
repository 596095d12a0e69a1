/**
 * JSN-SR04T-V3, waterproof ultrasonic module in its serial mode on demand (its "mode 3": 120 kΩ at R27). Source: the
 * product sheet of the JSN-SR04T-V3.
 */
import type { SensorFacts } from "../facts-of.js";
import type { Reach } from "../ultrasonic/frame.js";

export const NAME = "jsn-sr04t";
export const BAUD = 9600;
/** The byte that asks for one measurement. */
export const ASK = "U";
/** 20 cm by the sheet, 23 cm for V3.3; nearer than 25 cm it says anything. */
export const REACH: Reach = { obstacleMm: 250, maxMm: 6000 };
/** It is deaf for 60 ms after a question. */
export const CYCLE_MS = 100;
export const PATIENCE_MS = 500;
export const WARM_UP_MS = 500;
export const SAMPLES = 7;

export const FACTS: SensorFacts = {
  part: "JSN-SR04T-V3.0 with its probe",
  maker: "any (Shenzhen)",
  label: {
    en: "ultrasonic sensor with cable",
    ru: "ультразвуковой датчик с кабелем",
    kk: "кабельді ультрадыбыс датчигі",
  },
  outside: { cable: "bought" },
  measures: "distance by ultrasound: water in channels and ponds, where the electronics stay in the box",
  supplyV: [3, 5.5],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 0,
      source: { document: "switched off by the board's load switch", page: "assumed" },
      kind: "assumed",
    },
    warmUp: {
      value: 8,
      source: { document: "JSN-SR04T-V3 product sheet, as quoted by qariya.net", page: "Features" },
      kind: "datasheet",
    },
    sample: {
      value: 8,
      source: { document: "JSN-SR04T-V3 product sheet, as quoted by qariya.net", page: "Features" },
      kind: "datasheet",
    },
  },
  pins: [
    { pin: "5V", name: "supply", to: "supply", note: "3.3 V, so that its output fits the board" },
    { pin: "RX", name: "trigger, data in", to: "tx" },
    { pin: "TX", name: "echo, data out", to: "rx" },
    { pin: "GND", name: "ground", to: "gnd" },
  ],
  extras: [{ part: "SMD resistor 120 kΩ", count: 1, note: "soldered at R27 (M2): serial mode on demand" }],
  life: {
    years: {
      value: 3,
      source: { document: "cheap module, its board is not sealed: in the box, coated", page: "assumed" },
      kind: "assumed",
    },
    note: "Coat the board. Keep one for each five in store: they differ from lot to lot.",
  },
  costClass: 2,
  range: "250–6000 mm, 1 mm, cone about 75°",
  temperatureC: [-20, 70],
  deadZoneMm: 250,
  faults: [
    {
      fault: "timeout",
      looksLike: "it does not answer",
      cause: "no supply, a broken wire, or no 120 kΩ at R27: it then waits for a pulse",
      carry: "module, soldering iron",
    },
    {
      fault: "checksum",
      looksLike: "only damaged frames",
      cause: "a bad earth, or an AJ-SR04M: that one leaves the FF out of its sum",
      carry: "module",
    },
    {
      fault: "obstacle",
      looksLike: "25 cm or less",
      cause: "web, dirt or ice before the probe",
      carry: "brush, cloth",
    },
    {
      fault: "no-echo",
      looksLike: "0, or beyond 6 m",
      cause: "probe turned away, its cable broken, or foam and grass below",
      carry: "probe, bracket",
    },
    {
      fault: "device",
      looksLike: "FFFE",
      cause: "it hears another ultrasonic sensor",
      carry: "longer bracket",
    },
  ],
};
