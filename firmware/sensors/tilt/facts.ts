/** ST LIS3DH accelerometer as an inclinometer. Source: datasheet DocID17530 (registers in section 8). */
import type { SensorFacts } from "../facts-of.js";

export const NAME = "tilt";
/** SDO pin low; 0x19 when it is high, as on most modules. */
export const ADDRESS = 0x19;
/** Which axis of the part points up when the node stands as it should: 1 x, 2 y, 3 z; negative: it points down. */
export const AXIS = 3;
/** Its filter has settled after seven samples, at 100 a second. */
export const WARM_UP_MS = 100;
export const SAMPLES = 5;
export const SAMPLE_EVERY_MS = 50;
export const RETRY_MS = 10;
export const RETRIES = 20;
export const TIMEOUT_MS = 500;
/** A part at rest feels 1 g; otherwise it is being moved, or broken. In mg. */
export const REST_MG: [number, number] = [850, 1150];

export const FACTS: SensorFacts = {
  part: "LIS3DH module (3.3 V)",
  maker: "STMicroelectronics",
  label: { en: "tilt sensor", ru: "датчик наклона", kk: "көлбеу датчигі" },
  measures: "lean of the node from the plumb line: a post that was hit, a container that fell",
  supplyV: [1.71, 3.6],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 0.0005,
      source: { document: "ST LIS3DH datasheet, power-down, from memory", page: "assumed" },
      kind: "assumed",
    },
    warmUp: {
      value: 0.02,
      source: { document: "ST LIS3DH datasheet, high resolution at 100 Hz, from memory", page: "assumed" },
      kind: "assumed",
    },
    sample: {
      value: 0.02,
      source: { document: "ST LIS3DH datasheet, high resolution at 100 Hz, from memory", page: "assumed" },
      kind: "assumed",
    },
  },
  pins: [
    { pin: "VIN", name: "supply", to: "supply", note: "3.3 V" },
    { pin: "GND", name: "ground", to: "gnd" },
    { pin: "SDA", name: "data", to: "sda" },
    { pin: "SCL", name: "clock", to: "scl" },
    { pin: "SDO", name: "address", to: "supply", note: "3.3 V: address 0x19" },
    { pin: "CS", name: "chip select", to: "supply", note: "3.3 V: I²C" },
    { pin: "INT1", name: "interrupt", to: "open" },
  ],
  life: {
    years: {
      value: 15,
      source: { document: "no wear; limit of the module's capacitors", page: "assumed" },
      kind: "assumed",
    },
    note: "Write its value down after mounting, and tell the hub: uprightDeg.",
  },
  costClass: 1,
  range: "0–180°, ± 1°",
  temperatureC: [-40, 85],
  faults: [
    {
      fault: "bus",
      looksLike: "no answer at its address",
      cause: "no supply, a broken wire, or SDO low (address 0x18)",
      carry: "cable, module",
    },
    { fault: "device", looksLike: "another part at its address", cause: "wrong module", carry: "module" },
    { fault: "timeout", looksLike: "it never has a sample", cause: "it hangs", carry: "module" },
    {
      fault: "range",
      looksLike: "more or less than 1 g",
      cause: "being moved or shaken; if it lasts, broken",
      carry: "module",
    },
  ],
};
