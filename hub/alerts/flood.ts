/**
 * Rule `flood`: the depth of water at the lowest point of a road. Levels 1 watch, 2 warning, 3 closure, 4 danger to
 * life; SUSPECT for what leaps or lies flat; UNKNOWN for a post that goes blind while wet; `sensor` for one of several
 * sensors that fails or contradicts the others. Missing data never clears.
 */
import { hear, onTick } from "./flood/blind.js";
import { copyOf } from "./flood/copy.js";
import { withoutFuture } from "./flood/future.js";
import { judge, looksLikeSnow, under } from "./flood/levels.js";
import { alone, backed, cameWith, compare, denied, hearSeconds, isOut, shortName, together } from "./flood/second.js";
import { FLOOD_DEFAULTS, FLOOD_START, holeMs, SECONDS, WINDOW_MS } from "./flood/settings.js";
import type { FloodSettings, FloodState, Point, SecondName } from "./flood/settings.js";
import { boxAfter, boxGone, gone, leaps, movesLikeWater, suspectWith, withoutBlip } from "./flood/suspect.js";
import { clearSuspect, lower, raiseSuspect, raiseTo, setLevel, type Work } from "./flood/work.js";
import type { Flag } from "../model.js";
import type { Rule, RuleInput, RuleReading } from "./rule.js";

const PULSES_MS = 15 * 60_000;
const HOUR_STEP_MS = 10 * 60_000;

/** Levels after a counted reading: up at once, down after the hold, never down on stale evidence. */
function relevel(work: Work, point: Point, before: Point | undefined): void {
  const { state, settings } = work;
  const judged = judge(state.recent, settings, !denied(state, point, settings));
  if (judged.level > state.level) {
    // What has been judged to be water stays water, and frost never holds back a closure.
    const doubtful = state.level === 0 && judged.level < 3;
    if (doubtful && looksLikeSnow(state, judged, settings, point)) raiseSuspect(work, point, "snow", 0);
    else setLevel(work, judged.level, judged, point, judged.reason);
  }
  const gapMs = holeMs(settings);
  state.wet = state.wet || point.depth >= settings.wetOnMm;
  state.drySince = state.wet ? under(state.drySince, before, point, settings.wetOffMm, gapMs) : null;
  if (state.drySince !== null && point.time - state.drySince >= settings.holdS * 1000) {
    state.wet = false;
    state.drySince = null;
  }
  if (state.level === 0) return;
  state.belowSince = under(state.belowSince, before, point, settings.offMm[state.level - 1], gapMs);
  lower(work, judged, point);
}

/** A reading that is believed. */
function count(work: Work, point: Point): void {
  const { state, settings } = work;
  const before = state.recent[state.recent.length - 1];
  state.recent = state.recent.filter((p) => point.time - p.time <= WINDOW_MS);
  const clean = withoutBlip(state.recent, point, settings);
  if (clean !== null) {
    state.recent = clean;
    state.pulses.push(point.time);
    state.box = null;
  }
  // A box that has gone was never water; one that moves was water all along, and its readings count after all.
  if (state.box !== null && boxGone(state.box, point)) {
    state.recent = state.recent.filter((p) => p.box === undefined);
    if (point.time - state.box.since < settings.suspectS * 1000) state.pulses.push(point.time);
    state.box = null;
  } else state.box = boxAfter(state, point, settings);
  if (state.box === null) for (const p of state.recent) delete p.box;
  else point.box = true;
  state.recent = [...state.recent, point].slice(-5);
  state.pulses = state.pulses.filter((time) => point.time - time <= PULSES_MS);
  state.calm++;
  relevel(work, point, before);
  const last = state.hour[state.hour.length - 1];
  if (last === undefined || point.time - last.time >= HOUR_STEP_MS)
    state.hour = [...state.hour, { time: point.time, depth: point.depth }].slice(-8);

  const box = state.box;
  if (box !== null && point.time - box.since >= settings.suspectS * 1000)
    raiseSuspect(work, point, "flat", box.base.depth);
  else if (state.pulses.length >= 3) raiseSuspect(work, point, "pulse-chain", 0);
  else if (state.suspectRaised === "snow") {
    if (point.depth < settings.wetOffMm || state.level > 0) clearSuspect(work, point, "gone");
  } else if (box === null && state.calm >= 2) clearSuspect(work, point, "gone");
}

