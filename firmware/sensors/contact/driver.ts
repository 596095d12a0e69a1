/** The contact of a lid or door as a sensor: 1 where it is open. */
import { DOOR } from "../../wire/properties.js";
import type { Options, Sensor, SensorKind } from "../sensor.js";
import { contactSensor } from "../switch.js";
import { NAME } from "./facts.js";

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return contactSensor(NAME, DOOR, options);
}

/** `whenClosed` 0: the magnet of a shut lid closes the contact, so that a cut wire reads as open; 1: the other way round. */
export const kind: SensorKind = {
  name: NAME,
  ports: ["digital", "analog"],
  defaults: { whenClosed: 0, supervised: 0 },
  edges: true,
  make: make,
};
