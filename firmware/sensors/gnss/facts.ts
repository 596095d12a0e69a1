/** A GNSS receiver that speaks NMEA 0183 (u-blox NEO-M8N). Sources: NMEA 0183 for the sentence; u-blox for the part. */
import type { SensorFacts } from "../facts-of.js";

export const NAME = "gnss";
export const BAUD = 9600;
/** One sentence a second; two may be lost to noise. */
export const PATIENCE_MS = 3500;
export const TIMEOUT_MS = PATIENCE_MS + 200;
/** It is never switched off on a vehicle; a cold start takes half a minute, and says `no-fix` until then. */
export const WARM_UP_MS = 100;
export const SAMPLES = 3;
export const SAMPLE_EVERY_MS = 1000;
/** A dilution beyond this is a guess, not a place. */
export const MAX_HDOP = 50;

export const FACTS: SensorFacts = {
  part: "NEO-M8N module with active antenna",
  maker: "u-blox",
  label: { en: "GNSS receiver with antenna", ru: "приёмник ГНСС с антенной", kk: "антеннасымен ГНСС қабылдағышы" },
  outside: { cable: "own" },
  measures: "where the post is",
  supplyV: [2.7, 3.6],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 25,
      source: {
        document: "u-blox NEO-M8N (tracking), as quoted by a public component table; never switched off on a vehicle",
        page: "GPS",
      },
      kind: "datasheet",
    },
    warmUp: {
      value: 35,
      source: { document: "u-blox NEO-M8N (acquisition), as quoted by a public component table", page: "GPS" },
      kind: "datasheet",
    },
    sample: {
      value: 25,
      source: { document: "u-blox NEO-M8N (tracking), as quoted by a public component table", page: "GPS" },
      kind: "datasheet",
    },
  },
  alwaysOn: true,
  pins: [
    { pin: "VCC", name: "supply", to: "supply" },
    { pin: "GND", name: "ground", to: "gnd" },
    { pin: "TXD", name: "data out", to: "rx" },
    { pin: "RXD", name: "data in", to: "open" },
    { pin: "RF", name: "antenna", to: "open", note: "on the roof, with the whole sky above it" },
  ],
  life: {
    years: {
      value: 10,
      source: { document: "no wear; the antenna's cable and plug set the limit", page: "assumed" },
      kind: "assumed",
    },
    note: "Look at the antenna's plug once a year.",
  },
  costClass: 2,
  range: "± 2.5 m under open sky; streets between high houses: tens of metres",
  temperatureC: [-40, 85],
  faults: [
    {
      fault: "timeout",
      looksLike: "no sentence at all",
      cause: "no supply, a broken wire, another baud rate",
      carry: "cable, module",
    },
    {
      fault: "checksum",
      looksLike: "only damaged sentences",
      cause: "a bad earth, another baud rate",
      carry: "cable, module",
    },
    {
      fault: "no-fix",
      looksLike: "it does not know where it is",
      cause: "no sky (garage, tunnel), antenna off, or just started",
      carry: "antenna",
    },
    { fault: "range", looksLike: "a place that is none", cause: "too few satellites", carry: "antenna" },
  ],
};