/** A reading that leaps, or that the quality tests doubt. */
function doubt(work: Work, point: Point): void {
  const { state, settings } = work;
  const suspect = suspectWith(state, point, settings);
  state.suspect = suspect;
  state.calm = 0;
  if (movesLikeWater(suspect.points, settings) || cameWith(state, suspect.base, point.time)) {
    clearSuspect(work, point, "moves-like-water");
    state.recent = suspect.points.slice(-5);
    state.suspect = null;
    state.proven = true;
    state.box = null;
    relevel(work, point, undefined);
    return;
  }
  if (point.time - suspect.since < settings.suspectS * 1000) return;
  raiseSuspect(work, point, "jump", suspect.base.depth);
  if (suspect.unproven === true || backed(state, point.time, settings)) {
    // Like a flat box: held back from levels 1 and 2, from 3 and 4 only where a second principle denies it.
    const flat = suspect.points.map((p): Point => ({ ...p, box: true }));
    const judged = judge(flat, settings, !denied(state, point, settings));
    if (judged.level > state.level) setLevel(work, judged.level, judged, point, judged.reason);
  }
  if (suspect.base.depth >= settings.wetOnMm && state.level < 2) {
    raiseTo(work, { level: 2, depth: point.depth }, point, "suspect-while-wet");
  }
}

/** The echo's part of a pack, if it is usable. */
function echoOf({ state, settings }: Work, readings: RuleReading[]): { point: Point; flag: Flag } | null {
  const depth = readings.find((r) => r.property === "water-depth");
  if (depth === undefined || (state.newest !== null && depth.time <= state.newest)) return null;
  if (isOut("water-depth", settings)) return null;
  state.newest = depth.time;
  const air = readings.find((r) => r.property === "temperature");
  if (air !== undefined) state.airC = air.value !== null && air.flag <= 2 ? air.value : null;
  if (depth.value === null || depth.flag > 3) return null;
  const distance = readings.find((r) => r.property === "distance");
  const height = distance !== undefined && distance.value !== null ? -distance.value : depth.value;
  state.heard = depth.time;
  return { point: { time: depth.time, depth: depth.value, height, entry: depth.entry }, flag: depth.flag };
}

/** A usable reading of the echo: counted, or doubted. */
function weigh(work: Work, point: Point, flag: Flag): void {
  const { state, settings } = work;
  if (flag === 3) {
    if (point.depth < settings.onMm[0]) return;
    if (state.proven && !leaps(state, point, settings)) count(work, point);
    else doubt(work, point);
    return;
  }
  state.proven = false;
  if (state.suspect !== null) {
    if (!gone(state.suspect, point, settings)) return doubt(work, point);
    if (point.time - state.suspect.since < settings.suspectS * 1000) state.pulses.push(point.time);
    state.suspect = null;
    return count(work, point);
  }
  if (leaps(state, point, settings)) doubt(work, point);
  else count(work, point);
}

/** What a second principle says alone. */
function weighSecond(work: Work, name: SecondName, point: Point): void {
  const { state, settings } = work;
  const found = alone(state, name, settings);
  if (found !== null) raiseTo(work, found, point, `${shortName(name)}-${found.reason}`);
  const judged = { reason: "", depth: point.depth, rate: null, eta: null };
  if (isOut("water-depth", settings)) lower(work, judged, point);
}

function onPack(work: Work, readings: RuleReading[]): void {
  const { state, settings } = work;
  const told = hearSeconds(state, readings, settings);
  const echo = echoOf(work, readings);
  const points = [...(echo === null ? [] : [echo.point]), ...told.map(([, point]) => point)];
  if (points.length === 0) return;
  for (const point of points) hear(work, point);
  raiseTo(work, together(state, points[0].time, echo?.point, settings), points[0], "together");
  if (echo !== null) {
    weigh(work, echo.point, echo.flag);
    const believed = state.recent.at(-1);
    if (believed?.time === echo.point.time && believed.box === undefined) compare(state, echo.point, settings);
  }
  for (const [name, point] of told) weighSecond(work, name, point);
}

function step(stored: FloodState, input: RuleInput, settings: FloodSettings) {
  const before = withoutFuture(stored, input.now);
  if (input.type === "tick") return onTick(before, input, settings);
  const work: Work = { state: copyOf(before), events: [], settings, now: input.now };
  onPack(work, input.readings);
  return { state: work.state, events: work.events };
}

export const flood: Rule<FloodState, FloodSettings> = {
  name: "flood",
  properties: ["water-depth", "distance", "temperature", ...SECONDS],
  defaults: FLOOD_DEFAULTS,
  initial: () => copyOf(FLOOD_START),
  step,
};
