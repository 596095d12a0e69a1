import { z } from "zod";
import { common, defineModel, fine, number, suspect, type Result } from "./model.js";

/**
 * From a pressure probe's head to the height of the surface above the zero (road, datum), in mm:
 *
 *   height = probeHeightMm + (head − air pressure) · 1000 / densityKgM3 − offsetMm
 *
 * `head` is what the probe's label says, in mm of water of 1000 kg/m³ at 9.80665 m/s² (in Almaty gravity is 0.04 % less: 2 mm
 * in 5 m, which a check with a staff gauge takes into `offsetMm`).
 */
const probe = {
  /** Height of the probe's membrane above the zero; below it negative, in mm. */
  probeHeightMm: number.min(-20_000).max(20_000),
  /** Subtracted from every height, in mm: what a check with a staff gauge found. */
  offsetMm: number.default(0),
  /** Density of the water: 999.7 at 10 °C, 998.2 at 20 °C; a mud flow carries 1200 and more. */
  densityKgM3: z.number().min(900).max(2000).default(1000),
  /** Whether the probe's cable has a vent. Without one it feels the air's pressure as well, which the post must measure. */
  vented: z.boolean().default(true),
  /** A probe in the air says 0 within this: below it, its zero has moved or its vent is blocked. */
  toleranceMm: z.number().min(0).default(50),
};

interface Probe {
  probeHeightMm: number;
  offsetMm: number;
  densityKgM3: number;
  vented: boolean;
  toleranceMm: number;
}

/** 1 hPa in mm of water of 1000 kg/m³ at 9.80665 m/s². */
export const MM_PER_HPA = 100 / 9.80665;

function probeInputs(p: Probe): string[] {
  return p.vented ? ["head"] : ["head", "pressure"];
}

/** Water above the membrane, in mm. */
function aboveProbeMm(p: Probe, input: (property: string) => number): number {
  const air = p.vented ? 0 : input("pressure") * MM_PER_HPA;
  return ((input("head") - air) * 1000) / p.densityKgM3;
}

/**
 * `head-depth` → `water-depth`, or `water-depth-head` beside an echo: depth of the water at the lowest point of the
 * carriageway, in mm; the zero is the road under the probe. A probe above the road sees nothing of the first `probeHeightMm`: hang it into a sump (negative height) where
 * that is possible. No more than `noiseFloorMm` above the probe, or above the road, counts as dry: depth 0.
 */
export const headDepth = defineModel({
  name: "head-depth",
  properties: ["water-depth", "water-depth-head"],
  schema: z.strictObject({
    ...probe,
    /** How much lower the lowest point of the carriageway lies than the road under the probe, in mm. */
    lowPointOffsetMm: z.number().min(0).default(0),
    noiseFloorMm: z.number().min(0).default(20),
    ...common,
  }),
  inputs: probeInputs,
  compute(p, input): Result {
    const above = aboveProbeMm(p, input);
    if (above < -p.toleranceMm) return suspect(above, "geometry");
    const aboveRoad = p.probeHeightMm + above - p.offsetMm;
    if (above <= p.noiseFloorMm || aboveRoad <= p.noiseFloorMm) return fine(0);
    return fine(aboveRoad + p.lowPointOffsetMm);
  },
  seesFromMm: (p) => Math.max(p.probeHeightMm - p.offsetMm, 0) + p.noiseFloorMm + p.lowPointOffsetMm,
});

/**
 * `head-level` → `water-level`: height of a water surface above the site's own datum, in mm. With no water above the probe
 * the surface is somewhere below it: the figure is then its height, suspect (flag 3, `geometry`).
 */
export const headLevel = defineModel({
  name: "head-level",
  properties: ["water-level"],
  schema: z
    .strictObject({ ...probe, minMm: number.optional(), maxMm: number.optional(), ...common })
    .refine((p) => p.maxMm === undefined || p.minMm === undefined || p.maxMm > p.minMm, {
      path: ["maxMm"],
      message: "must be above minMm",
    }),
  inputs: probeInputs,
  compute(p, input): Result {
    const above = aboveProbeMm(p, input);
    const level = p.probeHeightMm + above - p.offsetMm;
    const possible = above >= 0 && level >= (p.minMm ?? -Infinity) && level <= (p.maxMm ?? Infinity);
    return possible ? fine(level) : suspect(level, "geometry");
  },
});
