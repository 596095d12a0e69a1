/**
 * ST VL53L1X, distance by light. Sources: datasheet DocID031281; registers, their default block and the meaning of the
 * status codes: ST's "ultra lite driver" (STSW-IMG009, UM2510).
 */
import type { SensorFacts } from "../facts-of.js";

export const NAME = "vl53l1x";
export const ADDRESS = 0x29;
/** Shortest distance, and the furthest in each mode, in mm. */
export const MIN_MM = 40;
export const MAX_SHORT_MM = 1300;
export const MAX_LONG_MM = 4000;
/** Power-up, boot of its firmware, and one measurement that sets its reference. */
export const WARM_UP_MS = 400;
/** A measurement takes 100 ms (its "timing budget"); it is asked for this often. */
export const POLL_MS = 20;
export const POLLS = 25;
/** The set-up, the longest wait for a measurement, and some more. */
export const TIMEOUT_MS = 900;
export const SAMPLES = 7;
export const SAMPLE_EVERY_MS = 50;

export const FACTS: SensorFacts = {
  part: "VL53L1X module with cover glass (3.3 V)",
  maker: "STMicroelectronics",
  label: { en: "optical distance sensor", ru: "оптический дальномер", kk: "оптикалық қашықтық датчигі" },
  outside: { cable: "bought" },
  measures: "distance by light, in the dark of a closed container",
  supplyV: [2.6, 3.5],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 0.005,
      source: { document: "ST VL53L1X datasheet DocID031281, as quoted by a public component table", page: "Distance" },
      kind: "datasheet",
    },
    warmUp: {
      value: 20,
      source: { document: "ST VL53L1X datasheet DocID031281, as quoted by a public component table", page: "Distance" },
      kind: "datasheet",
    },
    sample: {
      value: 20,
      source: { document: "ST VL53L1X datasheet DocID031281, as quoted by a public component table", page: "Distance" },
      kind: "datasheet",
    },
  },
  pins: [
    { pin: "VIN", name: "supply", to: "supply" },
    { pin: "GND", name: "ground", to: "gnd" },
    { pin: "SDA", name: "data", to: "sda" },
    { pin: "SCL", name: "clock", to: "scl" },
    { pin: "XSHUT", name: "shut-down", to: "open", note: "pulled up on the module" },
    { pin: "GPIO1", name: "interrupt", to: "open" },
  ],
  life: {
    years: {
      value: 5,
      source: { document: "no moving part; its window gets dirty", page: "assumed" },
      kind: "assumed",
    },
    note: "Wipe the window at every visit. A scratched window is a permanent obstacle: change it.",
  },
  costClass: 2,
  range: "40–1300 mm in light (mode 1), to 4000 mm in the dark (mode 2), field of view 27°",
  temperatureC: [-20, 85],
  deadZoneMm: 40,
  faults: [
    {
      fault: "bus",
      looksLike: "no answer at its address",
      cause: "no supply, or a broken wire",
      carry: "cable, sensor",
    },
    {
      fault: "timeout",
      looksLike: "it never has a measurement",
      cause: "it hangs: its supply sagged",
      carry: "sensor",
    },
    {
      fault: "device",
      looksLike: "its own hardware fault, or another part at its address",
      cause: "broken",
      carry: "sensor",
    },
    { fault: "obstacle", looksLike: "status 3, 9 or 13", cause: "dirt on the window, waste up to it", carry: "cloth" },
    {
      fault: "no-echo",
      looksLike: "any other status",
      cause: "nothing in reach, black or shining waste, the sun into its window",
      carry: "cloth, hood",
    },
    { fault: "range", looksLike: "a distance it cannot measure", cause: "stray light", carry: "hood" },
  ],
};
