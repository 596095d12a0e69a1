/** The PMS7003 among Plantower's counters: plantower/counter.ts drives it. */
import { COUNT_03 } from "../../wire/properties.js";
import { makeCounter } from "../plantower/counter.js";
import { massFigures, MASSES } from "../plantower/mass.js";
import type { Sensor, SensorKind } from "../sensor.js";
import { NAME } from "./facts.js";
import { createPms7003Parser, type Pms7003 } from "./frame.js";

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return makeCounter<Pms7003>({
    name: NAME,
    properties: MASSES.concat([COUNT_03]),
    limits: {},
    obeys: true,
    createParser: createPms7003Parser,
    figures: function (frame: Pms7003): number[] {
      return massFigures(frame.mass).concat([frame.counts[0]]);
    },
  });
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };
