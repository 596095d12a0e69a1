/** Packs as rows of the history, and rows as samples of its series. */
import type { Flag, Observation } from "../../model.js";
import type { Sample } from "./chunk.js";
import type { Row } from "./store.js";

type Reading = [property: number, value: number | null, flag: Flag, calibration: number, ...why: string[]];

/** The readings of a pack as a row's body. */
export function bodyOf(observations: Observation[], numberOf: (property: string) => number): string {
  const readings = observations.map((o): Reading => [
    numberOf(o.property),
    o.value,
    o.flag,
    o.calibration,
    ...(o.why ?? []),
  ]);
  return JSON.stringify(readings);
}

/** Calls `visit` with every reading of a row. */
export function eachSample(row: Row, visit: (property: number, sample: Sample) => void): void {
  for (const [property, value, flag, calibration, ...why] of JSON.parse(row.body) as Reading[]) {
    const sample: Sample = { time: row.time, seq: row.seq, value, flag, calibration };
    if (why.length > 0) sample.why = why;
    visit(property, sample);
  }
}
