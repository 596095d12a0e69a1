/** What feeds the node, as a sensor. 0 mV is a value: the mains are off, and the node runs on its battery. */
import { SUPPLY } from "../../wire/properties.js";
import type { Options, Sensor, SensorKind } from "../sensor.js";
import { voltageSensor } from "../voltage.js";
import { MAX_MV, NAME, RATIO } from "./facts.js";

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return voltageSensor(NAME, SUPPLY, [0, MAX_MV], 0, options);
}

export const kind: SensorKind = { name: NAME, ports: ["analog"], defaults: { ratio: RATIO }, make: make };
