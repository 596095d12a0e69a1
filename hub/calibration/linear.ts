import { z } from "zod";
import { common, defineModel, fine, number } from "./model.js";

/** `linear`: derived = gain · input + offset, in the derived property's unit. For a plain two-point adjustment. */
export const linear = defineModel({
  name: "linear",
  properties: null,
  schema: z.strictObject({
    /** The raw (or earlier derived) property. */
    input: z.string().min(1),
    gain: number.refine((gain) => gain !== 0, "must not be 0"),
    offset: number,
    ...common,
  }),
  inputs: (p) => [p.input],
  compute: (p, input) => fine(p.gain * input(p.input) + p.offset),
});

/**
 * Gain and offset from two points (reading, truth).
 * @returns null when the readings are closer than a fifth of `span` (the range in use): the slope would be mostly noise.
 */
export function twoPoint(
  a: { reading: number; truth: number },
  b: { reading: number; truth: number },
  span: number,
): { gain: number; offset: number } | null {
  if (Math.abs(b.reading - a.reading) < 0.2 * span || a.reading === b.reading) return null;
  const gain = (b.truth - a.truth) / (b.reading - a.reading);
  return { gain, offset: a.truth - gain * a.reading };
}
