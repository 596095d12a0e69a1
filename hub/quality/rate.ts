import type { Flag } from "../model.js";

export interface Point {
  time: number;
  value: number;
}

/**
 * QARTOD rate of change test: 3 when the value moved faster than `perMinute` since the point before. Live data and
 * whole series use the same form, because it looks back only. Without a point before, or at the same instant, it is
 * not evaluated (2).
 * @param perMinute  largest believable change, in units per minute
 */
export function rateOfChange(before: Point | undefined, point: Point, perMinute: number): Flag {
  if (before === undefined || point.time <= before.time) return 2;
  const minutes = (point.time - before.time) / 60_000;
  return Math.abs(point.value - before.value) > perMinute * minutes ? 3 : 1;
}
