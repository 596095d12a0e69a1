/**
 * What a rule is: a pure function of its own state and one input. Rules are run by the flows (in Node-RED), and by the
 * hub itself when the flows have stopped; both take the same states from the register, so that a double evaluation is
 * caught by the expected revision and does nothing.
 */
import type { Flag, SiteId, UnixMs } from "../model.js";

/** What an alarm is about. One alarm per site and kind. */
export type AlarmKind =
  "flood" | "overflow" | "suspect" | "unknown" | "silent" | "sensor" | "tilt" | "level" | "level-rate";

/** 0 = no alarm of a level (wet, suspect, unknown carry their own kind); 1 watch, 2 warning, 3 closure, 4 danger to life. */
export type Level = 0 | 1 | 2 | 3 | 4;

/** One reading as a rule sees it. */
export interface RuleReading {
  /** Journal entry that carries it. */
  entry: number;
  time: UnixMs;
  property: string;
  value: number | null;
  flag: Flag;
  why?: string[];
}

/** What a rule is told: the readings of one pack of its site, or that time has passed. */
export type RuleInput =
  | { type: "pack"; now: UnixMs; readings: RuleReading[] }
  /** `since`: when the hub began to listen; silence is counted from then at the earliest. */
  | { type: "tick"; now: UnixMs; since?: UnixMs };

/** What a rule wants of the register. The register holds the ISA-18.2 state and turns this into transitions. */
export interface RuleEvent {
  kind: AlarmKind;
  /** `raise` also escalates and de-escalates: the alarm's level becomes `level`. `clear`: the condition is gone. */
  action: "raise" | "clear";
  level: Level;
  /** Reason code for people and tests: `depth-2-of-3`, `forecast`, `silent-while-wet` … */
  reason: string;
  /** Figures for the texts: depthMm, levelMm, rateMmPerMin, etaMinutes, fillPercent, ageMinutes … */
  figures: Record<string, number>;
  time: UnixMs;
  /** Entry of the reading that decided; null for a tick. */
  entry: number | null;
}

/** A rule with its settings and state. `State` is plain JSON: it is kept in the register. */
export interface Rule<State, Settings> {
  name: string;
  /** Properties it wants to see. */
  properties: string[];
  defaults: Settings;
  initial(): State;
  step(state: State, input: RuleInput, settings: Settings): { state: State; events: RuleEvent[] };
}

/** A site as the rules and the flows know it. */
export interface RuleSite {
  id: SiteId;
  type: string;
  district: string;
  /** Longest time between two packs when all is well, in seconds. */
  cadenceS: number;
  /** The site's own departures from its rules' settings, by name; of a list by place, from 1: `onMm.3`. */
  settings: Record<string, number>;
  /**
   * Where depths are derived by several principles: the least that each shows for certain, in mm, by property. From the
   * calibration records.
   */
  sees?: Record<string, number>;
  /** How far a post with an accelerometer may lean, in degrees. From the mounting data of its type. */
  tiltMaxDeg?: number;
}
