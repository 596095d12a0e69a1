/** The alarms and their append-only history inside the register's file. Every method runs in the caller's transaction. */
import type Database from "better-sqlite3";
import type { SiteId, UnixMs } from "../model.js";
import { LATCH_FROM, NEW_ALARM, step, type AlarmInput, type Moved } from "./alarm-state.js";
import type { Alarm, Transition } from "./protocol.js";
import { coreOf, toAlarm, toTransition } from "./register-rows.js";
import type { AlarmRow, TransitionRow } from "./register-rows.js";
import type { AlarmKind } from "./rule.js";

/** Who did something to an alarm, why, and on what evidence. */
export interface Cause {
  who: string;
  why: string;
  figures: Record<string, number>;
  entry: number | null;
  time: UnixMs;
}

/** The CAP message of a closure holds for an hour; while the closure stands it is renewed before that. */
export const RENEW_MS = 50 * 60_000;

/** Time of the evidence of the last clear, unless the alarm was raised again after it. */
const GONE_AT = `(SELECT CASE t.step WHEN 'clear' THEN t.time END FROM transitions t
  WHERE t.alarm = alarms.id AND t.step IN ('raise', 'clear') ORDER BY t.revision DESC LIMIT 1) AS gone_at`;

const TRANSITIONS = "SELECT t.*, a.site, a.kind FROM transitions t JOIN alarms a ON a.id = t.alarm";

export class AlarmStore {
  readonly #db: Database.Database;
  readonly #now: () => UnixMs;
  /** Called when what was held back for an alarm may go: its shelf or maintenance window ended, or broke. */
  readonly #released: (row: AlarmRow) => void;

  constructor(db: Database.Database, now: () => UnixMs, released: (row: AlarmRow) => void) {
    this.#db = db;
    this.#now = now;
    this.#released = released;
  }

  get(id: number): AlarmRow | undefined {
    return this.#db.prepare("SELECT * FROM alarms WHERE id = ?").get(id) as AlarmRow | undefined;
  }

