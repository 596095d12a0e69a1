/**
 * Rule `overflow`: a waste container that is full. Raised by 95 % for two hours, or by a flat top in daytime (the
 * sensor's dead zone hides the last centimetres); cleared only by an emptying, never by a lower reading alone: heaps
 * settle, and a spike is not a collection.
 */
import type { UnixMs } from "../model.js";
import { ahead } from "../newest.js";
import type { Rule, RuleEvent, RuleInput } from "./rule.js";

export interface OverflowState {
  newest: UnixMs | null;
  /** Since when every counted reading stood at or above `fullPercent`. */
  fullSince: UnixMs | null;
  /** The last four counted readings. */
  recent: { time: UnixMs; fill: number }[];
  raised: boolean;
  /** Fill before a drop that may be an emptying, until the next reading confirms it. */
  dropFrom: number | null;
}

export interface OverflowSettings {
  cadenceS: number;
  fullPercent: number;
  fullHoldS: number;
  /** A flat top lies at or above this … */
  topPercent: number;
  /** … within this many points over four readings … */
  topTolerance: number;
  /** … between these hours of Almaty's clock. */
  dayFromHour: number;
  dayToHour: number;
  /** An emptying drops at least this many points, and to at most `emptyTo` of what was there before. */
  emptyDrop: number;
  emptyTo: number;
}

const HOUR_MS = 3_600_000;
/** Asia/Almaty is UTC+5 all year since 2024-03-01; old time zone tables still say +6, so they are not asked. */
const ALMATY_MS = 5 * HOUR_MS;

function flatTop(recent: OverflowState["recent"], settings: OverflowSettings): boolean {
  if (recent.length < 4) return false;
  const fills = recent.map((r) => r.fill);
  const hours = recent.map((r) => Math.floor((r.time + ALMATY_MS) / HOUR_MS) % 24);
  return (
    Math.min(...fills) >= settings.topPercent &&
    Math.max(...fills) - Math.min(...fills) <= settings.topTolerance &&
    hours.every((hour) => hour >= settings.dayFromHour && hour < settings.dayToHour)
  );
}

/** The state without what was remembered of the future (see ../newest.ts); an alarm stands until an emptying. */
function withoutFuture(state: OverflowState, now: UnixMs): OverflowState {
  if (![state.newest, state.fullSince, ...state.recent.map((r) => r.time)].some((t) => ahead(t, now))) return state;
  return {
    ...state,
    newest: ahead(state.newest, now) ? null : state.newest,
    fullSince: ahead(state.fullSince, now) ? null : state.fullSince,
    recent: state.recent.filter((r) => !ahead(r.time, now)),
  };
}

function step(stored: OverflowState, input: RuleInput, settings: OverflowSettings) {
  const before = withoutFuture(stored, input.now);
  const events: RuleEvent[] = [];
  const done = (state: OverflowState) => ({ state, events });
  if (input.type === "tick") return done(before);
  const reading = input.readings.find((r) => r.property === "fill");
  if (reading === undefined || (before.newest !== null && reading.time <= before.newest)) return done(before);
  const state: OverflowState = { ...before, newest: reading.time };
  if (reading.value === null || reading.flag > 2) return done(state);

  const fill = reading.value;
  const { time, entry } = reading;
  const last = state.recent[state.recent.length - 1]?.fill;
  const event = (action: "raise" | "clear", reason: string): void => {
    const figures = { fillPercent: Math.round(fill) };
    events.push({ kind: "overflow", action, level: action === "raise" ? 1 : 0, reason, figures, time, entry });
  };
  const emptiedFrom = (from: number): boolean => from - fill >= settings.emptyDrop && fill <= settings.emptyTo * from;

  // A drop is believed when the next reading agrees; until then it neither clears nor breaks the hold of a full one.
  if (state.dropFrom === null && last !== undefined && emptiedFrom(last)) return done({ ...state, dropFrom: last });
  if (state.dropFrom !== null) {
    const emptied = emptiedFrom(state.dropFrom);
    state.dropFrom = null;
    if (emptied) {
      if (state.raised) event("clear", "emptied");
      return done({ ...state, raised: false, fullSince: null, recent: [{ time, fill }] });
    }
  }
  state.recent = [...state.recent, { time, fill }].slice(-4);
  state.fullSince = fill >= settings.fullPercent ? (state.fullSince ?? time) : null;
  if (!state.raised) {
    const held = state.fullSince !== null && time - state.fullSince >= settings.fullHoldS * 1000;
    if (held || flatTop(state.recent, settings)) {
      state.raised = true;
      event("raise", held ? "full-held" : "flat-top");
    }
  }
  return done(state);
}

export const overflow: Rule<OverflowState, OverflowSettings> = {
  name: "overflow",
  properties: ["fill"],
  defaults: {
    cadenceS: 3600,
    fullPercent: 95,
    fullHoldS: 7200,
    topPercent: 90,
    topTolerance: 1,
    dayFromHour: 8,
    dayToHour: 20,
    emptyDrop: 20,
    emptyTo: 0.6,
  },
  initial: () => ({ newest: null, fullSince: null, recent: [], raised: false, dropFrom: null }),
  step,
};
