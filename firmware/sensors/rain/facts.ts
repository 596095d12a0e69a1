/** A tipping-bucket rain gauge with a reed contact. Source of the currents: Ohm's law. */
import type { SensorFacts } from "../facts-of.js";

export const NAME = "rain";

export const FACTS: SensorFacts = {
  part: "tipping-bucket rain gauge, reed contact, 0.2 mm a tip",
  maker: "any",
  label: { en: "rain gauge", ru: "осадкомер", kk: "жауын өлшегіш" },
  outside: { cable: "bought" },
  measures: "rain: tips of its bucket since the board started",
  supplyV: [1.8, 5],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 0.0001,
      source: {
        document:
          "Ohm's law: 3.3 V over 10 kΩ, closed for 0.1 s at each of 30 tips an hour of rain, one hour in thirty",
        page: "assumed",
      },
      kind: "assumed",
    },
    warmUp: {
      value: 0,
      source: { document: "nothing to wake: the tips are counted all the time", page: "assumed" },
      kind: "assumed",
    },
    sample: {
      value: 0,
      source: { document: "nothing to wake: the tips are counted all the time", page: "assumed" },
      kind: "assumed",
    },
  },
  alwaysOn: true,
  pins: [
    { pin: "1", name: "contact", to: "signal" },
    { pin: "2", name: "contact", to: "gnd" },
  ],
  life: {
    years: {
      value: 5,
      source: { document: "bearings and reed; leaves and dust set the limit", page: "assumed" },
      kind: "assumed",
    },
    note: "Empty the funnel each month from April to October. In frost it measures nothing; snow tips when it melts.",
  },
  costClass: 3,
  range: "0.2 mm steps (by its label), to about 200 mm/h",
  temperatureC: [1, 60],
  // A broken wire looks like dry weather: nothing at the gauge can say so.
  faults: [],
};
