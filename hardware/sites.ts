/**
 * Every TYPE of site, once, as data: which board, which sensors on which ports, how often, what the hub derives from
 * them, and which alarms they raise. A single site (its place, its mounting height) is a row in the hub's registry.
 */
export interface SensorOnPort {
  /** Folder in firmware/sensors. */
  sensor: "pms5003" | "no2-b43f" | "sht31" | "mb7389";
  /** Port of the board, as named in boards.ts. */
  port: string;
}

export interface SiteType {
  name: "eco-post" | "reservoir" | "mesh-container" | "underpass";
  /** Kind of site: the InfluxDB measurement, and the page it is shown on. */
  kind: "air" | "water" | "flood" | "waste";
  /** Board in boards.ts. */
  board: string;
  sensors: SensorOnPort[];
  /** Time between two packs, in seconds. */
  periodS: number;
  uplink: "mqtt" | "serial";
  /** Properties the hub derives, in order: a later one may use an earlier one. The model is the calibration record's. */
  derived: string[];
  /** Rules of hub/alerts that watch it. */
  rules: ("flood" | "overflow" | "silence")[];
}

export const SITE_TYPES: SiteType[] = [
  {
    name: "eco-post",
    kind: "air",
    board: "esp32",
    sensors: [
      { sensor: "pms5003", port: "uart1" },
      { sensor: "no2-b43f", port: "i2c1" },
      { sensor: "sht31", port: "i2c1" },
    ],
    periodS: 300,
    uplink: "mqtt",
    derived: ["pm25", "no2"],
    rules: ["silence"],
  },
  {
    name: "reservoir",
    kind: "water",
    board: "esp32",
    sensors: [
      { sensor: "mb7389", port: "uart1" },
      { sensor: "sht31", port: "i2c1" },
    ],
    periodS: 900,
    uplink: "mqtt",
    derived: ["water-level", "water-volume"],
    rules: ["silence"],
  },
  {
    name: "mesh-container",
    kind: "waste",
    board: "nrf52840",
    sensors: [{ sensor: "mb7389", port: "uart1" }],
    periodS: 3600,
    uplink: "mqtt",
    derived: ["fill"],
    rules: ["overflow", "silence"],
  },
  {
    name: "underpass",
    kind: "flood",
    board: "esp32",
    sensors: [
      { sensor: "mb7389", port: "uart1" },
      { sensor: "sht31", port: "i2c1" },
    ],
    periodS: 60,
    uplink: "serial",
    derived: ["water-depth"],
    rules: ["flood"],
  },
];

/** The site type of that name, or undefined. */
export function siteType(name: string): SiteType | undefined {
  return SITE_TYPES.find((type) => type.name === name);
}
