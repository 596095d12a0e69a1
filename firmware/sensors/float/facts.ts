/** A float switch with a reed contact: water at its height, or not. Source of the currents: Ohm's law. */
import type { SensorFacts } from "../facts-of.js";

export const NAME = "float";

export const FACTS: SensorFacts = {
  part: "side-mounted float switch, reed contact (its sense is turned by turning the float over), polypropylene, IP68, −25…80 °C",
  maker: "any",
  label: { en: "float switch", ru: "поплавковый выключатель", kk: "қалтқылы ажыратқыш" },
  outside: { cable: "long" },
  measures: "whether water stands at its height: a second principle beside an echo, where a barrier depends on it",
  supplyV: [1.8, 5],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 0.0025,
      source: {
        document:
          "open while it hangs; closed for 1 % of the time at 0.25 mA (3.3 V over the nRF52840's own pull-up of 13 kΩ)",
        page: "assumed",
      },
      kind: "assumed",
    },
    warmUp: {
      value: 0.33,
      source: { document: "Ohm's law: 3.3 V over 10 kΩ, closed", page: "pull-up" },
      kind: "datasheet",
    },
    sample: {
      value: 0.33,
      source: { document: "Ohm's law: 3.3 V over 10 kΩ, closed", page: "pull-up" },
      kind: "datasheet",
    },
  },
  pins: [
    { pin: "1", name: "contact", to: "signal" },
    { pin: "2", name: "contact", to: "gnd" },
  ],
  beside: [
    { on: "analog", mark: "2.2 kΩ", joins: [{ to: "pin 1" }, { to: "signal" }] },
    { on: "analog", mark: "2.2 kΩ", joins: [{ to: "pin 1" }, { to: "gnd" }] },
    { on: "analog", mark: "10 kΩ", joins: [{ to: "low" }, { to: "signal" }] },
  ],
  extras: [
    {
      part: "resistor 2.2 kΩ, 1 %",
      count: 2,
      note: "supervised: one in series with the contact, one across it, in the float's own box",
    },
    { part: "resistor 10 kΩ, 1 %", count: 1, note: "supervised: from 3.3 V to the analog pin" },
  ],
  life: {
    years: {
      value: 5,
      source: { document: "reed contact ≥ 10⁶ closures; dirt sets the limit", page: "assumed" },
      kind: "assumed",
    },
    note: "Lift it by hand twice a year, before the thaw and before the autumn rains: the page must show it.",
  },
  costClass: 2,
  range: "0 or 1, at one height, ± 5 mm",
  temperatureC: [-25, 80],
  faults: [
    {
      fault: "electrical",
      looksLike: "neither open nor closed (supervised only)",
      cause: "cable cut, crushed, or full of water",
      carry: "float with cable, resin joints, multimeter",
    },
  ],
};
