/**
 * Every TYPE of site, once, as data: which board, which sensors on which ports, how often, what the hub derives from
 * them, and which alarms they raise. A single site (its place, its mounting height) is a row in the hub's registry.
 */
import type { Options } from "../firmware/sensors/sensor.js";

export interface SensorOnPort {
  /** Folder in firmware/sensors. */
  sensor: string;
  /** Port of the board, as named in boards.ts. */
  port: string;
  /** What differs from the sensor's own defaults. */
  options?: Options;
  /** Switch of its supply in boards.ts, where the site switches it off between two rounds. */
  power?: string;
  /** Appended to the names of its properties, where another of its kind stands at the same site: `-out`. */
  suffix?: string;
}

/** How posts of a type are built: where there are several ways, the first is the usual one. */
export interface Build {
  /** Board in boards.ts. */
  board: string;
  uplink: "mqtt" | "serial" | "lora" | "modem";
  supply: "mains" | "vehicle" | "solar" | "battery";
  /** What posts that are built so measure besides the sensors of their type. */
  sensors?: SensorOnPort[];
  /** What its energy must last for: years of a battery, days without sun. */
  target?: { years?: number; darkDays?: number };
}

/**
 * How often a post measures and sends: numbers by the names under which a hub may set them. Posts that watch water have
 * more of them than `drySeconds`; what they mean stands in firmware/node/cadence.ts.
 */
export interface Sampling {
  [setting: string]: number;
  /** Time between two packs while nothing happens, in seconds. */
  drySeconds: number;
}

export type SiteTypeName =
  | ("eco-post" | "mobile-eco-post" | "purifier" | "low-emission-post")
  | ("reservoir" | "water-intake" | "canal")
  | ("underpass" | "underpass-barrier" | "underpass-battery")
  | ("mesh-container" | "underground-container" | "bulky-plot" | "eco-station");

export interface SiteType {
  name: SiteTypeName;
  /** Kind of site: the InfluxDB measurement, and the page it is shown on. */
  kind: "air" | "water" | "flood" | "waste";
  /** How many there are, or will be (the city's road map «Жасыл Алматы»). */
  inCity: string;
  /** Those that every build has: see {@link sensorsOf}. */
  sensors: SensorOnPort[];
  builds: [Build, ...Build[]];
  sampling: Sampling;
  /** Properties the hub derives, in order: a later one may use an earlier one. The model is the calibration record's. */
  derived: string[];
  /** One site takes one of two streams of waste, dry or wet: the site's setting `stream`. */
  streams?: true;
  /** Rules of hub/alerts that watch it. */
  rules: ("flood" | "overflow" | "silence" | "tilt" | "level")[];
}

/** Water watched by echo: seldom while dry, each minute from 3 cm on or in rain, each 10 s while it rises fast. */
const WATER = {
  drySeconds: 300,
  wetSeconds: 60,
  fastSeconds: 10,
  wetMm: 30,
  fastMmPerMinute: 10,
  dryAfterSeconds: 1800,
  zeroMm: 0,
};
/** Reservoirs and channels stand wet for ever: what counts is how fast they rise. */
const OPEN_WATER = { ...WATER, drySeconds: 900, fastSeconds: 60, wetMm: 150 };

