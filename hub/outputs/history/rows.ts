/** Packs as rows of the history, and rows as samples of its series. */
import type { Flag, Observation } from "../../model.js";
import { onlyHistory } from "../../newest.js";
import type { Sample } from "./chunk.js";
import type { Row } from "./store.js";

type Reading = [property: number, value: number | null, flag: Flag, calibration: number, ...why: string[]];

/**
 * The readings of a pack as a row's body: JSON of {@link Reading}s, put together by hand for speed. `doubt` is a doubt of
 * all of them that must not be forgotten with the journal.
 */
export function bodyOf(observations: Observation[], numberOf: (property: string) => number, doubt?: string): string {
  let body = "";
  for (const { property, value, flag, calibration, why } of observations) {
    const number = value === null || !Number.isFinite(value) ? "null" : `${value}`;
    body += `${body === "" ? "[[" : ",["}${numberOf(property)},${number},${flag},${calibration}`;
    if (why !== undefined) for (const word of why) body += "," + JSON.stringify(word);
    if (doubt !== undefined) body += "," + JSON.stringify(doubt);
    body += "]";
  }
  return body === "" ? "[]" : body + "]";
}

/** Calls `visit` with every reading of a row. */
export function eachSample(row: Row, visit: (property: number, sample: Sample) => void): void {
  for (const [property, value, flag, calibration, ...why] of JSON.parse(row.body) as Reading[]) {
    const sample: Sample = { time: row.time, seq: row.seq, value, flag, calibration };
    if (why.length > 0) sample.why = why;
    visit(property, sample);
  }
}

/** Whether nobody can say how old the reading is: then it is never the newest of its series. */
export function ofHistory({ why }: Sample): boolean {
  return why !== undefined && why.some(onlyHistory);
}
