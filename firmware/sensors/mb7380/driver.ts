/** The MB7380 as a sensor; what drives it is its family's. */
import { maxbotixSensor } from "../maxbotix/listen.js";
import type { Sensor, SensorKind } from "../sensor.js";
import { NAME, REACH } from "./facts.js";
import { createMb7380Parser } from "./frame.js";

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return maxbotixSensor(NAME, REACH, createMb7380Parser);
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };
