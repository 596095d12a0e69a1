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
  /** What its energy must last for: years of a battery, days without sun. */
  target?: { years?: number; darkDays?: number };
}

/** How often a post measures and sends. Everything but `drySeconds` is for posts that watch water. */
export interface Sampling {
  /** Time between two packs while nothing happens, in seconds. */
  drySeconds: number;
  /** The same while water stands or it rains, and while water rises fast. */
  wetSeconds?: number;
  fastSeconds?: number;
  /** Water (mm above the usual distance) from which on it is wet. */
  wetMm?: number;
  /** Rise (mm a minute) from which on it is fast. */
  fastMmPerMinute?: number;
  /** After so long without water it is dry again, in seconds. */
  dryAfterSeconds?: number;
}

export interface SiteType {
  name: "eco-post" | "reservoir" | "mesh-container" | "underpass";
  /** Kind of site: the InfluxDB measurement, and the page it is shown on. */
  kind: "air" | "water" | "flood" | "waste";
  sensors: SensorOnPort[];
  builds: [Build, ...Build[]];
  sampling: Sampling;
  /** Properties the hub derives, in order: a later one may use an earlier one. The model is the calibration record's. */
  derived: string[];
  /** Rules of hub/alerts that watch it. */
  rules: ("flood" | "overflow" | "silence")[];
}

export const SITE_TYPES: SiteType[] = [
  {
    name: "eco-post",
    kind: "air",
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
    name: "reservoir",
    kind: "water",
    sensors: [
      { sensor: "mb7389", port: "uart1" },
      { sensor: "sht31", port: "i2c1" },
    ],
    builds: [{ board: "esp32", uplink: "mqtt", supply: "mains" }],
    sampling: { drySeconds: 900 },
    derived: ["water-level", "water-volume"],
    rules: ["silence"],
  },
  {
    name: "mesh-container",
    kind: "waste",
    sensors: [{ sensor: "mb7389", port: "uart1" }],
    builds: [{ board: "nrf52840", uplink: "mqtt", supply: "battery" }],
    sampling: { drySeconds: 3600 },
    derived: ["fill"],
    rules: ["overflow", "silence"],
  },
  {
    name: "underpass",
    kind: "flood",
    sensors: [
      { sensor: "mb7389", port: "uart1" },
      { sensor: "sht31", port: "i2c1" },
    ],
    builds: [{ board: "esp32", uplink: "serial", supply: "mains" }],
    sampling: { drySeconds: 60 },
    derived: ["water-depth"],
    rules: ["flood"],
  },
];

/** The site type of that name, or undefined. */
export function siteType(name: string): SiteType | undefined {
  return SITE_TYPES.find((type) => type.name === name);
}