export const SITE_TYPES: SiteType[] = [
  {
    name: "eco-post",
    kind: "air",
    inCity: "about 100",
    sensors: [
      { sensor: "pms5003", port: "uart1" },
      { sensor: "no2-b43f", port: "i2c1" },
      { sensor: "sht31", port: "i2c1" },
    ],
    builds: [{ board: "esp32", uplink: "mqtt", supply: "mains" }],
    sampling: { drySeconds: 300 },
    derived: ["pm25", "no2"],
    rules: ["silence"],
  },
  {
    name: "mobile-eco-post",
    kind: "air",
    inCity: "some of the eco-posts",
    sensors: [
      // 10,080 minutes are a week; and a round must end within its minute: 40 s of it are the counter's.
      { sensor: "sps30", port: "i2c1", options: { cleanEvery: 10080 } },
      { sensor: "no2-b43f", port: "i2c1", options: { samples: 3 } },
      { sensor: "bme280", port: "i2c1" },
      { sensor: "gnss", port: "uart1" },
    ],
    builds: [{ board: "esp32", uplink: "mqtt", supply: "vehicle" }],
    sampling: { drySeconds: 60 },
    derived: ["pm25", "no2"],
    rules: ["silence"],
  },
  {
    name: "purifier",
    kind: "air",
    inCity: "7 units at Sayran bus station",
    sensors: [
      { sensor: "pms5003", port: "uart1" },
      { sensor: "pms5003", port: "uart2", suffix: "-out" },
      { sensor: "no2-b43f", port: "i2c1" },
      { sensor: "no2-b43f", port: "i2c1", options: { address: 0x49 }, suffix: "-out" },
      { sensor: "sht31", port: "i2c1" },
    ],
    builds: [{ board: "esp32", uplink: "mqtt", supply: "mains" }],
    sampling: { drySeconds: 300 },
    derived: ["pm25", "no2", "pm25-out", "no2-out", "removal-pm25", "removal-no2"],
    rules: ["silence"],
  },
  {
    name: "low-emission-post",
    kind: "air",
    inCity: "inside and outside the one zone",
    sensors: [
      { sensor: "pms5003", port: "uart1" },
      { sensor: "no2-b43f", port: "i2c1" },
      { sensor: "ox-b431", port: "i2c1", options: { address: 0x49 } },
      { sensor: "sht31", port: "i2c1" },
    ],
    builds: [{ board: "esp32", uplink: "mqtt", supply: "mains" }],
    sampling: { drySeconds: 300 },
    derived: ["pm25", "no2", "ozone"],
    rules: ["silence"],
  },
  {
    name: "reservoir",
    kind: "water",
    inCity: "21 cleaned, 21 landscaped by 2030",
    sensors: [
      { sensor: "mb7389", port: "uart1", power: "parts" },
      { sensor: "sht31", port: "i2c1" },
    ],
    builds: [
      { board: "esp32", uplink: "mqtt", supply: "mains" },
      {
        ...{ board: "xiao-ble", uplink: "lora", supply: "solar", target: { darkDays: 14 } },
        sensors: [{ sensor: "battery", port: "analog1" }],
      },
    ],
    sampling: { drySeconds: 900 },
    derived: ["water-level", "water-volume"],
    rules: ["silence", "level"],
  },
  {
    name: "water-intake",
    kind: "water",
    inCity: "27",
    sensors: [
      { sensor: "pressure", port: "i2c1" },
      { sensor: "sht31", port: "i2c1" },
    ],
    builds: [
      { board: "esp32", uplink: "mqtt", supply: "mains" },
      { board: "esp32", uplink: "serial", supply: "mains" },
    ],
    sampling: { drySeconds: 900 },
    derived: ["water-level"],
    rules: ["silence", "level"],
  },
  {
    name: "canal",
    kind: "water",
    inCity: "20 canals, 376 km of aryks, 8 river reaches",
    sensors: [
      { sensor: "mb7389", port: "uart1", power: "parts" },
      { sensor: "sht31", port: "i2c1" },
      { sensor: "rain", port: "pulse1" },
      { sensor: "battery", port: "analog1" },
    ],
    builds: [{ board: "xiao-ble", uplink: "lora", supply: "solar", target: { darkDays: 14 } }],
    sampling: OPEN_WATER,
    derived: ["water-level"],
    rules: ["silence", "level"],
  },
  {
    name: "underpass",
    kind: "flood",
    inCity: "102",
    sensors: [
      { sensor: "mb7389", port: "uart1" },
      { sensor: "sht31", port: "i2c1" },
    ],
    builds: [
      { board: "esp32", uplink: "serial", supply: "mains" },
      { board: "esp32", uplink: "mqtt", supply: "mains" },
    ],
    // On mains a dry road is looked at every minute, not every five: a flood is heard of so much sooner.
    sampling: { ...WATER, drySeconds: 60 },
    derived: ["water-depth"],
    rules: ["flood"],
  },
  {
    name: "underpass-barrier",
    kind: "flood",
    inCity: "those of the 102 where a barrier depends on it",
    sensors: [
      { sensor: "mb7389", port: "uart1" },
      // Opens when it rises: a cut wire is then water, not dry for ever. The pull-up's current is nothing to mains.
      { sensor: "float", port: "contact1", options: { whenClosed: 0 } },
      { sensor: "pressure", port: "i2c1" },
      { sensor: "sht31", port: "i2c1" },
      { sensor: "tilt", port: "i2c1" },
    ],
    builds: [{ board: "esp32", uplink: "serial", supply: "mains" }],
    sampling: WATER,
    derived: ["water-depth", "water-depth-float", "water-depth-head"],
    rules: ["flood", "tilt"],
  },
  {
    name: "underpass-battery",
    kind: "flood",
    inCity: "those of the 102 without mains",
    sensors: [
      { sensor: "mb7389", port: "uart1", power: "parts" },
      { sensor: "float", port: "contact1" },
      { sensor: "tilt", port: "i2c1" },
      { sensor: "battery", port: "analog1" },
    ],
    builds: [{ board: "xiao-ble", uplink: "lora", supply: "battery", target: { years: 3 } }],
    sampling: WATER,
    derived: ["water-depth", "water-depth-float"],
    rules: ["flood", "tilt"],
  },
  {
    name: "mesh-container",
    kind: "waste",
    inCity: "1,000",
    sensors: [
      // Out in the frost: an A02YYUW ends at -15 °C. Its dead zone lies above the rim.
      { sensor: "mb7389", port: "uart1", power: "parts" },
      { sensor: "tilt", port: "i2c1" },
      { sensor: "battery", port: "analog1" },
    ],
    builds: [
      { board: "xiao-ble", uplink: "lora", supply: "battery", target: { years: 5 } },
      { board: "xiao-ble", uplink: "modem", supply: "battery", target: { years: 5 } },
    ],
    sampling: { drySeconds: 14400 },
    derived: ["fill"],
    rules: ["overflow", "silence", "tilt"],
  },
  {
    name: "underground-container",
    kind: "waste",
    inCity: "3,500 at 772 sites",
    sensors: [
      { sensor: "a02yyuw", port: "uart1", power: "parts" },
      // Open while the lid is shut: a closed contact would draw 0.27 mA by the board's pull-up, more than all the rest.
      { sensor: "contact", port: "contact1", options: { whenClosed: 1 } },
      { sensor: "battery", port: "analog1" },
    ],
    builds: [{ board: "xiao-ble", uplink: "lora", supply: "battery", target: { years: 5 } }],
    sampling: { drySeconds: 14400 },
    derived: ["fill"],
    streams: true,
    rules: ["overflow", "silence"],
  },
  {
    name: "bulky-plot",
    kind: "waste",
    inCity: "279",
    sensors: [
      { sensor: "mb7389", port: "uart1", power: "parts" },
      { sensor: "battery", port: "analog1" },
    ],
    builds: [{ board: "xiao-ble", uplink: "lora", supply: "battery", target: { years: 5 } }],
    sampling: { drySeconds: 3600 },
    derived: ["fill"],
    rules: ["overflow", "silence"],
  },
  {
    name: "eco-station",
    kind: "waste",
    inCity: "10, a post for each stream",
    sensors: [
      { sensor: "a02yyuw", port: "uart1" },
      { sensor: "hx711", port: "clocked1" },
    ],
    builds: [{ board: "esp32", uplink: "mqtt", supply: "mains" }],
    sampling: { drySeconds: 3600 },
    derived: ["fill", "weight"],
    rules: ["overflow", "silence"],
  },
];

/** All sensors of a post of this type that is built so. */
export function sensorsOf(type: SiteType, build: Build): SensorOnPort[] {
  return [...type.sensors, ...(build.sensors ?? [])];
}

/** The site type of that name, or undefined. */
export function siteType(name: string): SiteType | undefined {
  return SITE_TYPES.find((type) => type.name === name);
}
