import { z } from "zod";
import { echoInputs, levelMm, mounting } from "./echo.js";
import { common, defineModel, fine, number, suspect } from "./model.js";

/**
 * `water-level` → `water-level`: height of a water surface above the site's own datum, in mm; `mountHeightMm` is the
 * sensor's height above that datum. Outside of [minMm, maxMm] (the bed, the crest) the figure is suspect (flag 3,
 * `geometry`), and stays as it is: a reservoir may be below what anybody thought possible.
 */
export const waterLevel = defineModel({
  name: "water-level",
  properties: ["water-level"],
  schema: z
    .strictObject({ ...mounting, minMm: number.default(0), maxMm: number.optional(), ...common })
    .refine((p) => p.maxMm === undefined || p.maxMm > p.minMm, { path: ["maxMm"], message: "must be above minMm" }),
  inputs: echoInputs,
  compute(p, input) {
    const level = levelMm(p, input);
    const possible = level >= p.minMm && level <= (p.maxMm ?? Infinity);
    return possible ? fine(level) : suspect(level, "geometry");
  },
});
