/**
 * Telling objects from water. Streets flood at 18 cm/min at the most; people, cars and bags appear at once. What leaps
 * is not counted, but it is never dropped in silence: held long enough it is an alarm of its own, and once it moves like
 * water it counts. After a hole in the readings nothing shows that there was a leap: water that came meanwhile stands as
 * still as a car, so it is held back no longer than that.
 */
import { rateOf } from "./levels.js";
import { holeMs, type FloodSettings, type FloodState, type Point } from "./settings.js";

const MINUTE_MS = 60_000;
/** Two readings say less about a rate the further apart they are: beyond this the limit grows no more. */
const JUMP_MOST_MINUTES = 2;
const JUMP_LEAST_MINUTES = 0.5;
/** Back to within this of what was there before: the object has gone. */
const BACK_MM = 50;

function limitMm(from: Point, to: Point, settings: FloodSettings): number {
  const minutes = (to.time - from.time) / MINUTE_MS;
  return settings.jumpMmPerMin * Math.min(JUMP_MOST_MINUTES, Math.max(JUMP_LEAST_MINUTES, minutes));
}

/** Whether a reading leaps from the last counted one; a first reading is compared with a dry road. */
export function leaps(state: FloodState, now: Point, settings: FloodSettings): boolean {
  const before = state.recent[state.recent.length - 1];
  if (before === undefined) return now.depth > settings.jumpMmPerMin;
  return now.height - before.height > limitMm(before, now, settings);
}

/** A suspect stretch that begins now. Without a counted reading before it, it is compared with a dry road. */
function suspectFrom(state: FloodState, now: Point, settings: FloodSettings): NonNullable<FloodState["suspect"]> {
  const before = state.recent[state.recent.length - 1];
  const base = before ?? { ...now, depth: 0, height: now.height - now.depth };
  const fresh = before !== undefined && now.time - before.time < holeMs(settings);
  return { base, since: now.time, points: [now], ...(fresh ? {} : { unproven: true as const }) };
}

/**
 * The suspect stretch with one more reading. A hole within the stretch hides what happened in it as well: after it the
 * stretch begins anew and unproven, unless the object stood long enough before and is still as high.
 */
export function suspectWith(state: FloodState, now: Point, settings: FloodSettings) {
  const { suspect } = state;
  if (suspect === null) return suspectFrom(state, now, settings);
  const last = suspect.points[suspect.points.length - 1];
  if (suspect.unproven === true || now.time - last.time < holeMs(settings))
    return { ...suspect, points: [...suspect.points, now].slice(-8) };
  const stood = last.time - suspect.since >= settings.suspectS * 1000;
  if (suspect.unproven === undefined && stood && Math.abs(now.height - last.height) <= BACK_MM)
    return { ...suspect, points: [now] };
  return { base: suspect.base, since: now.time, points: [now], unproven: true as const };
}

/** Whether the object has gone: back to where it began, or fallen by more than half to what water could have reached. */
export function gone(suspect: NonNullable<FloodState["suspect"]>, now: Point, settings: FloodSettings): boolean {
  const { base, points } = suspect;
  const rise = now.height - base.height;
  if (rise <= BACK_MM) return true;
  const last = points[points.length - 1];
  return rise <= (last.height - base.height) / 2 && rise <= limitMm(base, now, settings);
}

/**
 * Whether suspect readings move like water: five or more, every one higher than the last, close to one line, faster
 * than melting snow. People sway both ways, cars stand still.
 */
export function movesLikeWater(points: Point[], settings: FloodSettings): boolean {
  const last = points.slice(-5);
  if (last.length < 5) return false;
  for (let i = 1; i < last.length; i++) {
    const step = last[i].height - last[i - 1].height;
    if (step < 2 || step > limitMm(last[i - 1], last[i], settings)) return false;
  }
  const rate = rateOf(last);
  if (rate === null || rate < settings.watchRateMmPerMin) return false;
  const total = last[last.length - 1].height - last[0].height;
  const offsets = last.map((p) => p.height - (rate * (p.time - last[0].time)) / MINUTE_MS).sort((a, b) => a - b);
  const middle = offsets[offsets.length >> 1];
  const worst = Math.max(middle - offsets[0], offsets[offsets.length - 1] - middle);
  return worst <= Math.max(10, 0.15 * total);
}

/**
 * Strikes a single high reading that came and went within one reading from a dry road (a blip): two such blips must not
 * make 2 of 3. Returns the readings without it, or null if there is none.
 */
export function withoutBlip(recent: Point[], now: Point, settings: FloodSettings): Point[] | null {
  if (recent.length < 2) return null;
  const high = recent[recent.length - 1];
  const before = recent[recent.length - 2];
  const jump = high.height - before.height;
  if (before.depth >= settings.wetOffMm || jump < settings.boxStepMm) return null;
  return now.height <= before.height + 0.3 * jump ? recent.slice(0, -1) : null;
}

/** Whether a reading is back at what was there before the box: the object has gone. */
export function boxGone(box: NonNullable<FloodState["box"]>, now: Point): boolean {
  return now.height - box.base.height <= Math.min(BACK_MM, 0.3 * (box.height - box.base.height));
}

/** The box that a counted reading begins, continues or (null) is no part of. */
export function boxAfter(state: FloodState, now: Point, settings: FloodSettings): FloodState["box"] {
  const before = state.recent[state.recent.length - 1];
  if (state.box !== null) {
    const tolerance = Math.max(8, 0.05 * (state.box.height - state.box.base.height));
    return Math.abs(now.height - state.box.height) <= tolerance ? state.box : null;
  }
  if (before === undefined || before.depth >= settings.wetOffMm) return null;
  if (now.height - before.height < settings.boxStepMm) return null;
  return { base: before, height: now.height, since: now.time };
}
