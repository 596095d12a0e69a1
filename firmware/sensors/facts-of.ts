/**
 * What is known of a part beyond how it is driven: for budgets, sheets and failure cards. Each folder's `facts.ts`
 * exports `FACTS`; drivers never import it, so that no image contains it.
 */
import type { Fault } from "../wire/pack.js";
import type { PortKind } from "./sensor.js";

/** Where a figure stands. */
export interface Source {
  document: string;
  page: string;
}

/** A figure in the unit that its place says. `assumed`: nobody states it; `source` then says what it was reasoned from. */
export interface Figure {
  value: number;
  source: Source;
  kind: "datasheet" | "measured" | "assumed";
}

/** The same in English, Russian and Kazakh: drawings and lists for people are made in all three. */
export interface Words {
  en: string;
  ru: string;
  kk: string;
}

/**
 * A pin of the part, and where it goes: to the board, to the loop of 4–20 mA that the part closes, to the bridge of cells
 * that hangs on it, or nowhere.
 */
export interface PartPin {
  /** As the part's maker counts or prints it. */
  pin: string;
  name: string;
  to: "gnd" | "supply" | "rx" | "tx" | "sda" | "scl" | "signal" | "sck" | "loop" | "bridge" | "open";
  /** Of a part that speaks either way: grounded where it stands on I²C. */
  groundedOnI2c?: true;
  note?: string;
}

/** Where a wire ends: at a pin of the part, or at what of the board. `low` is the board's own supply. */
export type Spot = `pin ${string}` | "gnd" | "low" | "rx" | "signal";

/**
 * What stands in the wires between the part and the board. A pin of the part that one of these names is joined to nothing
 * else.
 */
export interface Beside {
  /** What is printed on it: "2.2 kΩ", "MAX3232". */
  mark: string;
  /** What each of its pins is joined to; a resistor or capacitor has two, and they have no names. */
  joins: { pin?: string; to: Spot }[];
  /** Only where the part stands on such a port. */
  on?: PortKind;
  /** The extra that it is, where one orders it by another name than its mark. */
  extra?: string;
}

/** How a part that hangs outside of the box is joined to what is in it. */
export interface Outside {
  /** It brings its cable, one is bought for it, or a long one: it stands at the road, metres below the box. */
  cable: "own" | "bought" | "long";
  /** 7–9 mm, as a data line's and the mains': too thick for a gland M12. */
  thick?: true;
}

export interface SensorFacts {
  /** Part number as one orders it. */
  part: string;
  maker: string;
  /** What it is, for lists and drawings: its part number stands beside it. */
  label: Words;
  /** Where it (or what hangs on it) stands outside of the box. */
  outside?: Outside;
  /** It belongs to a board that runs on cells, and is neither ordered nor wired there. */
  ofBoard?: true;
  /** What it measures, in a few words. */
  measures: string;
  supplyV: [min: number, max: number];
  /** Level of its outputs, in V: above the board's, a divider or shifter is needed. */
  logicV: number;
  /** Current in mA, by phase. `peak` where a supply must bear more for a moment. */
  phases: { sleep: Figure; warmUp: Figure; sample: Figure; peak?: Figure };
  /** Its supply is never switched off: it would need hours to settle again. */
  alwaysOn?: true;
  pins: PartPin[];
  /** Beyond plain wires, dividers for its outputs, pull-ups and converters: those follow from all the rest. */
  beside?: Beside[];
  /** What else is needed to wire it. */
  extras?: { part: string; count: number; note: string }[];
  life: { years?: Figure; runHours?: Figure; note: string };
  /** Price of one, as a class in US$: 1 below 5, 2 to 20, 3 to 60, 4 to 150, 5 above. */
  costClass: 1 | 2 | 3 | 4 | 5;
  /** What it can measure, in words and units. */
  range: string;
  temperatureC: [min: number, max: number];
  /** Nearer than this it measures nothing, in mm. */
  deadZoneMm?: number;
  /** For the failure card: what each fault looks like in the field, why it comes, and which part to carry. */
  faults: { fault: Fault; looksLike: string; cause: string; carry: string }[];
}
