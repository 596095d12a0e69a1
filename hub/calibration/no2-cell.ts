import { z } from "zod";
import { airInputs, airShare, correctedMv, type CellLabel } from "./cell.js";
import { atOutlet, common, defineModel, fine, number, positive, type Result } from "./model.js";

/** Temperature factor nT of the NO2-B43F by °C. Source: Alphasense Application Note AAN 803-04 and -05, table of nT. */
const N_T: [number, number][] = [
  [-30, 1.3],
  [-20, 1.3],
  [-10, 1.3],
  [0, 1.3],
  [10, 1.0],
  [20, 0.6],
  [30, 0.4],
  [40, 0.2],
  [50, -1.5],
];

/** NO2 by AAN 803, algorithm 1, in ppb: what the gas adds to the working electrode, by the label's sensitivity. */
export function aan803(label: CellLabel, weMv: number, aeMv: number, temperatureC: number): number {
  return correctedMv(N_T, label, weMv, aeMv, temperatureC) / label.sensitivityMvPerPpb;
}

/**
 * `no2-cell` → `no2`, or `no2-out` from the cell at an outlet: concentration from the two electrodes of an NO2-B43F, in
 * ppb. Two methods:
 *
 *   aan803-1   the maker's formula with the label's constants. Not a measurement until a fit in place says so: never
 *              better than flag 2 (not evaluated, `factory`).
 *   fitted     intercept + perWeMv · WE + perAeMv · AE + perCel · T + perGPerM3 · absolute humidity, fitted beside a
 *              reference instrument. Holds for that one cell only, and inside its hull.
 *
 * A result below zero stays: it is noise around zero, and cutting it would bias means.
 */
export const no2Cell = defineModel({
  name: "no2-cell",
  properties: ["no2", "no2-out"],
  schema: z.discriminatedUnion("method", [
    z.strictObject({
      method: z.literal("aan803-1"),
      weElectronicMv: number,
      aeElectronicMv: number,
      sensitivityMvPerPpb: positive,
      ...common,
    }),
    z.strictObject({
      method: z.literal("fitted"),
      intercept: number,
      perWeMv: number,
      perAeMv: number,
      perCel: number,
      perGPerM3: number,
      ...common,
    }),
  ]),
  inputs(p, property) {
    const electrodes = [atOutlet("no2-we", property), atOutlet("no2-ae", property)];
    return [...electrodes, ...(p.method === "aan803-1" ? ["temperature"] : airInputs(p))];
  },
  compute(p, input, property): Result {
    const we = input(atOutlet("no2-we", property));
    const ae = input(atOutlet("no2-ae", property));
    if (p.method === "aan803-1") return { value: aan803(p, we, ae, input("temperature")), flag: 2, why: ["factory"] };
    return fine(p.intercept + p.perWeMv * we + p.perAeMv * ae + airShare(p, input));
  },
});
