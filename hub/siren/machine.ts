/**
 * A siren and a beacon at an underpass, as a state machine: nothing sounds unless a person has armed it and then fired
 * it, nothing sounds for ever, and what the relay really does is read back. Pure: time and contacts come in, the two
 * outputs come out.
 *
 *   safe → armed (a person; for a minute) → firing (a person; for ten minutes) → safe
 *
 * Firing names the arming that it follows, so that an order which comes late, or twice, sounds nothing.
 * A contact of the siren's own circuit says whether it has power. Where it says something else than was ordered, the
 * outputs are off and the state is `fault` until a person resets it. Where the link to the relays is lost, nobody knows
 * what they do and the state is `unknown`; a link that comes back begins with the relays off and the state `safe`:
 * firing is never resumed.
 *
 * All times are of a clock that nobody can set, in ms: a hub whose clock is put right must not sound for an hour.
 */
export type SirenState = "safe" | "armed" | "firing" | "fault" | "unknown";

/** Why a siren is in its state. */
export type SirenWhy = "ordered" | "time-over" | "no-feedback" | "stuck" | "link-lost" | "link-back" | "reset" | "stop";

export interface Siren {
  state: SirenState;
  /** When the hub ends it by itself; null where nothing does. */
  until: number | null;
  /** Who brought it there: a person, or `hub`. */
  by: string;
  why: SirenWhy;
  /** The name of the arming that stands or is fired; null while there is none. */
  arming: string | null;
  /** What the contact said last, and when its word counts again after an order. */
  feedback: boolean;
  settledAt: number;
}

export type SirenInput =
  | { type: "arm" | "fire"; person: string; arming: string }
  | { type: "silence"; person: string }
  | { type: "feedback"; closed: boolean }
  | { type: "link"; up: boolean }
  | { type: "stop" }
  | { type: "tick" };

export interface SirenLimits {
  /** An arming that nobody follows by firing is over after this. */
  armedMs: number;
  firingMs: number;
  /** The contact must follow the relay within this. */
  feedbackMs: number;
}

export const SIREN_LIMITS: SirenLimits = { armedMs: 60_000, firingMs: 600_000, feedbackMs: 2000 };

/** Why an order is refused, by a name for programs, in words for the person who asked. */
export const REFUSALS = {
  away: "its relays do not answer",
  fault: "it is out of order until it is reset",
  sounding: "it is sounding",
  "not-armed": "it must be armed first",
  "armed-anew": "it has been armed anew since",
};
export type SirenRefusal = keyof typeof REFUSALS;

export type SirenResult = { ok: true; siren: Siren } | { ok: false; refusal: SirenRefusal };

/** The beacon warns from arming on, the siren sounds while firing. */
export function outputsOf(siren: Pick<Siren, "state">): { beacon: boolean; siren: boolean } {
  return { beacon: siren.state === "armed" || siren.state === "firing", siren: siren.state === "firing" };
}

/** Before the first word of the link. */
export function unknownSiren(now: number): Siren {
  const nobody = { until: null, by: "hub", why: "link-lost", arming: null } as const;
  return { state: "unknown", ...nobody, feedback: false, settledAt: now };
}

/** What an input makes of it; the very same siren if nothing. */
export function stepSiren(siren: Siren, input: SirenInput, now: number, limits = SIREN_LIMITS): SirenResult {
  const stay: SirenResult = { ok: true, siren };
  const refuse = (refusal: SirenRefusal): SirenResult => ({ ok: false, refusal });
  const to = (state: SirenState, by: string, why: SirenWhy, more: Partial<Siren> = {}): SirenResult => {
    const settledAt = now + limits.feedbackMs;
    return { ok: true, siren: { ...siren, state, by, why, until: null, arming: null, settledAt, ...more } };
  };
  switch (input.type) {
    case "arm":
      if (siren.state !== "safe" && siren.state !== "armed") return refuse(refusalIn(siren.state));
      return to("armed", input.person, "ordered", { until: now + limits.armedMs, arming: input.arming });
    case "fire": {
      const { arming } = input;
      if (siren.state === "safe") return refuse("not-armed");
      // The same order once more: it is being followed, and lasts no longer for it.
      if (siren.state === "firing" && siren.arming === arming) return stay;
      if (siren.state !== "armed") return refuse(refusalIn(siren.state));
      if (siren.arming !== arming) return refuse("armed-anew");
      return to("firing", input.person, "ordered", { until: now + limits.firingMs, arming });
    }
    case "silence":
      if (siren.state === "unknown") return refuse("away");
      return siren.state === "safe" ? stay : to("safe", input.person, siren.state === "fault" ? "reset" : "ordered");
    case "link":
      if (!input.up) return siren.state === "unknown" ? stay : to("unknown", "hub", "link-lost");
      return siren.state === "unknown" ? to("safe", "hub", "link-back") : stay;
    case "stop":
      return outputsOf(siren).beacon ? to("safe", "hub", "stop") : stay;
    case "feedback":
      if (siren.feedback === input.closed) return stay;
      return judged({ ...siren, feedback: input.closed }, now, to);
    case "tick":
      if (siren.until !== null && now >= siren.until) return to("safe", "hub", "time-over");
      return judged(siren, now, to);
  }
}

function refusalIn(state: SirenState): SirenRefusal {
  if (state === "unknown") return "away";
  return state === "fault" ? "fault" : "sounding";
}

/** Does the contact say what was ordered? */
function judged(
  siren: Siren,
  now: number,
  to: (state: SirenState, by: string, why: SirenWhy, more: Partial<Siren>) => SirenResult,
): SirenResult {
  const { feedback } = siren;
  const ordered = outputsOf(siren).siren;
  if (siren.state === "unknown" || siren.state === "fault" || now < siren.settledAt || feedback === ordered)
    return { ok: true, siren };
  return to("fault", "hub", ordered ? "no-feedback" : "stuck", { feedback });
}
