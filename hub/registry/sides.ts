/** Both sides of a board's orders as they stand after the registry's rows: what is asked of it, and what it says. */
import { EVERY_SETTING } from "../../firmware/wire/order.js";
import type { UnixMs } from "../model.js";
import type { Row, RowOf } from "./rows.js";

/** A setting as it is to be; null is the image's own value. */
export interface DesiredSetting {
  value: number | null;
  rev: number;
  at: UnixMs;
  by: string;
}

/** The settings that are asked of a board: `rev` counts every change ever asked of it, 0 before the first. */
export interface Desired {
  rev: number;
  /** By name. The setting `*` stands for all that were set before it. */
  values: ReadonlyMap<string, DesiredSetting>;
}

export type Reported = Omit<RowOf<"reported">, "kind" | "board"> & { at: UnixMs };

/** Something that was asked of a board, and its answer. */
export interface Ask {
  verb: RowOf<"ask">["verb"];
  nonce: string;
  at: UnixMs;
  by: string;
  answer: { at: UnixMs; report: Record<string, unknown> } | null;
}

export interface Sides {
  desired: Desired;
  /** What it said of itself last; null before its first hello. */
  reported: Reported | null;
  /** What was asked of it last, of each kind. */
  asks: Ask[];
}

/** As the state keeps them: they change with its rows. */
export interface SidesState extends Sides {
  desired: { rev: number; values: Map<string, DesiredSetting> };
}

export const NOTHING_DESIRED: Desired = { rev: 0, values: new Map() };

/** Of a board of which nothing was asked, and which said nothing. */
export function noSides(): SidesState {
  return { desired: { rev: 0, values: new Map() }, reported: null, asks: [] };
}

/** What was asked under that nonce. */
export function askOf({ asks }: Sides, nonce: string): Ask | undefined {
  return asks.find((one) => one.nonce === nonce);
}

/** Takes one more row about the board. */
export function applyToSides(sides: SidesState, row: Row & { kind: "desired" | "reported" | "ask" | "answer" }): void {
  switch (row.kind) {
    case "desired": {
      const { desired } = sides;
      if (row.name === EVERY_SETTING) desired.values.clear();
      desired.rev = row.rev;
      desired.values.set(row.name, { value: row.value, rev: row.rev, at: row.at, by: row.by });
      return;
    }
    case "reported": {
      const { at, image, version, set, refused, period, slot, runs, back, fence, wear, signalDbm } = row;
      sides.reported = { at, image, version, set, refused, period, slot, runs, back, fence, wear, signalDbm };
      return;
    }
    case "ask": {
      const { verb, nonce, at, by } = row;
      sides.asks = [...sides.asks.filter((one) => one.verb !== verb), { verb, nonce, at, by, answer: null }];
      return;
    }
    case "answer": {
      const asked = askOf(sides, row.nonce);
      if (asked !== undefined) asked.answer = { at: row.at, report: row.report };
      return;
    }
  }
}

export function copyOfSides({ desired, reported, asks }: Sides): Sides {
  return {
    desired: { rev: desired.rev, values: new Map(desired.values) },
    reported,
    asks: asks.map((one) => ({ ...one })),
  };
}
