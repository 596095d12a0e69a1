import { z } from "zod";
import { airInputs, airShare, correctedMv } from "./cell.js";
import { common, defineModel, fine, number, positive, type Result } from "./model.js";

/** Temperature factor nT of the OX-B431 by °C. Source: Alphasense Application Note AAN 803-04 and -05, table of nT. */
const N_T: [number, number][] = [
  [-30, 0.9],
  [-20, 0.9],
  [-10, 1.0],
  [0, 1.3],
  [10, 1.5],
  [20, 1.7],
  [30, 2.0],
  [40, 2.5],
  [50, 3.7],
];

/**
 * `ox-cell` → `ozone`: ozone from the two electrodes of an OX-B431, in ppb. The cell answers to ozone and to NO2 alike, so
 * that what it sees of NO2 is taken away first; `no2` must be derived before it in the same pack. Two methods:
 *
 *   aan803-1   (what the gases add to the working electrode − no2 · no2SensitivityMvPerPpb) / sensitivityMvPerPpb, with the
 *              label's constants (AAN 803, algorithm 1). Never better than flag 2 (not evaluated, `factory`).
 *   fitted     intercept + perWeMv · WE + perAeMv · AE + perNo2Ppb · no2 + perCel · T + perGPerM3 · absolute humidity,
 *              fitted beside a reference instrument. Holds for that one pair of cells only, and inside its hull.
 *
 * NO2's own flag stands in the result. A result below zero stays: it is noise around zero.
 */
export const oxCell = defineModel({
  name: "ox-cell",
  properties: ["ozone"],
  schema: z.discriminatedUnion("method", [
    z.strictObject({
      method: z.literal("aan803-1"),
      weElectronicMv: number,
      aeElectronicMv: number,
      /** To ozone, and to NO2: both stand on the label. */
      sensitivityMvPerPpb: positive,
      no2SensitivityMvPerPpb: positive,
      ...common,
    }),
    z.strictObject({
      method: z.literal("fitted"),
      intercept: number,
      perWeMv: number,
      perAeMv: number,
      perNo2Ppb: number,
      perCel: number,
      perGPerM3: number,
      ...common,
    }),
  ]),
  inputs: (p) => ["ox-we", "ox-ae", "no2", ...(p.method === "aan803-1" ? ["temperature"] : airInputs(p))],
  compute(p, input): Result {
    const we = input("ox-we");
    const ae = input("ox-ae");
    if (p.method === "aan803-1") {
      const gasesMv = correctedMv(N_T, p, we, ae, input("temperature"));
      const ozone = (gasesMv - input("no2") * p.no2SensitivityMvPerPpb) / p.sensitivityMvPerPpb;
      return { value: ozone, flag: 2, why: ["factory"] };
    }
    return fine(p.intercept + p.perWeMv * we + p.perAeMv * ae + p.perNo2Ppb * input("no2") + airShare(p, input));
  },
});