  /** Applies what a rule says. Returns the transition, or null if the alarm stood there already. */
  apply(site: string, kind: AlarmKind, input: AlarmInput, cause: Cause): Transition | null {
    const row = this.find(site, kind);
    const found = step(row === undefined ? NEW_ALARM : coreOf(row), input, this.#now());
    return found.result === "moved" ? this.write(row ?? this.findOrCreate(site, kind), found, cause) : null;
  }

  /** Ends shelves and maintenance windows whose time is over. Returns the transitions. */
  expire(): Transition[] {
    const now = this.#now();
    const rows = this.#db
      .prepare("SELECT * FROM alarms WHERE shelved_until <= ? OR suppressed_until <= ?")
      .all(now, now);
    return (rows as AlarmRow[]).flatMap((row) => {
      const type = row.shelved_until !== null && row.shelved_until <= now ? "unshelve" : "unsuppress";
      const found = step(coreOf(row), { type }, now);
      if (found.result !== "moved") return [];
      const figures = JSON.parse(row.figures) as Record<string, number>;
      return [this.write(row, found, { who: "hub", why: "time over", figures, entry: row.entry, time: now })];
    });
  }

  /** Alarms whose closure stands and was last told of so long ago that it must be said again. */
  toRenew(): AlarmRow[] {
    return this.#db.prepare("SELECT * FROM alarms WHERE renew_at <= ?").all(this.#now()) as AlarmRow[];
  }

  /** The next renewal is due one period from now. */
  renewed(alarm: number): void {
    this.#db.prepare("UPDATE alarms SET renew_at = ? WHERE id = ?").run(this.#now() + RENEW_MS, alarm);
  }

  list(filter: { active?: boolean; site?: SiteId; id?: number }): Alarm[] {
    const rows = this.#db
      .prepare(
        `SELECT *, ${GONE_AT} FROM alarms WHERE (@active = 0 OR state <> 'NORM') AND (@site IS NULL OR site = @site)
           AND (@id IS NULL OR id = @id) ORDER BY level DESC, changed_at DESC, id`,
      )
      .all({ active: filter.active === true ? 1 : 0, site: filter.site ?? null, id: filter.id ?? null });
    return (rows as (AlarmRow & { gone_at: number | null })[]).map(toAlarm);
  }

  history(after: number, limit: number, alarm: number | null): Transition[] {
    const rows = this.#db
      .prepare(`${TRANSITIONS} WHERE t.id > ? AND (? IS NULL OR t.alarm = ?) ORDER BY t.id LIMIT ?`)
      .all(after, alarm, alarm, limit);
    return (rows as TransitionRow[]).map(toTransition);
  }

  transition(alarm: number, revision: number): Transition {
    const row = this.#db.prepare(`${TRANSITIONS} WHERE t.alarm = ? AND t.revision = ?`).get(alarm, revision);
    return toTransition(row as TransitionRow);
  }

  find(site: string, kind: AlarmKind): AlarmRow | undefined {
    return this.#db.prepare("SELECT * FROM alarms WHERE site = ? AND kind = ?").get(site, kind) as AlarmRow | undefined;
  }

  /** The alarm's row, made in state NORM if it is not there. */
  findOrCreate(site: string, kind: AlarmKind): AlarmRow {
    this.#db
      .prepare(
        `INSERT INTO alarms (site, kind, state, level, peak, revision, alert_revision, episode, changed_at, reason, figures)
         VALUES (?, ?, 'NORM', 0, 0, 0, 0, 0, ?, '', '{}') ON CONFLICT (site, kind) DO NOTHING`,
      )
      .run(site, kind, this.#now());
    return this.find(site, kind)!;
  }

  /** Moves the alarm and appends the transition. */
  write(row: AlarmRow, found: Extract<Moved, { result: "moved" }>, cause: Cause): Transition {
    const { core, step: made } = found;
    const now = this.#now();
    const revision = row.revision + 1;
    const starts = row.state === "NORM" && made === "raise";
    const closed = core.level >= LATCH_FROM && (core.state === "UNACK" || core.state === "ACKED");
    const condition = made === "raise" || made === "escalate" || made === "deescalate" || made === "clear";
    this.#db
      .prepare(
        `UPDATE alarms SET state = @state, level = @level, peak = @peak, revision = @revision,
           alert_revision = @alertRevision, episode = @episode, raised_at = @raisedAt, changed_at = @now,
           reason = @reason, figures = @figures, entry = @entry, acked_by = @ackedBy, acked_at = @ackedAt,
           shelved_until = @shelvedUntil, shelved_level = @shelvedLevel, shelved_by = @shelvedBy,
           shelved_why = @shelvedWhy, suppressed_until = @suppressedUntil, renew_at = @renewAt WHERE id = @id`,
      )
      .run({
        ...core,
        id: row.id,
        revision,
        now,
        renewAt: !closed ? null : found.alerts || row.renew_at === null ? now + RENEW_MS : row.renew_at,
        alertRevision: found.alerts ? revision : row.alert_revision,
        episode: starts ? row.episode + 1 : row.episode,
        raisedAt: made === "raise" ? cause.time : row.raised_at,
        reason: condition ? cause.why : row.reason,
        figures: condition ? JSON.stringify(cause.figures) : row.figures,
        entry: condition ? cause.entry : row.entry,
        ackedBy: made === "ack" ? cause.who : core.state === "UNACK" && condition ? null : row.acked_by,
        ackedAt: made === "ack" ? now : core.state === "UNACK" && condition ? null : row.acked_at,
        shelvedBy: made === "shelve" ? cause.who : core.shelvedUntil === null ? null : row.shelved_by,
        shelvedWhy: made === "shelve" ? cause.why : core.shelvedUntil === null ? null : row.shelved_why,
      });
    const peak = row.peak > core.peak ? row.peak : core.peak;
    const id = this.#db
      .prepare(
        `INSERT INTO transitions (alarm, revision, episode, step, state_from, state_to, level, peak, who, why, figures,
           entry, time, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        row.id,
        revision,
        starts ? row.episode + 1 : row.episode,
        made,
        row.state,
        core.state,
        core.level,
        peak,
        cause.who,
        cause.why,
        JSON.stringify(cause.figures),
        cause.entry,
        cause.time,
        now,
      ).lastInsertRowid;
    if (found.broke || made === "unshelve" || made === "unsuppress") this.#released(this.get(row.id)!);
    const written = this.#db.prepare(`${TRANSITIONS} WHERE t.id = ?`).get(id) as TransitionRow;
    return toTransition(written);
  }
}
