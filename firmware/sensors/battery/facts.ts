/** The node's battery behind the board's own divider. Source: Seeed's drawing of the XIAO nRF52840 (R16, R17). */
import type { SensorFacts } from "../facts-of.js";

export const NAME = "battery";
/** 1 MΩ above, 510 kΩ below. */
export const RATIO = 2.961;
/** At the pin: no cell that runs the node gives less, so the divider or its switch is off. */
export const LEAST_MV = 100;
/** Four cells in a row, full. */
export const MAX_MV = 18000;

export const FACTS: SensorFacts = {
  part: "divider on the board (1 MΩ, 510 kΩ)",
  maker: "part of the board",
  label: { en: "divider at the battery", ru: "делитель на батарее", kk: "батареядағы бөлгіш" },
  ofBoard: true,
  measures: "voltage of the node's battery",
  supplyV: [1.8, 18],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 0.0024,
      source: { document: "Ohm's law: 3.6 V over 1.51 MΩ; it stays switched on (node/pin-board.ts)", page: "divider" },
      kind: "datasheet",
    },
    warmUp: {
      value: 0.0024,
      source: { document: "Ohm's law: 3.6 V over 1.51 MΩ", page: "divider" },
      kind: "datasheet",
    },
    sample: {
      value: 0.0024,
      source: { document: "Ohm's law: 3.6 V over 1.51 MΩ", page: "divider" },
      kind: "datasheet",
    },
  },
  pins: [
    {
      pin: "BAT+",
      name: "battery",
      to: "signal",
      note: "on the XIAO wired already; else over a divider of 1 MΩ and 510 kΩ",
    },
  ],
  life: { note: "As the board." },
  costClass: 1,
  range: "0.3–9.8 V with the default divider, ± 2 %",
  temperatureC: [-40, 85],
  faults: [
    {
      fault: "electrical",
      looksLike: "nothing at the pin",
      cause: "sense wire off, or the divider's switch broken",
      carry: "board",
    },
    {
      fault: "range",
      looksLike: "more than 18 V",
      cause: "a wrong divider, or its lower resistor open",
      carry: "board",
    },
  ],
};
