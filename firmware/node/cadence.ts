/**
 * How often a post that watches water measures: seldom while its road is dry, more often while water stands or it rains,
 * most often while water rises fast. What it decides on is rough on purpose: the hub alone judges depths and alarms.
 */
import type { Reading } from "../wire/pack.js";

/** What decides it, as the site type says (hardware/sites.ts, `sampling`) and the hub may set (settings.ts). */
export interface Pace {
  [name: string]: number;
}

export interface Cadence {
  /** Takes the readings of one sensor of the round. */
  see(readings: Reading[], uptimeMs: number): void;
  /** Seconds to the next round. */
  periodS(uptimeMs: number): number;
}

/** After a fast rise it stays fast for so long: rain comes in bursts. */
const FAST_MS = 300000;
/** A rise is measured over so long at least: in less, an echo sensor's own scatter would be one. */
const RISE_OVER_MS = 60000;
/**
 * The usual distance follows what is seen: up by so much a round, down by so much a minute (a car that parks, snow), and
 * for a time without sight as for this long at most.
 */
const UP_MM = 10;
const DOWN_MM_PER_MINUTE = 1;
const FOLLOWS_MS = 300000;

/**
 * @param pace  is read at every round: a setting counts from the next on. `zeroMm` is the distance to the dry road, 0 where
 *              nobody has said: then it is what the post has mostly seen.
 */
export function createCadence(pace: Pace): Cadence {
  /** The usual distance, and when it was seen last; 0 before the first. */
  let usualMm = 0;
  let usualMs = 0;
  /** Where the rise is measured from. */
  let fromMm = 0;
  let fromMs = 0;
  let rainCount = -1;
  /** When there was a sign of water last, and of a fast rise; long ago at first. */
  let wetMs = -Infinity;
  let fastMs = -Infinity;

  const follow = (mm: number, nowMs: number): void => {
    if (usualMm === 0) usualMm = mm;
    else if (mm > usualMm) usualMm += Math.min(UP_MM, mm - usualMm);
    else usualMm -= Math.min(usualMm - mm, (DOWN_MM_PER_MINUTE * Math.min(nowMs - usualMs, FOLLOWS_MS)) / 60000);
    usualMs = nowMs;
  };

  const distance = (mm: number, nowMs: number): void => {
    const dryMm = pace.zeroMm > 0 ? pace.zeroMm : usualMm;
    if (mm <= dryMm - pace.wetMm) wetMs = nowMs;
    follow(mm, nowMs);
    const overMs = nowMs - fromMs;
    const perMinute = ((fromMm - mm) * 60000) / Math.max(RISE_OVER_MS, overMs);
    if (fromMm > 0 && perMinute >= pace.fastMmPerMinute) {
      wetMs = nowMs;
      fastMs = nowMs;
    }
    if (fromMm === 0 || overMs >= RISE_OVER_MS) {
      fromMm = mm;
      fromMs = nowMs;
    }
  };

  return {
    see: (readings, nowMs) => {
      readings.forEach((reading) => {
        const name = reading.property.name;
        if (!reading.ok) {
          // What cannot be seen is not dry: a level that fails keeps the pace it had.
          if (name === "distance" && wetMs > -Infinity && nowMs - wetMs < 1000 * pace.dryAfterSeconds) wetMs = nowMs;
        } else if (name === "distance") distance(reading.value, nowMs);
        else if (name === "head" && reading.value >= pace.wetMm) wetMs = nowMs;
        else if (name === "float" && reading.value === 1) wetMs = nowMs;
        else if (name === "rain-count") {
          if (rainCount >= 0 && reading.value > rainCount) wetMs = nowMs;
          rainCount = reading.value;
        }
      });
    },
    periodS: (nowMs) => {
      if (nowMs - fastMs < FAST_MS) return pace.fastSeconds;
      return nowMs - wetMs < 1000 * pace.dryAfterSeconds ? pace.wetSeconds : pace.drySeconds;
    },
  };
}
