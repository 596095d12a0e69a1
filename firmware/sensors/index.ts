/** Every sensor that a site type can name. */
import type { Sensor } from "./sensor.js";
import { mb7389 } from "./mb7389/driver.js";
import { no2B43f } from "./no2-b43f/driver.js";
import { pms5003 } from "./pms5003/driver.js";
import { sht31 } from "./sht31/driver.js";

export const SENSORS: Sensor[] = [pms5003, no2B43f, sht31, mb7389];
