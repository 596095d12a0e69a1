/** Levels of a flood from counted readings: 2 of 3, rate, forecast, hysteresis. All pure. */
import type { UnixMs } from "../../model.js";
import type { Level } from "../rule.js";
import { type FloodSettings, type FloodState, type Point } from "./settings.js";

const MINUTE_MS = 60_000;
/** Shortest stretch of time that gives a rate. */
const RATE_SPAN_MS = 3 * MINUTE_MS;

/**
 * Rate of rise in mm/min: the median of the slopes between all pairs of points (Theil 1950, Sen 1968), which one bad
 * reading cannot bend. Null for fewer than three points, or less than three minutes of them.
 */
export function rateOf(points: Point[]): number | null {
  if (points.length < 3 || points[points.length - 1].time - points[0].time < RATE_SPAN_MS) return null;
  const slopes: number[] = [];
  for (let i = 0; i < points.length; i++)
    for (let j = i + 1; j < points.length; j++)
      slopes.push(((points[j].height - points[i].height) * MINUTE_MS) / (points[j].time - points[i].time));
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  return slopes.length % 2 === 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2;
}

export interface Judged {
  level: Level;
  reason: string;
  depth: number;
  rate: number | null;
  /** Minutes to the closing depth at this rate; null when it does not rise, or is past it. */
  eta: number | null;
}

/**
 * The level that the counted readings alone would raise. It never lowers one: see {@link off}.
 * @param flat  whether readings of a flat box count for levels 3 and 4
 */
export function judge(recent: Point[], settings: FloodSettings, flat = true): Judged {
  const newest = recent[recent.length - 1];
  const three = recent.slice(-3);
  const of3 = (mm: number, boxes: boolean): boolean =>
    three.filter((p) => p.depth >= mm && (boxes || p.box === undefined)).length >= 2;
  const rate = recent.some((p) => p.box !== undefined) ? null : rateOf(recent);
  const closing = settings.onMm[2];
  const eta = rate !== null && rate > 0 && newest.depth < closing ? (closing - newest.depth) / rate : null;
  const found = (level: Level, reason: string): Judged => ({ level, reason, depth: newest.depth, rate, eta });

  if (of3(settings.onMm[3], flat)) return found(4, "depth-2-of-3");
  if (of3(closing, flat)) {
    const fast = rate !== null && rate >= settings.lifeRateMmPerMin && newest.depth >= closing;
    return fast ? found(4, "rising-fast") : found(3, "depth-2-of-3");
  }
  if (of3(settings.onMm[1], false)) return found(2, "depth-2-of-3");
  const wet = newest.depth >= settings.wetOnMm && newest.box === undefined;
  if (wet && eta !== null && eta <= settings.forecastMinutes) return found(2, "forecast");
  if (of3(settings.onMm[0], false)) return found(1, "depth-2-of-3");
  if (wet && rate !== null && rate >= settings.watchRateMmPerMin) return found(1, "rising");
  return found(0, "none");
}

/**
 * Since when the counted readings have been under a mark: restarted by a reading above it, and by a hole in the
 * readings (missing data proves nothing).
 */
export function under(
  since: UnixMs | null,
  before: Pick<Point, "time"> | undefined,
  now: Pick<Point, "time" | "depth">,
  mm: number,
  gapMs: number,
): UnixMs | null {
  if (now.depth >= mm) return null;
  const hole = before === undefined || now.time - before.time > gapMs;
  return since === null || hole ? now.time : since;
}

/** The level that remains once the off mark has been held: one step down from 2, nothing from the others. */
export function off(level: Level): Level {
  return level === 2 ? 1 : 0;
}

/** Snow or ice: freezing air, and a rise slower than melt or rain makes over the last hour. */
export function looksLikeSnow(state: FloodState, judged: Judged, settings: FloodSettings, now: Point): boolean {
  if (state.airC === null || state.airC >= settings.snowBelowC) return false;
  if (judged.rate !== null && judged.rate > settings.watchRateMmPerMin) return false;
  const past = state.hour.find((h) => now.time - h.time <= 75 * MINUTE_MS && now.time - h.time >= 40 * MINUTE_MS);
  if (past === undefined) return false;
  const hours = (now.time - past.time) / (60 * MINUTE_MS);
  return (now.depth - past.depth) / hours < settings.snowMmPerHour;
}
