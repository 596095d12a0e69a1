/** Every sensor there is, by one line each: its folder holds the rest. */
export { kind as mb7389 } from "./mb7389/driver.js";
export { kind as no2B43f } from "./no2-b43f/driver.js";
export { kind as pms5003 } from "./pms5003/driver.js";
export { kind as sht31 } from "./sht31/driver.js";
