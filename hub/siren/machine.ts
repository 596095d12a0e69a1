/**
 * A siren and a beacon at an underpass, as a state machine: nothing sounds unless a person has armed it and then fired
 * it, nothing sounds for ever, and what the relay really does is read back. Pure: time and contacts come in, the two
 * outputs come out.
 *
 *   safe → armed (a person; for a minute) → firing (a person; for ten minutes) → safe
 *
 * A contact of the siren's own circuit says whether it has power. Where it says something else than was ordered, the
 * outputs are off and the state is `fault` until a person resets it. Where the link to the relays is lost, they fall off
 * by themselves and the state is `unknown`; when the link comes back it is `safe`: firing is never resumed.
 */
import type { UnixMs } from "../model.js";

export type SirenState = "safe" | "armed" | "firing" | "fault" | "unknown";

export interface Siren {
  state: SirenState;
  /** Since when, and until when at most; null where nothing ends it by itself. */
  since: UnixMs;
  until: UnixMs | null;
  /** Who brought it there: a person, or `hub`. */
  by: string;
  /** Why, in a word: `ordered`, `time-over`, `no-feedback`, `stuck`, `link-lost`, `link-back`, `reset`. */
  why: string;
  /** What the contact said last, and when its word counts again after an order. */
  feedback: boolean;
  settledAt: UnixMs;
}

export type SirenInput =
  | { type: "arm" | "fire" | "silence"; person: string }
  | { type: "feedback"; closed: boolean }
  | { type: "link"; up: boolean }
  | { type: "tick" };

export interface SirenLimits {
  /** An arming that nobody follows by firing is over after this. */
  armedMs: number;
  firingMs: number;
  /** The contact must follow the relay within this. */
  feedbackMs: number;
}

export const SIREN_LIMITS: SirenLimits = { armedMs: 60_000, firingMs: 600_000, feedbackMs: 2000 };

export type SirenResult = { ok: true; siren: Siren } | { ok: false; why: string };

/** The beacon warns from arming on, the siren sounds while firing. */
export function outputsOf(siren: Siren): { beacon: boolean; siren: boolean } {
  return { beacon: siren.state === "armed" || siren.state === "firing", siren: siren.state === "firing" };
}

/** Before the first word of the link. */
export function unknownSiren(now: UnixMs): Siren {
  const nobody = { until: null, by: "hub", why: "link-lost", feedback: false, settledAt: now };
  return { state: "unknown", since: now, ...nobody };
}

/** What an input makes of it. A refusal says why, for the person who asked. */
export function stepSiren(siren: Siren, input: SirenInput, now: UnixMs, limits = SIREN_LIMITS): SirenResult {
  const to = (state: SirenState, by: string, why: string, until: UnixMs | null = null): SirenResult => ({
    ok: true,
    siren: { ...siren, state, since: now, until, by, why, settledAt: now + limits.feedbackMs },
  });
  const stay: SirenResult = { ok: true, siren };
  switch (input.type) {
    case "arm":
      if (siren.state === "safe" || siren.state === "armed")
        return to("armed", input.person, "ordered", now + limits.armedMs);
      return { ok: false, why: refusalIn(siren.state) };
    case "fire":
      if (siren.state === "armed") return to("firing", input.person, "ordered", now + limits.firingMs);
      return { ok: false, why: siren.state === "safe" ? "it must be armed first" : refusalIn(siren.state) };
    case "silence":
      if (siren.state === "unknown") return { ok: false, why: refusalIn("unknown") };
      return siren.state === "safe" ? stay : to("safe", input.person, siren.state === "fault" ? "reset" : "ordered");
    case "link":
      if (!input.up) return siren.state === "unknown" ? stay : to("unknown", "hub", "link-lost");
      return siren.state === "unknown" ? to("safe", "hub", "link-back") : stay;
    case "feedback":
      return judged({ ...siren, feedback: input.closed }, now, to);
    case "tick":
      if (siren.until !== null && now >= siren.until) return to("safe", "hub", "time-over");
      return judged(siren, now, to);
  }
}

function refusalIn(state: SirenState): string {
  if (state === "unknown") return "its relays do not answer";
  if (state === "fault") return "it is out of order until it is reset";
  return "it is sounding";
}

/** Does the contact say what was ordered? */
function judged(
  siren: Siren,
  now: UnixMs,
  to: (state: SirenState, by: string, why: string) => SirenResult,
): SirenResult {
  const ordered = outputsOf(siren).siren;
  if (siren.state === "unknown" || siren.state === "fault" || now < siren.settledAt || siren.feedback === ordered)
    return { ok: true, siren };
  const result = to("fault", "hub", ordered ? "no-feedback" : "stuck");
  return result.ok ? { ok: true, siren: { ...result.siren, feedback: siren.feedback } } : result;
}
