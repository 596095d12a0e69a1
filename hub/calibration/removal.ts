import { z } from "zod";
import { common, defineModel, fine, positive, suspect, type Result } from "./model.js";

/** What each removal is made of: the derived concentrations at inlet and outlet, in the same unit. */
const PAIRS: Record<string, { inlet: string; outlet: string }> = {
  "removal-pm25": { inlet: "pm25", outlet: "pm25-out" },
  "removal-no2": { inlet: "no2", outlet: "no2-out" },
};

/**
 * `removal` → `removal-pm25`, `removal-no2`: what an air-cleaning unit takes out of the air, in percent of what goes in:
 * 100 · (1 − outlet / inlet). Both concentrations must be derived before it in the same pack.
 *
 * `outletGain` makes the two counters one: what the inlet's showed over what the outlet's showed while both stood in the
 * same air (1 until somebody has put them side by side). Below `minInlet` (in the concentrations' unit) the ratio is one
 * of two noises: the value is missing, `low-inlet`. Below 0 the outlet is dirtier than the inlet, which a unit cannot
 * make of clean air: suspect, `negative`, and kept, because a bypass or exchanged cables show so.
 */
export const removal = defineModel({
  name: "removal",
  properties: Object.keys(PAIRS),
  schema: z.strictObject({ minInlet: positive, outletGain: positive.optional(), ...common }),
  inputs: (_p, property) => Object.values(PAIRS[property] ?? {}),
  compute(p, input, property): Result {
    const pair = PAIRS[property];
    if (pair === undefined) return { value: NaN, flag: 1, why: [] };
    const inlet = input(pair.inlet);
    if (inlet < p.minInlet) return { value: NaN, flag: 1, why: ["low-inlet"] };
    const percent = 100 * (1 - (input(pair.outlet) * (p.outletGain ?? 1)) / inlet);
    return percent < 0 ? suspect(percent, "negative") : fine(percent);
  },
});
