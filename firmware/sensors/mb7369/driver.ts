/** The MB7369 as a sensor; what drives it is its family's. */
import { maxbotixSensor } from "../maxbotix/listen.js";
import { FIVE_METRES } from "../maxbotix/reach.js";
import type { Sensor, SensorKind } from "../sensor.js";
import { NAME } from "./facts.js";
import { createMb7369Parser } from "./frame.js";

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return maxbotixSensor(NAME, FIVE_METRES, createMb7369Parser);
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };
