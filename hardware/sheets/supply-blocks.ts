/** From the source of current to the rails of a post. */
import { cellsOf, regulatorOf, type KitItem } from "../kits.js";
import { partOf } from "../parts.js";
import type { Build } from "../sites.js";
import type { Block, Small, Terminal } from "./circuit.js";
import { between, resistor } from "./circuit.js";

/** The rails that a supply makes; `switched` is what the board's switch lets through. */
export interface Rails {
  five: string | null;
  low: string;
  lowV: number;
  switched: string;
  switchedV: number;
}

export const GND = "GND";
const PLUS_5 = "5V";
const PLUS_3V5 = "3V5";
const CELLS = "CELL";
const BATTERY = "VBAT";
const SWITCHED = "PARTS";

const inWire = (part: string, mark: string): Small => ({ label: partOf(part).label, mark });
const FUSE_1A = inWire("fuse-1a", "T1A");

function supply(name: string, part: string, title: string, terminals: Terminal[], lines: string[] = []): Block {
  return { name, title, lines, part, kind: "supply", terminals, open: [] };
}

/** While they fill, 5 V across it are 2.5 W. */
const CHARGE_OHMS: Small = {
  mark: "10 Ω, 5 W",
  label: { en: "resistor 10 Ω, 5 W", ru: "резистор 10 Ом, 5 Вт", kk: "10 Ом, 5 Вт резисторы" },
};
const CHARGE_DIODE: Small = {
  mark: "1N5817",
  label: {
    en: "Schottky diode at the supercapacitors",
    ru: "диод Шоттки у ионисторов",
    kk: "ионисторлардағы Шоттки диоды",
  },
};

/** Filled through a resistor, or they would be a short circuit to the supply; let out through a diode beside it. */
const bridge = (): Block =>
  supply("bridge-cell", "bridge-cell", "5.5 V 5 F", [
    { pin: "+ (fills)", net: PLUS_5, inline: CHARGE_OHMS },
    { pin: "+ (gives)", net: PLUS_5, inline: CHARGE_DIODE, note: "the same +; the diode's ring to net 5V" },
    { pin: "−", net: GND },
  ]);

function mains(): Block[] {
  return [
    {
      ...supply("cable-mains", "cable-mains", "230 V~", [
        { pin: "L", net: "L~", givesV: 230 },
        { pin: "N", net: "N~" },
        { pin: "PE", net: "PE", note: "green and yellow" },
      ]),
      outside: true,
    },
    // Before the breaker: a surge that it leads to earth would look like a fault current to a breaker before it, and the
    // post would be dark in the storm (IEC 60364-5-53, 534: before a residual-current device, or behind one of type S).
    supply("surge-mains", "surge-mains", "SPD 2+3, 230 V", [
      { pin: "L", net: "L~" },
      { pin: "N", net: "N~" },
      { pin: "PE", net: "PE", note: "the shortest wire" },
    ]),
    supply("breaker-6a", "breaker-6a", "RCBO B6 30 mA", [
      { pin: "1 (L in)", net: "L~" },
      { pin: "N in", net: "N~" },
      { pin: "2 (L out)", net: "L" },
      { pin: "N out", net: "N" },
    ]),
    supply("mains-5v", "mains-5v", "HDR-15-5", [
      { pin: "L", net: "L" },
      { pin: "N", net: "N" },
      { pin: "+V", net: PLUS_5, inline: FUSE_1A, givesV: 5 },
      { pin: "−V", net: GND },
    ]),
    bridge(),
  ];
}

function vehicle(): Block[] {
  return [
    {
      ...supply("vehicle", "fuse-3a", "12/24 V", [
        { pin: "+", net: "12/24V", inline: inWire("fuse-3a", "3 A"), givesV: 24, note: "at the vehicle's battery" },
        { pin: "−", net: GND },
      ]),
      outside: true,
    },
    supply("vehicle-5v", "vehicle-5v", "9–36 V → 5 V 2 A", [
      { pin: "IN +", net: "12/24V", needsV: [9, 36] },
      { pin: "IN −", net: GND },
      { pin: "OUT +", net: PLUS_5, inline: FUSE_1A, givesV: 5 },
      { pin: "OUT −", net: GND },
    ]),
    bridge(),
  ];
}

/** The switch that lets a rail through to the sensors that are off between two rounds; none where there are none. */
function switchOf(pin: string | null, rail: string, volts: number): Block[] {
  if (pin === null) return [];
  return [
    supply("load-switch", "load-switch", "TPS22918", [
      { pin: "VIN", net: rail, needsV: [1, 5.5] },
      { pin: "ON", net: pin },
      { pin: "GND", net: GND },
      { pin: "VOUT", net: SWITCHED, givesV: volts },
    ]),
    // Its input floats else, which TI forbids; and on the XIAO a high pin at the start keeps the image from running.
    between("switch at rest", resistor("100 kΩ"), pin, GND),
  ];
}

