/** What the rule does not see: a post that goes blind, one that has one eye left, and two that contradict each other. */
import type { UnixMs } from "../../model.js";
import type { RuleEvent } from "../rule.js";
import { isOut, secondsOf, shortName } from "./second.js";
import type { FloodSettings, FloodState, Point } from "./settings.js";
import { emit, type Work } from "./work.js";

function wetLike(state: FloodState): boolean {
  return state.level >= 1 || state.wet || state.suspect !== null;
}

function periodsMs(count: number, settings: FloodSettings): number {
  return count * settings.cadenceS * 1000;
}

function blindAfterMs(state: FloodState, settings: FloodSettings): number {
  return periodsMs(wetLike(state) ? 2 : 3, settings);
}

/**
 * When the post was last seen by. On a wet road only what measures counts: a float does not say how deep the water is. One
 * that is denied, or has given no reading yet, sees nothing.
 */
function seenAt(state: FloodState): UnixMs | null {
  let seen = state.heard;
  for (const [name, { denied, recent }] of secondsOf(state)) {
    const last = recent[recent.length - 1];
    if (denied || last === undefined || (name === "water-depth-float" && wetLike(state))) continue;
    if (seen === null || last.time > seen) seen = last.time;
  }
  return seen;
}

/** A usable reading has come. */
export function hear(work: Work, point: Point): void {
  const { state, settings } = work;
  const seen = seenAt(state);
  if (state.blind === null || seen === null || work.now - seen > blindAfterMs(state, settings)) return;
  const figures = { depthMm: Math.round(point.depth) };
  emit(work, point, { kind: state.blind, action: "clear", level: 0, reason: "heard", figures });
  state.blind = null;
}

type Tick = { now: UnixMs; since?: UnixMs };

/** Whether the post has gone blind since it was heard; null if not. */
function blindness(state: FloodState, { now, since }: Tick, settings: FloodSettings): RuleEvent | null {
  const seen = seenAt(state);
  if (seen === null || state.blind !== null) return null;
  if (now - Math.max(seen, since ?? seen) <= blindAfterMs(state, settings)) return null;
  const kind = wetLike(state) ? ("unknown" as const) : ("silent" as const);
  const last = (state.suspect?.points ?? state.recent).at(-1);
  const figures: Record<string, number> = { ageMinutes: Math.round((now - seen) / 60_000), level: state.level };
  if (last !== undefined) figures.depthMm = Math.round(last.depth);
  const faulty = state.newest !== null && state.newest > seen;
  const reason = (faulty ? "no-valid-reading" : "silent") + (kind === "unknown" ? "-while-wet" : "");
  return { kind, action: "raise", level: 0, reason, figures, time: now, entry: null };
}

/** What is wrong with the site's sensors while one of them still sees, by reason, and since when. */
function troubles(state: FloodState, { now, since }: Tick, settings: FloodSettings): Map<string, UnixMs> {
  const found = new Map<string, UnixMs>();
  const seconds = secondsOf(state);
  const heard: [string, UnixMs][] = seconds.map(([name, second]) => [shortName(name), second.heard]);
  if (!isOut("water-depth", settings)) heard.unshift(["echo", state.heard ?? Math.min(...heard.map(([, at]) => at))]);
  const missing = heard.filter(([, at]) => now - Math.max(at, since ?? at) > periodsMs(3, settings));
  // Where none is heard any more it is the post that is silent, and that has an alarm of its own.
  if (missing.length < heard.length) for (const [name, at] of missing) found.set(`${name}-missing`, at);
  for (const [name, { apart }] of seconds)
    if (apart !== null && apart.until - apart.since >= settings.apartS * 1000)
      found.set(`${shortName(name)}-contradicts`, apart.since);
  return found;
}

/** The alarm `sensor`: one at a time, told anew only when it is over. The state is changed. */
function tellTrouble(state: FloodState, tick: Tick, settings: FloodSettings): RuleEvent[] {
  const found = troubles(state, tick, settings);
  const told = state.trouble;
  if (told !== undefined && found.has(told)) return [];
  const event = (action: "raise" | "clear", reason: string, since: UnixMs): RuleEvent => ({
    ...{ kind: "sensor", action, level: 0, reason, time: tick.now, entry: null },
    figures: { ageMinutes: Math.round((tick.now - since) / 60_000) },
  });
  delete state.trouble;
  const events = told === undefined ? [] : [event("clear", told, tick.now)];
  for (const [reason, since] of found) {
    state.trouble = reason;
    return [...events, event("raise", reason, since)];
  }
  return events;
}

/** Time has passed: what is not seen any more? (The state is copied only where there is something: this runs every second.) */
export function onTick(before: FloodState, tick: Tick, settings: FloodSettings) {
  const event = blindness(before, tick, settings);
  const state = event === null ? before : { ...before, blind: event.kind as "unknown" | "silent" };
  const events = event === null ? [] : [event];
  if (before.seconds === undefined) return { state, events };
  const next = { ...state };
  events.push(...tellTrouble(next, tick, settings));
  return { state: events.length === 0 ? before : next, events };
}
