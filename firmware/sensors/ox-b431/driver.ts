/** The OX-B431, a cell with two electrodes behind an ADS1115: ads1115/cell.ts drives it. */
import { OX_AE, OX_WE } from "../../wire/properties.js";
import { cellDefaults, makeCell } from "../ads1115/cell.js";
import type { Options, Sensor, SensorKind } from "../sensor.js";
import { AE_CHANNEL, NAME, WE_CHANNEL } from "./facts.js";

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return makeCell(NAME, OX_WE, OX_AE, options);
}

export const kind: SensorKind = {
  name: NAME,
  ports: ["i2c"],
  defaults: cellDefaults(WE_CHANNEL, AE_CHANNEL),
  make: make,
};