/** From a battery's net to the rail of 3.5 V. */
function regulated(build: Build): Block {
  const part = regulatorOf(build);
  return supply(part, part, `${partOf(part).order.split(" ")[0]}: 3.5 V`, [
    { pin: "VIN, EN", net: BATTERY, needsV: [1.8, 5.5] },
    { pin: "GND", net: GND },
    { pin: "VOUT", net: PLUS_3V5, givesV: 3.5 },
  ]);
}

function battery(cells: number): Block[] {
  const one = (n: number): Block =>
    supply(`cell-${n}`, "li-socl2-d", `Li-SOCl₂ 3.6 V D${cells > 1 ? ` (${n})` : ""}`, [
      {
        pin: "+",
        net: CELLS,
        inline: inWire("diode-schottky", "BAT60A"),
        givesV: 3.6,
        note: "the diode's ring away from the cell",
      },
      { pin: "−", net: GND },
    ]);
  return [
    ...Array.from({ length: cells }, (_, i) => one(i + 1)),
    supply("pulse-capacitor", "pulse-capacitor", "SPC1520 / HLC-1520A", [
      { pin: "+", net: CELLS },
      { pin: "−", net: GND },
    ]),
    supply("plug-cells", "plug-cells", "plug", [
      { pin: "+ in", net: CELLS, inline: FUSE_1A },
      { pin: "+ out", net: BATTERY, givesV: 3.6 },
    ]),
  ];
}

function solar(): Block[] {
  return [
    {
      ...supply("panel-2w", "panel-2w", "2 W 5.5 V", [
        { pin: "+", net: "SUN", givesV: 5.5 },
        { pin: "−", net: GND },
      ]),
      outside: true,
    },
    supply("charger-lifepo4", "charger-lifepo4", "CN3058E", [
      { pin: "IN +", net: "SUN", needsV: [4, 6] },
      { pin: "IN −", net: GND },
      { pin: "TEMP", net: "NTC" },
      { pin: "BAT +", net: BATTERY },
      { pin: "BAT −", net: GND },
    ]),
    supply("lifepo4-32700", "lifepo4-32700", "LiFePO₄ 3.2 V 6 Ah", [
      { pin: "+", net: CELLS, givesV: 3.2 },
      { pin: "NTC 10 kΩ, a", net: "NTC", note: "thermistor taped to the cell" },
      { pin: "NTC b, −", net: GND },
    ]),
    supply("plug-cells", "plug-cells", "plug", [
      { pin: "+ in", net: CELLS, inline: FUSE_1A },
      { pin: "+ out", net: BATTERY, givesV: 3.2 },
    ]),
  ];
}

/** The supply of a build. `switchPin` is the board's pin that switches sensors off, where one of them is switched. */
export function supplyBlocks(site: string, build: Build, switchPin: string | null): { rails: Rails; blocks: Block[] } {
  const wired: Rails = { five: PLUS_5, low: "3V3", lowV: 3.3, switched: SWITCHED, switchedV: 5 };
  const cells: Rails = { five: null, low: PLUS_3V5, lowV: 3.5, switched: SWITCHED, switchedV: 3.5 };
  switch (build.supply) {
    case "mains":
      return { rails: wired, blocks: [...mains(), ...switchOf(switchPin, PLUS_5, 5)] };
    case "vehicle":
      return { rails: wired, blocks: [...vehicle(), ...switchOf(switchPin, PLUS_5, 5)] };
    case "solar":
      return { rails: cells, blocks: [...solar(), regulated(build), ...switchOf(switchPin, PLUS_3V5, 3.5)] };
    case "battery":
      return {
        rails: cells,
        blocks: [...battery(cellsOf(site, build)), regulated(build), ...switchOf(switchPin, PLUS_3V5, 3.5)],
      };
  }
}

/** The voltage of the cells goes to the board's own divider, through so much that its charger can do them no harm. */
export const SENSE: Terminal = {
  pin: "BAT +",
  net: BATTERY,
  inline: inWire("sense-resistor", "10 kΩ"),
  note: "for measuring only: the board is fed at 3V3, and its charger must not reach the cells",
};

/** Parts of a kit that a build does without where no sensor is switched, or none measures the battery. */
export function isNeeded({ part }: KitItem, switched: boolean, sensed: boolean): boolean {
  if (part === "load-switch") return switched;
  return part !== "sense-resistor" || sensed;
}
