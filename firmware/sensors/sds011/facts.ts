/** Nova Fitness SDS011. Sources: specification V1.3 (2015-10-9); control protocol V1.3; sensor.community's practice. */
import type { SensorFacts, Source } from "../facts-of.js";

export const NAME = "sds011";
export const BAUD = 9600;

/** sensor.community throws away what it says in the first 15 s after waking, then reads for 5 s. */
export const WARM_UP_MS = 15000;
/** It sends, or is ready to be asked, once a second. */
export const PATIENCE_MS = 2500;
export const TIMEOUT_MS = PATIENCE_MS + 200;
export const SAMPLE_EVERY_MS = 1000;
export const SAMPLES = 5;
/** Nineteen bytes take 20 ms at 9600 baud: the port stays open this long for the last command. */
export const LAST_WORD_MS = 40;
/** 0.0–999.9 µg/m³. */
export const MAX_MASS = 999.9;

const TABLE: Source = { document: "Nova SDS011 specification V1.3 2015-10-9", page: "Technical Parameters" };
const OLD_TABLE: Source = {
  document: "Nova SDS011 specification V1.0 2014-8-5",
  page: "Technical parameters no. 4 (maximum working current)",
};
const LASER: Source = {
  document: "Nova SDS011 specification V1.3 2015-10-9, as quoted by KKSB",
  page: "p. 4, About service life",
};

export const FACTS: SensorFacts = {
  part: "SDS011",
  maker: "Nova Fitness",
  label: { en: "particle counter", ru: "счётчик частиц", kk: "бөлшек санағышы" },
  measures: "particles: mass of PM2.5 and PM10",
  supplyV: [4.7, 5.3],
  logicV: 3.3,
  phases: {
    sleep: { value: 4, source: TABLE, kind: "datasheet" },
    warmUp: { value: 70, source: TABLE, kind: "datasheet" },
    sample: { value: 70, source: TABLE, kind: "datasheet" },
    peak: { value: 220, source: OLD_TABLE, kind: "datasheet" },
  },
  pins: [
    { pin: "1", name: "NC", to: "open" },
    { pin: "2", name: "1 µm", to: "open", note: "PWM of PM2.5, not used" },
    { pin: "3", name: "5V", to: "supply", note: "5 V (4.7–5.3)" },
    { pin: "4", name: "2.5 µm", to: "open", note: "PWM of PM10, not used" },
    { pin: "5", name: "GND", to: "gnd" },
    { pin: "6", name: "R", to: "tx" },
    { pin: "7", name: "T", to: "rx" },
  ],
  extras: [{ part: "hose, 6 mm inside", count: 1, note: "from its nozzle to the outer air, downwards" }],
  life: {
    runHours: { value: 8000, source: LASER, kind: "datasheet" },
    note: "Its laser runs only while it is awake: 20 s in 150 s make 6.8 years, 20 s in 300 s more than the rest lasts.",
  },
  costClass: 3,
  range: "PM2.5 and PM10 0–999.9 µg/m³; above 70 % humidity fog counts as dust",
  temperatureC: [-20, 50],
  faults: [
    {
      fault: "timeout",
      looksLike: "no particles at all in any pack",
      cause: "plug off, 5 V missing, R and T exchanged",
      carry: "the counter with its cable",
    },
    {
      fault: "checksum",
      looksLike: "particles come and go",
      cause: "long or wet cable, a supply that sags when the fan starts",
      carry: "a cable, the 5 V supply",
    },
    {
      fault: "device",
      looksLike: "both figures are nothing at all, and reported as a fault",
      cause: "laser at the end of its 8,000 hours, or the fan stands still",
      carry: "the counter",
    },
    {
      fault: "range",
      looksLike: "a figure at the end of its scale",
      cause: "an insect or water in the chamber",
      carry: "the counter, a new hose",
    },
  ],
};
