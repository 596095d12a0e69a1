/** The MB7389 as a sensor; what drives it is its family's. */
import { maxbotixSensor } from "../maxbotix/listen.js";
import { FIVE_METRES } from "../maxbotix/reach.js";
import type { Sensor, SensorKind } from "../sensor.js";
import { NAME } from "./facts.js";
import { createMb7389Parser } from "./frame.js";

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return maxbotixSensor(NAME, FIVE_METRES, createMb7389Parser);
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };
