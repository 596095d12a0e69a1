/** Clears a state of times in the future (see ../../newest.ts). The level stands: only readings lower it. */
import type { UnixMs } from "../../model.js";
import { ahead } from "../../newest.js";
import { newSecond, secondsOf } from "./second.js";
import type { FloodState, Point } from "./settings.js";

function waitedFor(state: FloodState, now: UnixMs): FloodState["seconds"] {
  return Object.fromEntries(secondsOf(state).map(([name, { denied }]) => [name, { ...newSecond(now), denied }]));
}

/**
 * The state without what was remembered of the future; the same object if there is nothing. The post counts as heard
 * now, so that its silence is told from now on.
 */
export function withoutFuture(state: FloodState, now: UnixMs): FloodState {
  const late = (time: UnixMs | null) => ahead(time, now);
  const { suspect, box, recent, hour } = state;
  const seconds = Object.values(state.seconds ?? {});
  const secondTimes = seconds.flatMap((s) => [s.newest, s.heard, s.wetSince, s.belowSince, s.apart?.until ?? null]);
  const times = [
    state.newest,
    state.heard,
    state.belowSince,
    state.drySince,
    suspect?.since,
    box?.since,
    ...secondTimes,
  ];
  const inSuspect = suspect !== null && [suspect.base, ...suspect.points].some((p) => late(p.time));
  if (![...times, recent.at(-1)?.time, hour.at(-1)?.time, ...state.pulses].some((t) => late(t ?? null)) && !inSuspect)
    return state;
  const known = (time: UnixMs | null) => (late(time) ? null : time);
  const past = <T extends Pick<Point, "time">>(points: T[]) => points.filter((p) => !late(p.time));
  return {
    ...state,
    newest: known(state.newest),
    heard: late(state.heard) ? now : state.heard,
    belowSince: known(state.belowSince),
    drySince: known(state.drySince),
    recent: past(recent),
    hour: past(hour),
    pulses: state.pulses.filter((time) => !late(time)),
    suspect: inSuspect || late(suspect?.since ?? null) ? null : suspect,
    box: box !== null && (late(box.since) || late(box.base.time)) ? null : box,
    // What they said is gone: each is waited for anew, and until it speaks no level is let go.
    ...(secondTimes.some(late) ? { seconds: waitedFor(state, now) } : {}),
  };
}
