/** The node's own battery as a sensor. A low battery is a value; whether it is too low is the hub's business. */
import { BATTERY } from "../../wire/properties.js";
import type { Options, Sensor, SensorKind } from "../sensor.js";
import { voltageSensor } from "../voltage.js";
import { LEAST_MV, MAX_MV, NAME, RATIO } from "./facts.js";

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return voltageSensor(NAME, BATTERY, [0, MAX_MV], LEAST_MV, options);
}

export const kind: SensorKind = { name: NAME, ports: ["analog"], defaults: { ratio: RATIO }, make: make };
