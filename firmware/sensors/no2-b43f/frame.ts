import type { Outcome } from "../sensor.js";
import { MAX_MV, MIN_MV } from "./facts.js";

/** An electrode's voltage in mV, or `electrical` when the board cannot give such a one. */
export function decodeElectrode(mv: number): Outcome<number> {
  return mv >= MIN_MV && mv <= MAX_MV ? { ok: true, value: mv } : { ok: false, fault: "electrical" };
}
