/** One step of the rule at work: its state as it becomes, and what it says. */
import type { UnixMs } from "../../model.js";
import type { Level, RuleEvent } from "../rule.js";
import { off, type Judged } from "./levels.js";
import { letGo, secondsOf } from "./second.js";
import type { FloodSettings, FloodState, Point } from "./settings.js";

/** One step's work: the state as it becomes, and what happened. */
export interface Work {
  state: FloodState;
  events: RuleEvent[];
  settings: FloodSettings;
  now: UnixMs;
}

type Said = Pick<RuleEvent, "kind" | "action" | "level" | "reason" | "figures">;

/** Says it of the reading that decided; old evidence is called stale. */
export function emit(work: Work, point: Point, event: Said): void {
  const ageMs = work.now - point.time;
  const stale = ageMs > work.settings.maxAgeS * 1000;
  const reason = stale ? "stale:" + event.reason : event.reason;
  const figures = stale ? { ...event.figures, ageMinutes: Math.round(ageMs / 60_000) } : event.figures;
  work.events.push({ ...event, reason, figures, time: point.time, entry: point.entry });
}

export function raiseSuspect(work: Work, point: Point, reason: string, baseDepth: number): void {
  if (work.state.suspectRaised !== null) return;
  work.state.suspectRaised = reason;
  const figures = { depthMm: Math.round(point.depth), jumpMm: Math.round(point.depth - baseDepth) };
  emit(work, point, { kind: "suspect", action: "raise", level: 0, reason, figures });
}

export function clearSuspect(work: Work, point: Point, reason: string): void {
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

export function setLevel(work: Work, level: Level, judged: Omit<Judged, "level">, point: Point, reason: string): void {
  const figures: Record<string, number> = { depthMm: Math.round(judged.depth) };
  if (judged.rate !== null) figures.rateMmPerMin = Math.round(judged.rate);
  if (judged.eta !== null) figures.etaMinutes = Math.max(1, Math.round(judged.eta));
  if (level === 0) figures.belowMm = work.settings.offMm[work.state.level - 1];
  work.state.level = level;
  work.state.belowSince = null;
  for (const [, second] of secondsOf(work.state)) second.belowSince = null;
  emit(work, point, { kind: "flood", action: level === 0 ? "clear" : "raise", level, reason, figures });
}

/** Raises to a level by something else than the echo's own course; a level that stands is never lowered by it. */
export function raiseTo(work: Work, found: { level: Level; depth: number }, point: Point, reason: string): void {
  if (found.level <= work.state.level) return;
  setLevel(work, found.level, { reason, depth: found.depth, rate: null, eta: null }, point, reason);
}

/** Lets the level go where all principles have been under its off mark for the hold time; never on stale evidence. */
export function lower(work: Work, judged: Omit<Judged, "level">, point: Point): void {
  const { state, settings } = work;
  if (state.level === 0 || work.now - point.time > settings.maxAgeS * 1000) return;
  const held = state.belowSince !== null && point.time - state.belowSince >= settings.holdS * 1000;
  if (!held && settings.echoOut < 1) return;
  const reason = letGo(state, point.time, settings);
  if (reason !== null) setLevel(work, off(state.level), judged, point, reason);
}
