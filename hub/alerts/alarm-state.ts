/**
 * The life of an alarm after ANSI/ISA-18.2, as a pure function. NORM: nothing; UNACK: active, nobody has taken it;
 * ACKED: active and taken; RTN_UNACK: gone before anybody took it; LATCHED: gone, but a person must say so (levels 3
 * and 4: no road is opened by a sensor alone).
 */
import type { UnixMs } from "../model.js";
import type { Level } from "./rule.js";

export type AlarmState = "NORM" | "UNACK" | "ACKED" | "RTN_UNACK" | "LATCHED";

/** What happened to the alarm. */
export type Step =
  "raise" | "escalate" | "deescalate" | "clear" | "ack" | "reset" | "shelve" | "unshelve" | "suppress" | "unsuppress";

/** The part of an alarm that the state machine moves. */
export interface AlarmCore {
  state: AlarmState;
  level: Level;
  peak: Level;
  shelvedUntil: UnixMs | null;
  /** Level at which it was shelved: a higher one breaks the shelf. */
  shelvedLevel: Level | null;
  suppressedUntil: UnixMs | null;
}

export type AlarmInput =
  | { type: "raise"; level: Level }
  | { type: "clear" | "ack" | "reset" | "unshelve" | "unsuppress" }
  | { type: "shelve" | "suppress"; until: UnixMs };

/** `none`: nothing to do (said before). `refused`: not possible in this state; `why` is for people. */
export type Moved =
  | { result: "moved"; core: AlarmCore; step: Step; alerts: boolean; broke: boolean }
  | { result: "none" }
  | { result: "refused"; why: string };

const HOUR_MS = 3_600_000;
export const SHELF_MAX_MS = 8 * HOUR_MS;
export const SHELF_MAX_HIGH_MS = 1 * HOUR_MS;
export const SUPPRESS_MAX_MS = 24 * HOUR_MS;
/** From this level on, a person must confirm that the danger has passed. */
export const LATCH_FROM: Level = 3;

export const NEW_ALARM: AlarmCore = {
  state: "NORM",
  level: 0,
  peak: 0,
  shelvedUntil: null,
  shelvedLevel: null,
  suppressedUntil: null,
};

const refused = (why: string): Moved => ({ result: "refused", why });
const active = (state: AlarmState): boolean => state === "UNACK" || state === "ACKED";

function moved(core: AlarmCore, step: Step, alerts: boolean, broke = false): Moved {
  return { result: "moved", core, step, alerts, broke };
}

/** The state into which a settled alarm falls: latched if it was ever high in this episode, else normal. */
function settled(core: AlarmCore): AlarmCore {
  return core.peak >= LATCH_FROM ? { ...core, state: "LATCHED" } : { ...core, state: "NORM", level: 0, peak: 0 };
}

function raise(core: AlarmCore, level: Level): Moved {
  const peak = level > core.peak ? level : core.peak;
  const broke = core.shelvedLevel !== null && level > core.shelvedLevel;
  const shelf = broke ? { shelvedUntil: null, shelvedLevel: null } : {};
  if (!active(core.state)) return moved({ ...core, ...shelf, state: "UNACK", level, peak }, "raise", true, broke);
  if (level === core.level) return { result: "none" };
  if (level < core.level) return moved({ ...core, level }, "deescalate", false);
  return moved({ ...core, ...shelf, state: "UNACK", level, peak }, "escalate", true, broke);
}

function shelve(core: AlarmCore, until: UnixMs, now: UnixMs): Moved {
  if (core.state === "NORM") return refused("the alarm is not active");
  const most = core.peak >= LATCH_FROM ? SHELF_MAX_HIGH_MS : SHELF_MAX_MS;
  if (!(until > now)) return refused("the shelf must end in the future");
  if (until - now > most) return refused(`a shelf of this level lasts at most ${most / HOUR_MS} h`);
  return moved({ ...core, shelvedUntil: until, shelvedLevel: core.level }, "shelve", false);
}

/** Moves an alarm. `now` is the hub's clock; it bounds shelves and maintenance windows. */
export function step(core: AlarmCore, input: AlarmInput, now: UnixMs): Moved {
  switch (input.type) {
    case "raise":
      return raise(core, input.level);
    case "clear":
      if (core.state === "UNACK") return moved({ ...core, state: "RTN_UNACK" }, "clear", true);
      if (core.state === "ACKED") return moved(settled(core), "clear", true);
      return { result: "none" };
    case "ack":
      if (core.state === "UNACK") return moved({ ...core, state: "ACKED" }, "ack", false);
      if (core.state === "RTN_UNACK") return moved(settled(core), "ack", false);
      return refused("there is nothing to acknowledge");
    case "reset":
      if (core.state !== "LATCHED") return refused("only a latched alarm is reset");
      return moved({ ...core, state: "NORM", level: 0, peak: 0 }, "reset", false);
    case "shelve":
      return shelve(core, input.until, now);
    case "unshelve":
      if (core.shelvedUntil === null) return refused("the alarm is not shelved");
      return moved({ ...core, shelvedUntil: null, shelvedLevel: null }, "unshelve", false);
    case "suppress":
      if (!(input.until > now) || input.until - now > SUPPRESS_MAX_MS)
        return refused(`a maintenance window ends in the future and lasts at most ${SUPPRESS_MAX_MS / HOUR_MS} h`);
      return moved({ ...core, suppressedUntil: input.until }, "suppress", false);
    case "unsuppress":
      if (core.suppressedUntil === null) return refused("the site is not under maintenance");
      return moved({ ...core, suppressedUntil: null }, "unsuppress", false);
  }
}
