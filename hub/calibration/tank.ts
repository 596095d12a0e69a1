/** Volumes of vessels by the height of what is in them. Heights and lengths in mm, volumes in litres (1 dm³). */
import { z } from "zod";
import { interpolate, points } from "./table.js";
import { positive } from "./model.js";

const MM3_PER_LITRE = 1e6;

/** A vessel that stands on its bottom. Measures are inner ones. */
export const tank = z.discriminatedUnion("shape", [
  z.strictObject({ shape: z.literal("box"), heightMm: positive, lengthMm: positive, widthMm: positive }),
  z.strictObject({ shape: z.literal("vertical-cylinder"), heightMm: positive, radiusMm: positive }),
  z.strictObject({ shape: z.literal("horizontal-cylinder"), lengthMm: positive, radiusMm: positive }),
  z.strictObject({ shape: z.literal("sphere"), radiusMm: positive }),
  /** Apex down. */
  z.strictObject({ shape: z.literal("cone"), heightMm: positive, radiusMm: positive }),
  /** A cone without its tip, or a bucket: round, with different radii at the bottom and at the top. */
  z.strictObject({
    shape: z.literal("frustum"),
    heightMm: positive,
    bottomRadiusMm: positive,
    topRadiusMm: positive,
  }),
  /** Anything else, measured: litres at rising heights, the first at 0 mm, the last full. Straight lines between. */
  z.strictObject({
    shape: z.literal("table"),
    points: points.refine((p) => p[0]?.[0] === 0 && p[0][1] === 0, "must begin with [0, 0]"),
  }),
]);

export type Tank = z.infer<typeof tank>;

/** Height at which the vessel is full, in mm. */
export function fullHeightMm(t: Tank): number {
  switch (t.shape) {
    case "horizontal-cylinder":
    case "sphere":
      return 2 * t.radiusMm;
    case "table":
      return t.points[t.points.length - 1]![0];
    default:
      return t.heightMm;
  }
}

/** A lying cylinder: its length times the segment of the circle below the surface. */
function lying(length: number, r: number, h: number): number {
  return length * (r * r * Math.acos((r - h) / r) - (r - h) * Math.sqrt(Math.max(0, 2 * r * h - h * h)));
}

function frustum(height: number, bottom: number, top: number, h: number): number {
  const radius = bottom + ((top - bottom) * h) / height;
  return ((Math.PI * h) / 3) * (bottom * bottom + bottom * radius + radius * radius);
}

/** Volume below `heightMm` in litres; the height is taken as 0 below the bottom and as full above the top. */
export function volumeL(t: Tank, heightMm: number): number {
  const h = Math.min(Math.max(heightMm, 0), fullHeightMm(t));
  switch (t.shape) {
    case "box":
      return (t.lengthMm * t.widthMm * h) / MM3_PER_LITRE;
    case "vertical-cylinder":
      return (Math.PI * t.radiusMm ** 2 * h) / MM3_PER_LITRE;
    case "horizontal-cylinder":
      return lying(t.lengthMm, t.radiusMm, h) / MM3_PER_LITRE;
    case "sphere":
      return (Math.PI * h * h * (3 * t.radiusMm - h)) / 3 / MM3_PER_LITRE;
    case "cone":
      return ((Math.PI / 3) * (t.radiusMm / t.heightMm) ** 2 * h ** 3) / MM3_PER_LITRE;
    case "frustum":
      return frustum(t.heightMm, t.bottomRadiusMm, t.topRadiusMm, h) / MM3_PER_LITRE;
    case "table":
      return interpolate(t.points, h);
  }
}
