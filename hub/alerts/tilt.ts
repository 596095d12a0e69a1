/**
 * Rule `tilt`: a post that was struck, or a container that was knocked over, measures on, and what it says is plausible
 * and wrong. The accelerometer is compared with what it said when the post was mounted; how far it may depart from that
 * is the mounting's own figure (`tiltMaxDeg` in hardware/mounts). A matter for a technician, never a flood.
 */
import type { UnixMs } from "../model.js";
import { ahead } from "../newest.js";
import type { Rule, RuleEvent, RuleInput } from "./rule.js";

export interface TiltState {
  /** Newest reading looked at, good or bad: older ones are ignored. */
  newest: UnixMs | null;
  raised: boolean;
  /** The latest readings in a row that speak for a change: beyond the limit, or, while raised, upright again. */
  run: { since: UnixMs; until: UnixMs; count: number } | null;
}

export interface TiltSettings {
  cadenceS: number;
  /** What the accelerometer said when the post had been mounted and stood as it should. Set by a person, per site. */
  uprightDeg: number;
  /** Set by the hub, from the mounting data of the site's type. 180, where none says so, is never exceeded. */
  tiltMaxDeg: number;
  /** Upright again is this much nearer than the limit: the error of the part, so that it does not come and go. */
  tiltBackDeg: number;
  /** So many readings in a row, over at least `tiltHoldS`, raise and clear: nobody leans on a post for that long. */
  tiltReadings: number;
  tiltHoldS: number;
}

/** The state without what was remembered of the future (see ../newest.ts); an alarm stands until readings clear it. */
function withoutFuture(state: TiltState, now: UnixMs): TiltState {
  if (!ahead(state.newest, now) && !ahead(state.run?.until ?? null, now)) return state;
  return { newest: null, raised: state.raised, run: null };
}

const rounded = (degrees: number): number => Math.round(degrees * 10) / 10;

function step(stored: TiltState, input: RuleInput, settings: TiltSettings) {
  const before = withoutFuture(stored, input.now);
  const events: RuleEvent[] = [];
  const done = (state: TiltState) => ({ state, events });
  if (input.type === "tick") return done(before);
  const reading = input.readings.find((r) => r.property === "tilt");
  if (reading === undefined || (before.newest !== null && reading.time <= before.newest)) return done(before);
  const { time, entry, value } = reading;
  const state: TiltState = { ...before, newest: time };
  // Quality doubts (3) what is beyond 90°. It is right to, and that is a container on its head.
  if (value === null || reading.flag > 3) return done(state);

  const { raised, run } = before;
  const holeMs = 3 * settings.cadenceS * 1000;
  const stale = input.now - time > holeMs;
  const leanDeg = Math.abs(value - settings.uprightDeg);
  const speaks = raised
    ? !stale && leanDeg <= settings.tiltMaxDeg - settings.tiltBackDeg
    : leanDeg > settings.tiltMaxDeg;
  // Across a hole nobody knows that it stood upright; but what lies on its antenna is heard seldom, and is to be told.
  const goesOn = run !== null && (!raised || time - run.until <= holeMs);
  state.run = speaks ? { since: goesOn ? run.since : time, until: time, count: goesOn ? run.count + 1 : 1 } : null;
  if (state.run === null || state.run.count < settings.tiltReadings) return done(state);
  if (time - state.run.since < settings.tiltHoldS * 1000) return done(state);

  const figures: RuleEvent["figures"] = { leanDeg: rounded(leanDeg), limitDeg: settings.tiltMaxDeg };
  if (stale) figures.ageMinutes = Math.round((input.now - time) / 60_000);
  const reason = raised ? "upright" : stale ? "stale:leans" : "leans";
  events.push({ kind: "tilt", action: raised ? "clear" : "raise", level: 0, reason, figures, time, entry });
  return done({ ...state, raised: !raised, run: null });
}

export const tilt: Rule<TiltState, TiltSettings> = {
  name: "tilt",
  properties: ["tilt"],
  defaults: { cadenceS: 300, uprightDeg: 0, tiltMaxDeg: 180, tiltBackDeg: 1, tiltReadings: 3, tiltHoldS: 1800 },
  initial: () => ({ newest: null, raised: false, run: null }),
  step,
};
