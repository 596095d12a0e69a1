/** The MB7386 as a sensor; what drives it is its family's. */
import { maxbotixSensor } from "../maxbotix/listen.js";
import { TEN_METRES } from "../maxbotix/reach.js";
import type { Sensor, SensorKind } from "../sensor.js";
import { NAME } from "./facts.js";
import { createMb7386Parser } from "./frame.js";

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return maxbotixSensor(NAME, TEN_METRES, createMb7386Parser);
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };
