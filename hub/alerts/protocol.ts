/**
 * What passes between the rules, whoever runs them (the flows, or the hub's own watch), and the register. All of it is
 * plain JSON: the flows speak it over HTTP.
 */
import type { Cursor, SiteId, UnixMs } from "../model.js";
import type { AlarmKind, Level, RuleEvent, RuleReading } from "./rule.js";
import type { AlarmState, Step } from "./alarm-state.js";

export type Language = "kk" | "ru" | "en";

/** The readings of one pack that stands in the journal. */
export interface RulePack {
  entry: number;
  site: SiteId;
  /** Time used for the readings. */
  time: UnixMs;
  received: UnixMs;
  readings: RuleReading[];
}

/** A stretch of the journal as the rules see it. */
export interface Batch {
  /** The last journal entry it covers (not only packs count). */
  to: Cursor;
  /** The hub's clock when it was read. */
  now: UnixMs;
  packs: RulePack[];
  /** True while more entries wait: rules are then told no time, or a backlog would look like silence. */
  more: boolean;
  /** Since when the hub has been listening. Silence is counted from here at the earliest: a hub that was off heard nobody. */
  since?: UnixMs;
}

/** A rule's state at one site, as the register keeps it. `revision` is 0 for one that was never written. */
export interface RuleState {
  site: SiteId;
  rule: string;
  revision: number;
  state: unknown;
}

/** What one rule made of a batch at one site. `expectedRevision` is that of the state it started from. */
export interface Evaluation {
  site: SiteId;
  rule: string;
  expectedRevision: number;
  state: unknown;
  events: RuleEvent[];
}

/**
 * A wish that somebody be told of what this commit does to the alarm (site, kind). The register turns it into a notice
 * only if the commit really made an alerting transition of that alarm (raise, escalate, clear), so it is safe to ask
 * for every event. One notice per alarm, revision, channel and address. Nobody asks to be told of a reset: whoever was
 * told of the episode is.
 */
export interface NoticeRequest {
  site: SiteId;
  kind: AlarmKind;
  /** Name of a channel: `log`, `cap-folder`, `webhook`, or that of a branch of the flows that claims its own notices. */
  channel: string;
  /** Address within the channel; "" where it has only one. */
  to: string;
  language: Language;
  /** Least level that is told (0 for kinds without levels). For a clear, the highest level of the episode counts. */
  minLevel: Level;
  /** Waits this long (hub's clock) before it is due; 0 for at once. Escalation to the next person is such a notice. */
  afterMs?: number;
  /** Falls away if the alarm is acknowledged or gone before it is due. The end is told at once, to whom it had gone out. */
  unlessAcked?: boolean;
}

export interface CommitRequest {
  fence: number;
  cursor: Cursor;
  now: UnixMs;
  evaluations: Evaluation[];
  notices: NoticeRequest[];
}

export interface CommitResult {
  ok: true;
  revisions: { site: SiteId; rule: string; revision: number }[];
  /** Transitions this commit made, in order. */
  transitions: Transition[];
}

/** One alarm: key (site, kind). It lives for ever; `revision` counts its transitions. */
export interface Alarm {
  id: number;
  site: SiteId;
  kind: AlarmKind;
  state: AlarmState;
  level: Level;
  /** Highest level since the alarm was last NORM. */
  peak: Level;
  revision: number;
  /** Start of the present (or last) episode: time of the reading or tick that raised it; null before the first. */
  raisedAt: UnixMs | null;
  /** When the condition went away: time of the evidence for that; null while it stands, and before the first. */
  goneAt: UnixMs | null;
  /** Time of the last transition, by the hub's clock. */
  changedAt: UnixMs;
  reason: string;
  figures: Record<string, number>;
  /** Journal entry of the reading behind the last change of condition. */
  entry: number | null;
  ackedBy: string | null;
  ackedAt: UnixMs | null;
  shelvedUntil: UnixMs | null;
  shelvedBy: string | null;
  shelvedWhy: string | null;
  suppressedUntil: UnixMs | null;
}

/** One row of the append-only history. */
export interface Transition {
  id: number;
  alarm: number;
  site: SiteId;
  kind: AlarmKind;
  /** The alarm's revision after this transition: (alarm, revision) is unique. */
  revision: number;
  /** Counts the alarm's episodes (NORM to NORM), from 1. */
  episode: number;
  step: Step;
  from: AlarmState;
  to: AlarmState;
  level: Level;
  peak: Level;
  /** `rule:flood`, or a person's name. */
  who: string;
  why: string;
  figures: Record<string, number>;
  entry: number | null;
  /** Time of the evidence (reading or tick) or of the person's act. */
  time: UnixMs;
  /** The hub's clock when it was written. */
  at: UnixMs;
}

/** What people are told: a transition, or its renewal while it stands. `at` is the moment of what is told. */
export interface Telling extends Transition {
  /** 0 or missing for the transition itself; its renewals count from 1. */
  renewal?: number;
  /**
   * When its message counts as sent, if that is not `at`: never before the messages that it refers to, though the hub's
   * clock was set back in between.
   */
  sent?: UnixMs;
}

/** Which of an alarm's tellings it is: its revision, `3`; of a renewal `3.1`. */
export function numberOf({ revision, renewal }: Pick<Telling, "revision" | "renewal">): string {
  return renewal === undefined ? String(revision) : `${revision}.${renewal}`;
}

/** 1 danger to life, 2 closure, 3 warning, UNKNOWN and renewals, 4 everything else. Each has its own queue. */
export type Priority = 1 | 2 | 3 | 4;
export const PRIORITIES: Priority[] = [1, 2, 3, 4];

/**
 * queued → leased → sent (the provider took it) → delivered (receipt) → read; `retry` waits for its next try; `held`
 * waits for a shelf to end; `expired` was missed (a person must be called); `dead` was refused for good; `dropped` was
 * no longer needed (acknowledged, or gone, before it was due).
 */
export type NoticeState =
  "queued" | "leased" | "retry" | "held" | "sent" | "delivered" | "read" | "expired" | "dead" | "dropped";

export interface Notice {
  id: number;
  /** Idempotency key: `alarmId:revision:channel:to`, that of a renewal `alarmId:revision.n:channel:to`. */
  key: string;
  alarm: number;
  revision: number;
  /** 0 for the notice of the transition itself; n for the nth renewal of what it said. */
  renewal: number;
  site: SiteId;
  kind: AlarmKind;
  step: Step;
  level: Level;
  priority: Priority;
  channel: string;
  to: string;
  language: Language;
  state: NoticeState;
  attempts: number;
  /** Changes with every lease; only its holder may settle the notice. Null when nobody holds it. */
  lease: string | null;
  providerId: string | null;
  error: string | null;
  /** The hub's clock when the transition was written, or the renewal made. */
  created: UnixMs;
  /** Not due before this moment of the hub's clock; 0: at once. */
  dueAt: UnixMs;
}

/** What a channel says of a notice that it handed over. */
export interface Receipt {
  state: "sent" | "delivered" | "read";
  providerId?: string;
}

/** What a person does to an alarm. Every act names the person and the revision that was on the screen. */
export interface Act {
  type: "ack" | "reset" | "shelve" | "unshelve" | "suppress" | "unsuppress";
  person: string;
  /** Needed for reset, shelve and suppress. */
  reason?: string;
  /** End of a shelf or a maintenance window, by the hub's clock. */
  untilMs?: UnixMs;
  expectedRevision: number;
}

/** Why the register wrote nothing. */
export type ConflictCode =
  "FENCED" | "STALE_REVISION" | "WRONG_JOURNAL" | "UNKNOWN_ALARM" | "NOT_ALLOWED" | "LEASE_LOST";

export class RegisterConflict extends Error {
  readonly code: ConflictCode;
  constructor(code: ConflictCode, message: string) {
    super(message);
    this.name = "RegisterConflict";
    this.code = code;
  }
}
