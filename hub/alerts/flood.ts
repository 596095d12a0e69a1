/**
 * Rule `flood`: the depth of water at the lowest point of a road. Levels 1 watch, 2 warning, 3 closure, 4 danger to
 * life; SUSPECT for what leaps or lies flat; UNKNOWN for a post that goes blind while wet. Missing data never clears.
 */
import { withoutFuture } from "./flood/future.js";
import { judge, looksLikeSnow, off, under, type Judged } from "./flood/levels.js";
import { FLOOD_DEFAULTS, FLOOD_START, holeMs, WINDOW_MS } from "./flood/settings.js";
import type { FloodSettings, FloodState, Point } from "./flood/settings.js";
import { boxAfter, boxGone, gone, leaps, movesLikeWater, suspectWith, withoutBlip } from "./flood/suspect.js";
import type { Level, Rule, RuleEvent, RuleInput, RuleReading } from "./rule.js";

const PULSES_MS = 15 * 60_000;
const HOUR_STEP_MS = 10 * 60_000;

/** One step's work: the state as it becomes, and what happened. */
interface Work {
  state: FloodState;
  events: RuleEvent[];
  settings: FloodSettings;
  now: number;
}

function wetLike(state: FloodState): boolean {
  return state.level >= 1 || state.wet || state.suspect !== null;
}

function blindAfterMs(state: FloodState, settings: FloodSettings): number {
  return (wetLike(state) ? 2 : 3) * settings.cadenceS * 1000;
}

function emit(work: Work, point: Point, event: Pick<RuleEvent, "kind" | "action" | "level" | "reason" | "figures">) {
  const ageMs = work.now - point.time;
  const stale = ageMs > work.settings.maxAgeS * 1000;
  const reason = stale ? "stale:" + event.reason : event.reason;
  const figures = stale ? { ...event.figures, ageMinutes: Math.round(ageMs / 60_000) } : event.figures;
  work.events.push({ ...event, reason, figures, time: point.time, entry: point.entry });
}

function raiseSuspect(work: Work, point: Point, reason: string, baseDepth: number): void {
  if (work.state.suspectRaised !== null) return;
  work.state.suspectRaised = reason;
  const figures = { depthMm: Math.round(point.depth), jumpMm: Math.round(point.depth - baseDepth) };
  emit(work, point, { kind: "suspect", action: "raise", level: 0, reason, figures });
}

function clearSuspect(work: Work, point: Point, reason: string): void {
  if (work.state.suspectRaised === null) return;
  work.state.suspectRaised = null;
  emit(work, point, {
    kind: "suspect",
    action: "clear",
    level: 0,
    reason,
    figures: { depthMm: Math.round(point.depth) },
  });
}

function setLevel(work: Work, level: Level, judged: Judged, point: Point, reason: string): void {
  const figures: Record<string, number> = { depthMm: Math.round(judged.depth) };
  if (judged.rate !== null) figures.rateMmPerMin = Math.round(judged.rate);
  if (judged.eta !== null) figures.etaMinutes = Math.max(1, Math.round(judged.eta));
  if (level === 0) figures.belowMm = work.settings.offMm[work.state.level - 1];
  work.state.level = level;
  work.state.belowSince = null;
  emit(work, point, { kind: "flood", action: level === 0 ? "clear" : "raise", level, reason, figures });
}

/** Levels after a counted reading: up at once, down after the hold, never down on stale evidence. */
function relevel(work: Work, point: Point, before: Point | undefined): void {
  const { state, settings } = work;
  const judged = judge(state.recent, settings);
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
  const held = state.belowSince !== null && point.time - state.belowSince >= settings.holdS * 1000;
  if (held && work.now - point.time <= settings.maxAgeS * 1000)
    setLevel(work, off(state.level), judged, point, "below-held");
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
  if (movesLikeWater(suspect.points, settings)) {
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
  if (suspect.unproven === true) {
    // Like a flat box: held back from levels 1 and 2, never from 3 and 4.
    const flat = suspect.points.map((p): Point => ({ ...p, box: true }));
    const judged = judge(flat, settings);
    if (judged.level > state.level) setLevel(work, judged.level, judged, point, judged.reason);
  }
  if (suspect.base.depth >= settings.wetOnMm && state.level < 2) {
    const judged: Judged = { level: 2, reason: "", depth: point.depth, rate: null, eta: null };
    setLevel(work, 2, judged, point, "suspect-while-wet");
  }
}

function hear(work: Work, point: Point): void {
  const { state, settings } = work;
  state.heard = point.time;
  if (state.blind === null || work.now - point.time > blindAfterMs(state, settings)) return;
  const figures = { depthMm: Math.round(point.depth) };
  emit(work, point, { kind: state.blind, action: "clear", level: 0, reason: "heard", figures });
  state.blind = null;
}

function onPack(work: Work, readings: RuleReading[]): void {
  const { state, settings } = work;
  const depth = readings.find((r) => r.property === "water-depth");
  if (depth === undefined || (state.newest !== null && depth.time <= state.newest)) return;
  state.newest = depth.time;
  const air = readings.find((r) => r.property === "temperature");
  if (air !== undefined) state.airC = air.value !== null && air.flag <= 2 ? air.value : null;
  if (depth.value === null || depth.flag > 3) return;
  const distance = readings.find((r) => r.property === "distance");
  const height = distance !== undefined && distance.value !== null ? -distance.value : depth.value;
  const point: Point = { time: depth.time, depth: depth.value, height, entry: depth.entry };
  hear(work, point);
  if (depth.flag === 3) {
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

/** Time has passed: is the post blind? (The state is copied only if it is: this runs for every post, every second.) */
function onTick(before: FloodState, input: { now: number; since?: number }, settings: FloodSettings) {
  const { heard } = before;
  const quiet = { state: before, events: [] };
  if (heard === null || before.blind !== null) return quiet;
  if (input.now - Math.max(heard, input.since ?? heard) <= blindAfterMs(before, settings)) return quiet;
  const kind = wetLike(before) ? ("unknown" as const) : ("silent" as const);
  const last = (before.suspect?.points ?? before.recent).at(-1);
  const figures: Record<string, number> = { ageMinutes: Math.round((input.now - heard) / 60_000), level: before.level };
  if (last !== undefined) figures.depthMm = Math.round(last.depth);
  const faulty = before.newest !== null && before.newest > heard;
  const reason = (faulty ? "no-valid-reading" : "silent") + (kind === "unknown" ? "-while-wet" : "");
  const event: RuleEvent = { kind, action: "raise", level: 0, reason, figures, time: input.now, entry: null };
  return { state: { ...before, blind: kind }, events: [event] };
}

function step(stored: FloodState, input: RuleInput, settings: FloodSettings) {
  const before = withoutFuture(stored, input.now);
  if (input.type === "tick") return onTick(before, input, settings);
  const work: Work = { state: structuredClone(before), events: [], settings, now: input.now };
  onPack(work, input.readings);
  return { state: work.state, events: work.events };
}

export const flood: Rule<FloodState, FloodSettings> = {
  name: "flood",
  properties: ["water-depth", "distance", "temperature"],
  defaults: FLOOD_DEFAULTS,
  initial: () => structuredClone(FLOOD_START),
  step,
};
