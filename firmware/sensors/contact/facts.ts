/** A magnet and reed contact at a lid or a cabinet's door. Source of the currents: Ohm's law. */
import type { SensorFacts } from "../facts-of.js";

export const NAME = "contact";

export const FACTS: SensorFacts = {
  part: "reed contact of form B (the magnet opens it) with magnet, surface mount, IP67, gap up to 20 mm",
  maker: "any",
  label: { en: "lid contact", ru: "контакт крышки", kk: "қақпақ түйіспесі" },
  outside: { cable: "bought" },
  measures: "whether a lid or a door is open",
  supplyV: [1.8, 5],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 0.0025,
      source: {
        document:
          "open at rest; closed for 1 % of the time at 0.25 mA (3.3 V over the nRF52840's own pull-up of 13 kΩ)",
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
  life: {
    years: { value: 10, source: { document: "reed contact ≥ 10⁶ closures", page: "assumed" }, kind: "assumed" },
    note: "Check the gap when a lid was bent or changed.",
  },
  costClass: 1,
  range: "0 or 1",
  temperatureC: [-40, 80],
  faults: [
    {
      fault: "electrical",
      looksLike: "neither open nor closed (supervised only)",
      cause: "cable cut or crushed by the lid",
      carry: "contact with cable, resin joints",
    },
  ],
};
