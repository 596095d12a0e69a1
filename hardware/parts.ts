/**
 * Every part of a post that is not a sensor: what to order, what it costs about, the figures that budgets need and where
 * they come from. Sensors say the same of themselves in their own folders (`FACTS`).
 */
import type { Figure } from "../firmware/sensors/facts-of.js";
import { ELECTRONICS } from "./parts/electronics.js";
import { HEATING } from "./parts/heating.js";
import { HOUSING } from "./parts/housing.js";
import { MOUNTING } from "./parts/mounting.js";
import { SUPPLIES } from "./parts/supplies.js";
import { WIRING } from "./parts/wiring.js";
import type { Text } from "./text.js";

export interface Part {
  /** By which kits name it. */
  name: string;
  group: "board" | "radio" | "supply" | "protection" | "housing" | "mounting" | "wiring";
  label: Text;
  /** What to order: the maker's number, or what any make of it must meet. */
  order: string;
  maker: string;
  /** Price of one, as a class in US$: 1 below 5, 2 to 20, 3 to 60, 4 to 150, 5 above. Nobody's price list: an estimate. */
  costClass: 1 | 2 | 3 | 4 | 5;
  /** What its maker lets it work at; parts without it are of metal or plastics that the order names. */
  temperatureC?: [min: number, max: number];
  /** Units stand at the end of each name: mA, Ah, V, W, S (seconds), share (0 … 1). */
  figures: { [name: string]: Figure };
  note: string;
}

export const PARTS: Part[] = [...ELECTRONICS, ...SUPPLIES, ...HOUSING, ...HEATING, ...MOUNTING, ...WIRING];

/** The part of that name. Throws when there is none: a kit names what is not in the list. */
export function partOf(name: string): Part {
  const part = PARTS.find((p) => p.name === name);
  if (part === undefined) throw new Error(`no part is called ${name}: see hardware/parts`);
  return part;
}

/** A figure of a part. Throws when the part does not state it. */
export function figureOf(part: string, figure: string): Figure {
  const found = partOf(part).figures[figure];
  if (found === undefined) throw new Error(`${part} has no figure ${figure}: see hardware/parts`);
  return found;
}

/** Upper and lower end of each class of cost, in US$; the last has none, and counts as twice its lower end. */
export const COST_USD: { [costClass: number]: [from: number, to: number] } = {
  1: [1, 5],
  2: [5, 20],
  3: [20, 60],
  4: [60, 150],
  5: [150, 300],
};
