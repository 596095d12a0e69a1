import { z } from "zod";
import { common, defineModel, fine, suspect } from "./model.js";
import { interpolate, points } from "./table.js";

/**
 * `stage-storage` → `water-volume`: what a reservoir holds at a level, in m³, from its surveyed table, on straight lines
 * between the rows. Never extrapolated: beyond the table the volume of its last row stands, suspect (flag 3, `table`).
 * Needs `water-level`, derived before it.
 */
export const stageStorage = defineModel({
  name: "stage-storage",
  properties: ["water-volume"],
  schema: z.strictObject({
    /** Rows of [level above the site's datum in mm, volume in m³]. */
    points,
    /** What the levels are above, and when the table was surveyed: a bed silts up. */
    datum: z.string().min(1),
    surveyed: z.iso.date(),
    ...common,
  }),
  inputs: () => ["water-level"],
  compute(p, input) {
    const level = input("water-level");
    const within = level >= p.points[0]![0] && level <= p.points[p.points.length - 1]![0];
    const volume = interpolate(p.points, level);
    return within ? fine(volume) : suspect(volume, "table");
  },
});
