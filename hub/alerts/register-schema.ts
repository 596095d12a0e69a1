/** The register's tables, and how their rows are read. */
import type Database from "better-sqlite3";
import type { SiteId } from "../model.js";
import type { AlarmCore, AlarmState, Step } from "./alarm-state.js";
import type { Alarm, Language, Notice, NoticeState, Priority, Transition } from "./protocol.js";
import type { AlarmKind, Level } from "./rule.js";

/** Grows with every change of the tables; an older file is refused, not guessed at. */
export const SCHEMA_VERSION = 1;

export const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE alarms (
  id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, kind TEXT NOT NULL,
  state TEXT NOT NULL, level INTEGER NOT NULL, peak INTEGER NOT NULL,
  revision INTEGER NOT NULL, alert_revision INTEGER NOT NULL, episode INTEGER NOT NULL,
  raised_at INTEGER, changed_at INTEGER NOT NULL, reason TEXT NOT NULL, figures TEXT NOT NULL, entry INTEGER,
  acked_by TEXT, acked_at INTEGER,
  shelved_until INTEGER, shelved_level INTEGER, shelved_by TEXT, shelved_why TEXT, suppressed_until INTEGER,
  UNIQUE (site, kind)
) STRICT;
CREATE TABLE transitions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, alarm INTEGER NOT NULL REFERENCES alarms (id), revision INTEGER NOT NULL,
  episode INTEGER NOT NULL, step TEXT NOT NULL, state_from TEXT NOT NULL, state_to TEXT NOT NULL,
  level INTEGER NOT NULL, peak INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, figures TEXT NOT NULL,
  entry INTEGER, time INTEGER NOT NULL, at INTEGER NOT NULL,
  UNIQUE (alarm, revision)
) STRICT;
CREATE TRIGGER transitions_stay BEFORE UPDATE ON transitions BEGIN SELECT RAISE(ABORT, 'transitions are append-only'); END;
CREATE TRIGGER transitions_kept BEFORE DELETE ON transitions BEGIN SELECT RAISE(ABORT, 'transitions are append-only'); END;
CREATE TABLE rule_states (
  site TEXT NOT NULL, rule TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (site, rule)
) WITHOUT ROWID, STRICT;
CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, alarm INTEGER NOT NULL REFERENCES alarms (id),
  revision INTEGER NOT NULL, step TEXT NOT NULL, level INTEGER NOT NULL, priority INTEGER NOT NULL,
  channel TEXT NOT NULL, recipient TEXT NOT NULL, language TEXT NOT NULL, unless_acked INTEGER NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL, lease TEXT, lease_until_wall INTEGER, retry_wall INTEGER,
  provider_id TEXT, error TEXT, created INTEGER NOT NULL, created_wall INTEGER NOT NULL, due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_waiting ON notices (state, channel, priority, id);
CREATE INDEX notices_alarm ON notices (alarm, revision);
CREATE TABLE receipts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, notice INTEGER NOT NULL REFERENCES notices (id), state TEXT NOT NULL,
  provider_id TEXT, detail TEXT, at INTEGER NOT NULL, wall INTEGER NOT NULL
) STRICT;
CREATE INDEX receipts_notice ON receipts (notice);
`;

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

export const toAlarm = (row: AlarmRow): Alarm => ({
  id: row.id,
  site: row.site as SiteId,
  kind: row.kind,
  state: row.state,
  level: row.level,
  peak: row.peak,
  revision: row.revision,
  raisedAt: row.raised_at,
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

/** A value of the table `meta`; null if it was never set. */
export function getMeta(db: Database.Database, key: string): string | null {
  const row = db.prepare("SELECT value FROM meta WHERE key = ?").get(key) as { value: string } | undefined;
  return row === undefined ? null : row.value;
}

export function setMeta(db: Database.Database, key: string, value: string): void {
  db.prepare("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value").run(
    key,
    value,
  );
}
