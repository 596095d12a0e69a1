/**
 * The parts of a post besides its sensors: which, how many, and what for. One list per way of building; what a site type
 * needs beyond that stands in its mount (hardware/mounts).
 */
import type { Outside } from "../firmware/sensors/facts-of.js";
import type { Build } from "./sites.js";

export interface KitItem {
  /** Name in hardware/parts. */
  part: string;
  count: number;
}

/** Lithium cells of size D in a battery post, by site type and uplink; `npm run power` shows what they last for. */
const CELLS: { [site: string]: { [uplink: string]: number } } = { "underpass-battery": { lora: 2 } };
const USUAL_CELLS: { [uplink: string]: number } = { lora: 1, modem: 2 };

const item = (part: string, count = 1): KitItem => ({ part, count });

/** Cells of size D in such a post. */
export function cellsOf(site: string, build: Build): number {
  return CELLS[site]?.[build.uplink] ?? USUAL_CELLS[build.uplink] ?? 1;
}

/** The regulator of a post on cells: a modem wants more than the small one gives. */
export const regulatorOf = ({ uplink }: Build): string => (uplink === "modem" ? "regulator-modem" : "regulator-3v5");

function supplyOf(site: string, build: Build): KitItem[] {
  switch (build.supply) {
    case "mains":
      return [
        item("mains-5v"),
        item("breaker-6a"),
        item("surge-mains"),
        item("fuse-1a"),
        item("cable-mains"),
        item("terminals-mains"),
        item("wire-mains"),
        item("mains-cover"),
        item("bridge-cell"),
      ];
    case "vehicle":
      return [item("vehicle-5v"), item("fuse-3a"), item("fuse-1a"), item("bridge-cell")];
    case "solar":
      return [
        item("lifepo4-32700"),
        item("charger-lifepo4"),
        item("panel-2w"),
        item(regulatorOf(build)),
        item("load-switch"),
        item("sense-resistor"),
        item("fuse-1a"),
        item("plug-cells"),
      ];
    case "battery": {
      const cells = cellsOf(site, build);
      return [
        item("li-socl2-d", cells),
        item("diode-schottky", cells),
        item("pulse-capacitor"),
        item(regulatorOf(build)),
        item("load-switch"),
        item("sense-resistor"),
        item("fuse-1a"),
        item("plug-cells"),
      ];
    }
  }
}

const UPLINKS: { [uplink in Build["uplink"]]: KitItem[] } = {
  mqtt: [item("antenna-wifi")],
  serial: [item("rs485"), item("rs485-usb"), item("surge-line", 2), item("cable-line")],
  lora: [item("rn2483"), item("antenna-868")],
  modem: [item("bg96"), item("antenna-lte"), item("sim-lte-m")],
};

/** Box, glands, cables and small things; `outside` are the sensors to which a cable leaves the box. */
function housingOf(build: Build, outside: Outside[]): KitItem[] {
  const large = build.supply === "mains" || build.supply === "vehicle";
  const count = (of: boolean[]): number => of.filter(Boolean).length;
  const thick = count([large, build.uplink === "serial", ...outside.map((one) => one.thick === true)]);
  const thin = count([build.supply === "solar", ...outside.map((one) => one.thick !== true)]);
  const cables = outside.filter(({ cable }) => cable !== "own");
  const long = count(cables.map(({ cable }) => cable === "long"));
  const items = [
    item(large ? "box-large" : "box-small"),
    item("carrier-modules"),
    ...(build.board === "esp32" ? [item("carrier-esp32")] : []),
    item("vent"),
    item("gland-m12", thin),
    item("gland-m16", thick),
    item("cable-sensor", cables.length - long),
    item("cable-float", long),
    item("resin", cables.length > 0 ? 1 : 0),
    item("terminals-low", large ? 1 : 0),
    item("wire-hookup"),
    item("ferrules"),
    item("desiccant"),
    item("label", 2),
  ];
  return items.filter((one) => one.count > 0);
}

/** All parts of such a post but its sensors and what its mount adds, each part once; `outside` are sensors at a cable. */
export function kitOf(site: string, outside: Outside[], build: Build): KitItem[] {
  return [item(build.board), ...UPLINKS[build.uplink], ...supplyOf(site, build), ...housingOf(build, outside)];
}
