/**
 * What is known of a part beyond how it is driven: for budgets, sheets and failure cards. Each folder's `facts.ts`
 * exports `FACTS`; drivers never import it, so that no image contains it.
 */
import type { Fault } from "../wire/pack.js";

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

/** A pin of the part, and what of the board it goes to. */
export interface PartPin {
  /** As the part's maker counts or prints it. */
  pin: string;
  name: string;
  to: "gnd" | "supply" | "rx" | "tx" | "sda" | "scl" | "signal" | "sck" | "open";
  note?: string;
}

export interface SensorFacts {
  /** Part number as one orders it. */
  part: string;
  maker: string;
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
