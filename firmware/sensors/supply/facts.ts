/** The node's supply (mains adapter, vehicle, panel) behind a divider of 100 kΩ and 22 kΩ. */
import type { SensorFacts } from "../facts-of.js";

export const NAME = "supply";
/** (100 + 22) / 22: 12 V are 2164 mV at the pin. */
export const RATIO = 5.5455;
/** A vehicle's load dump is cut off by its arrester at some 30 V; the pin sees 3.3 V at 18.3 V. */
export const MAX_MV = 36000;

export const FACTS: SensorFacts = {
  part: "the post's supply (over a divider of 100 kΩ and 22 kΩ, 1 %)",
  maker: "any",
  label: { en: "divider at the supply", ru: "делитель на питании", kk: "қуаттағы бөлгіш" },
  measures: "voltage of what feeds the node; 0 is a reading: the mains are off",
  supplyV: [0, 18],
  logicV: 3.3,
  phases: {
    sleep: { value: 0.1, source: { document: "Ohm's law: 12 V over 122 kΩ", page: "divider" }, kind: "datasheet" },
    warmUp: { value: 0.1, source: { document: "Ohm's law: 12 V over 122 kΩ", page: "divider" }, kind: "datasheet" },
    sample: { value: 0.1, source: { document: "Ohm's law: 12 V over 122 kΩ", page: "divider" }, kind: "datasheet" },
  },
  pins: [
    { pin: "+", name: "supply +", to: "signal", note: "behind the fuse, over the divider" },
    { pin: "−", name: "supply −", to: "gnd" },
  ],
  // The Zener diode: a vehicle's supply has spikes.
  beside: [
    { mark: "100 kΩ", joins: [{ to: "pin +" }, { to: "signal" }] },
    { mark: "22 kΩ", joins: [{ to: "signal" }, { to: "gnd" }] },
    { mark: "100 nF", joins: [{ to: "signal" }, { to: "gnd" }] },
    { mark: "3.3 V Zener", joins: [{ to: "signal" }, { to: "gnd" }] },
  ],
  life: { note: "As the cabinet." },
  costClass: 1,
  range: "0–18 V with the default divider, ± 3 %",
  temperatureC: [-40, 85],
  faults: [
    { fault: "electrical", looksLike: "the converter gives no number", cause: "board broken", carry: "board" },
    { fault: "range", looksLike: "more than 36 V", cause: "the lower resistor open", carry: "resistor 22 kΩ" },
  ],
};
