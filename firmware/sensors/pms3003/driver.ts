/** The PMS3003 among Plantower's counters: plantower/counter.ts hears it. It takes no commands and counts nothing. */
import { makeCounter } from "../plantower/counter.js";
import { massFigures, MASSES, type Mass } from "../plantower/mass.js";
import type { Sensor, SensorKind } from "../sensor.js";
import { NAME } from "./facts.js";
import { createPms3003Parser } from "./frame.js";

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return makeCounter<Mass>({
    name: NAME,
    properties: MASSES,
    limits: {},
    obeys: false,
    createParser: createPms3003Parser,
    figures: massFigures,
  });
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };
