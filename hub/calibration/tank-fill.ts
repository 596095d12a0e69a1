import { z } from "zod";
import { echoInputs, levelMm, mounting } from "./echo.js";
import { common, defineModel, fine, suspect } from "./model.js";
import { fullHeightMm, tank, volumeL } from "./tank.js";

/**
 * `tank-fill` → `fill`: how much of a vessel's volume is taken, in %.
 *
 *   level = mountHeightMm − distance · cos(tilt) − offsetMm        (above the vessel's bottom)
 *   fill  = 100 · volume(level) / volume(full)
 *
 * Waste is no liquid: its surface is a heap, and one sensor sees one spot of it. Expect an error of 5–10 %.
 * Between the rim and `heapMm` above it the vessel is full (100 %, no objection: waste does stand above the rim). Below
 * the bottom by up to `toleranceMm` it is empty. Beyond either the figure is 100 or 0, suspect (flag 3, `geometry`).
 */
export const tankFill = defineModel({
  name: "tank-fill",
  properties: ["fill"],
  schema: z.strictObject({
    ...mounting,
    tank,
    heapMm: z.number().min(0).default(300),
    toleranceMm: z.number().min(0).default(50),
    ...common,
  }),
  inputs: echoInputs,
  compute(p, input) {
    const level = levelMm(p, input);
    const full = fullHeightMm(p.tank);
    const fill = (100 * volumeL(p.tank, level)) / volumeL(p.tank, full);
    return level < -p.toleranceMm || level > full + p.heapMm ? suspect(fill, "geometry") : fine(fill);
  },
});
