/** Every sensor there is, by one line each: its folder holds the rest. */
export { kind as a02yyuw } from "./a02yyuw/driver.js";
export { kind as battery } from "./battery/driver.js";
export { kind as contact } from "./contact/driver.js";
export { kind as float } from "./float/driver.js";
export { kind as gnss } from "./gnss/driver.js";
export { kind as hx711 } from "./hx711/driver.js";
export { kind as mb7369 } from "./mb7369/driver.js";
export { kind as mb7386 } from "./mb7386/driver.js";
export { kind as mb7389 } from "./mb7389/driver.js";
export { kind as no2B43f } from "./no2-b43f/driver.js";
export { kind as pms5003 } from "./pms5003/driver.js";
export { kind as pressure } from "./pressure/driver.js";
export { kind as rain } from "./rain/driver.js";
export { kind as sht31 } from "./sht31/driver.js";
export { kind as supply } from "./supply/driver.js";
export { kind as tilt } from "./tilt/driver.js";
export { kind as vl53l1x } from "./vl53l1x/driver.js";
