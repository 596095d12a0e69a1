import { z } from "zod";
import { common, defineModel, fine, number, positive } from "./model.js";

/**
 * `load-cell` → `weight`: what is in a container, in kg, by two readings of the cell under it: the container empty, and
 * with a known weight in it. A cell that hangs the other way round counts down. The least below zero stays: it is noise
 * and creep, and cutting it would bias means.
 */
export const loadCell = defineModel({
  name: "load-cell",
  properties: ["weight"],
  schema: z
    .strictObject({ emptyCounts: number, loadedCounts: number, loadedKg: positive, ...common })
    .refine((p) => p.loadedCounts !== p.emptyCounts, {
      path: ["loadedCounts"],
      message: "must differ from emptyCounts",
    }),
  inputs: () => ["weight-raw"],
  compute: (p, input) => fine((p.loadedKg * (input("weight-raw") - p.emptyCounts)) / (p.loadedCounts - p.emptyCounts)),
});
