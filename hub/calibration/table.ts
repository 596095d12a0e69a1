import { z } from "zod";
import { number } from "./model.js";

/** A table of [x, y]: at least two rows, x rising, y not falling. */
export const points = z
  .array(z.tuple([number, number]))
  .min(2)
  .refine((p) => p.every(([x], i) => i === 0 || x > p[i - 1]![0]), "the first column must rise from row to row")
  .refine((p) => p.every(([, y], i) => i === 0 || y >= p[i - 1]![1]), "the second column must not fall");

/** On straight lines between the rows; at the table's ends beyond them. */
export function interpolate(table: [number, number][], x: number): number {
  const above = table.findIndex(([at]) => at >= x);
  if (above === 0) return table[0]![1];
  if (above < 0) return table[table.length - 1]![1];
  const [x0, y0] = table[above - 1]!;
  const [x1, y1] = table[above]!;
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
