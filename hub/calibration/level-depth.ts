import { z } from "zod";
import { common, defineModel, fine, number, suspect } from "./model.js";
import { echoInputs, levelMm, mounting } from "./echo.js";

/**
 * `level-depth` → `water-depth`: depth of the water at the lowest point of the carriageway, in mm.
 *
 *   above road = mountHeightMm − distance · cos(tilt) − offsetMm        (under the sensor)
 *   depth      = above road + lowPointOffsetMm
 *
 * Below `noiseFloorMm` above the road the road counts as dry: depth 0. With a lowest point beside the sensor the first
 * `lowPointOffsetMm` of water are therefore not seen: hang the sensor over the lowest point where that is possible.
 * Down to `toleranceMm` below the road the depth is 0 as well; further down (a pothole, a moved post) the negative
 * figure stays as it is, suspect (flag 3, `geometry`).
 */
export const levelDepth = defineModel({
  name: "level-depth",
  properties: ["water-depth"],
  schema: z.strictObject({
    ...mounting,
    /** How much lower the lowest point of the carriageway lies than the road under the sensor, in mm. */
    lowPointOffsetMm: z.number().min(0).default(0),
    noiseFloorMm: z.number().min(0).default(10),
    toleranceMm: number.min(0).default(30),
    ...common,
  }),
  inputs: echoInputs,
  compute(p, input) {
    const aboveRoad = levelMm(p, input);
    if (aboveRoad < -p.toleranceMm) return suspect(aboveRoad, "geometry");
    if (aboveRoad <= p.noiseFloorMm) return fine(0);
    return fine(aboveRoad + p.lowPointOffsetMm);
  },
  seesFromMm: (p) => p.noiseFloorMm + p.lowPointOffsetMm,
});
