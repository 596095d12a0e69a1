/** The PMS5003T among Plantower's counters: plantower/counter.ts drives it. */
import { COUNT_03, HUMIDITY, TEMPERATURE } from "../../wire/properties.js";
import { makeCounter } from "../plantower/counter.js";
import { massFigures, MASSES } from "../plantower/mass.js";
import type { Sensor, SensorKind } from "../sensor.js";
import { HUMIDITY_PERCENT, NAME, TEMPERATURE_C } from "./facts.js";
import { createPms5003tParser, type Pms5003t } from "./frame.js";

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return makeCounter<Pms5003t>({
    name: NAME,
    properties: MASSES.concat([COUNT_03, TEMPERATURE, HUMIDITY]),
    limits: { temperature: TEMPERATURE_C, humidity: HUMIDITY_PERCENT },
    obeys: true,
    createParser: createPms5003tParser,
    figures: function (frame: Pms5003t): number[] {
      return massFigures(frame.mass).concat([frame.counts[0], frame.temperatureC, frame.humidityPercent]);
    },
  });
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };
