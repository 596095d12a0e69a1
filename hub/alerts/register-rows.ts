/** How the rows of the register's tables are read. */
import type { SiteId } from "../model.js";
import type { AlarmCore, AlarmState, Step } from "./alarm-state.js";
import type { Alarm, Language, Notice, NoticeState, Priority, Transition } from "./protocol.js";
import type { AlarmKind, Level } from "./rule.js";

export interface AlarmRow {
  id: number;
  site: string;
  kind: AlarmKind;
  state: AlarmState;
  level: Level;
  peak: Level;
  revision: number;
  alert_revision: number;
  episode: number;
  raised_at: number | null;
  changed_at: number;
  reason: string;
  figures: string;
  entry: number | null;
  acked_by: string | null;
  acked_at: number | null;
  shelved_until: number | null;
  shelved_level: Level | null;
  shelved_by: string | null;
  shelved_why: string | null;
  suppressed_until: number | null;
  renew_at: number | null;
}

export interface TransitionRow {
  id: number;
  alarm: number;
  site: string;
  kind: AlarmKind;
  revision: number;
  episode: number;
  step: Step;
  state_from: AlarmState;
  state_to: AlarmState;
  level: Level;
  peak: Level;
  who: string;
  why: string;
  figures: string;
  entry: number | null;
  time: number;
  at: number;
}

export interface NoticeRow {
  id: number;
  key: string;
  alarm: number;
  site: string;
  kind: AlarmKind;
  revision: number;
  renewal: number;
  step: Step;
  level: Level;
  priority: Priority;
  channel: string;
  recipient: string;
  language: Language;
  unless_acked: number;
  state: NoticeState;
  attempts: number;
  lease: string | null;
  lease_until_wall: number | null;
  retry_wall: number | null;
  provider_id: string | null;
  error: string | null;
  created: number;
  created_wall: number;
  due_at: number;
}

export const coreOf = (row: AlarmRow): AlarmCore => ({
  state: row.state,
  level: row.level,
  peak: row.peak,
  shelvedUntil: row.shelved_until,
  shelvedLevel: row.shelved_level,
  suppressedUntil: row.suppressed_until,
});

export const toAlarm = (row: AlarmRow & { gone_at: number | null }): Alarm => ({
  id: row.id,
  site: row.site as SiteId,
  kind: row.kind,
  state: row.state,
  level: row.level,
  peak: row.peak,
  revision: row.revision,
  raisedAt: row.raised_at,
  goneAt: row.gone_at,
  changedAt: row.changed_at,
  reason: row.reason,
  figures: JSON.parse(row.figures) as Record<string, number>,
  entry: row.entry,
  ackedBy: row.acked_by,
  ackedAt: row.acked_at,
  shelvedUntil: row.shelved_until,
  shelvedBy: row.shelved_by,
  shelvedWhy: row.shelved_why,
  suppressedUntil: row.suppressed_until,
});

export const toTransition = (row: TransitionRow): Transition => ({
  id: row.id,
  alarm: row.alarm,
  site: row.site as SiteId,
  kind: row.kind,
  revision: row.revision,
  episode: row.episode,
  step: row.step,
  from: row.state_from,
  to: row.state_to,
  level: row.level,
  peak: row.peak,
  who: row.who,
  why: row.why,
  figures: JSON.parse(row.figures) as Record<string, number>,
  entry: row.entry,
  time: row.time,
  at: row.at,
});

export const toNotice = (row: NoticeRow): Notice => ({
  id: row.id,
  key: row.key,
  alarm: row.alarm,
  revision: row.revision,
  renewal: row.renewal,
  site: row.site as SiteId,
  kind: row.kind,
  step: row.step,
  level: row.level,
  priority: row.priority,
  channel: row.channel,
  to: row.recipient,
  language: row.language,
  state: row.state,
  attempts: row.attempts,
  lease: row.lease,
  providerId: row.provider_id,
  error: row.error,
  created: row.created,
  dueAt: row.due_at,
});
