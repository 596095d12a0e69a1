import { z } from "zod";
import { common, defineModel, fine } from "./model.js";

/**
 * `float-depth` → `water-depth` of a site whose only sensor is a float switch, `water-depth-float` where it hangs beside an
 * echo, in mm. Lifted: at least the height of the
 * switch above the road, at the lowest point (`why` says `at-least`: the water may stand higher). Not lifted: 0, though the
 * first `switchHeightMm` cannot be seen.
 */
export const floatDepth = defineModel({
  name: "float-depth",
  properties: ["water-depth", "water-depth-float"],
  schema: z.strictObject({
    /** Height above the road under the switch at which it is lifted, in mm. */
    switchHeightMm: z.number().min(0).max(5000),
    /** How much lower the lowest point of the carriageway lies than the road under the switch, in mm. */
    lowPointOffsetMm: z.number().min(0).default(0),
    ...common,
  }),
  inputs: () => ["float"],
  compute(p, input) {
    if (input("float") < 0.5) return fine(0);
    return { value: p.switchHeightMm + p.lowPointOffsetMm, flag: 1, why: ["at-least"] };
  },
  seesFromMm: (p) => p.switchHeightMm + p.lowPointOffsetMm,
});
