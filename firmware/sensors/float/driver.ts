/** The float switch as a sensor: 1 where water lifts it. */
import { FLOAT } from "../../wire/properties.js";
import type { Options, Sensor, SensorKind } from "../sensor.js";
import { contactSensor } from "../switch.js";
import { NAME } from "./facts.js";

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return contactSensor(NAME, FLOAT, options);
}

/** `whenClosed` 1: the contact closes when the float rises; 0: it opens, so that a cut wire reads as water. */
export const kind: SensorKind = {
  name: NAME,
  ports: ["digital", "analog"],
  defaults: { whenClosed: 1, supervised: 0 },
  edges: true,
  make: make,
};
