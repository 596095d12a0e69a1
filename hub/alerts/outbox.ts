/**
 * The notices of the register: who is to be told, and how far that has come. Being due is a matter of the hub's clock;
 * leases, retries and providers live in real time (`wall`). See due.ts for clocks that are set.
 */
import { randomUUID } from "node:crypto";
import type Database from "better-sqlite3";
import { AT_ONCE } from "./due.js";
import { numberOf, RegisterConflict } from "./protocol.js";
import type { Notice, NoticeRequest, NoticeState, Priority, Receipt, Telling, Transition } from "./protocol.js";
import { toNotice } from "./register-rows.js";
import type { AlarmRow, NoticeRow } from "./register-rows.js";

/** Seconds before attempt 1, 2, 3 …; the last one repeats. */
export const RETRY_S = [0, 3, 8, 20, 45, 90, 120];
/** A notice that could not be handed over for this long is missed: a person must be called. */
export const AGE_LIMIT_MS = 30 * 60_000;

const SELECT = "SELECT n.*, a.site, a.kind FROM notices n JOIN alarms a ON a.id = n.alarm";

/** 1 for level 4, 2 for level 3, 3 for level 2, UNKNOWN, renewals and the ends of a closure, 4 for the rest. */
export function priorityOf(transition: Pick<Telling, "kind" | "step" | "level" | "peak" | "renewal">): Priority {
  if (transition.kind === "unknown") return transition.step === "clear" ? 4 : 3;
  if (transition.kind !== "flood") return 4;
  if (transition.step === "clear" || transition.step === "reset") return transition.peak >= 3 ? 3 : 4;
  // It says nothing new: a new closure goes first.
  if (transition.renewal !== undefined) return 3;
  return ([4, 4, 3, 2, 1] as const)[transition.level];
}

/** Whether this transition concerns somebody who asked from `minLevel` on: an end concerns those whom the peak did. */
export function concerns(request: NoticeRequest, transition: Transition): boolean {
  return (transition.step === "clear" ? transition.peak : transition.level) >= request.minLevel;
}

export class Outbox {
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #wall: () => number;

  constructor(db: Database.Database, now: () => number, wall: () => number) {
    this.#db = db;
    this.#now = now;
    this.#wall = wall;
  }

  /** Writes a notice inside the caller's transaction. A key that is there already stays as it is. */
  add(request: NoticeRequest, transition: Telling, held: boolean): void {
    const { alarm, revision, renewal } = transition;
    const { to, afterMs = 0 } = request;
    const key = `${alarm}:${numberOf(transition)}:${request.channel}:${to}`;
    this.#db
      .prepare(
        `INSERT INTO notices (key, alarm, revision, renewal, step, level, priority, channel, recipient, language,
           unless_acked, state, attempts, created, created_wall, due_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
      )
      .run(
        key,
        alarm,
        revision,
        renewal ?? 0,
        transition.step,
        transition.level,
        priorityOf(transition),
        request.channel,
        to,
        request.language,
        request.unlessAcked === true ? 1 : 0,
        held ? "held" : "queued",
        transition.at,
        this.#wall(),
        afterMs > 0 ? transition.at + afterMs : AT_ONCE,
      );
  }

  /** The end of a shelf: what it held back is sent if the alarm still stands as it was, else it falls away. */
  release(alarm: AlarmRow): void {
    this.#db
      .prepare(
        `UPDATE notices SET state = CASE WHEN revision = @revision AND @active THEN 'queued' ELSE 'dropped' END,
           created_wall = @wall
         WHERE alarm = @alarm AND state = 'held'`,
      )
      .run({
        revision: alarm.alert_revision,
        active: alarm.state === "UNACK" ? 1 : 0,
        wall: this.#wall(),
        alarm: alarm.id,
      });
  }

  /**
   * Tidies up inside the caller's transaction: leases that ran out go back to be tried again, notices that are no
   * longer needed are dropped, old ones are missed. Returns the number of notices it changed.
   */
  sweep(): number {
    const now = this.#now();
    const wall = this.#wall();
    const run = (sql: string, ...values: number[]): number => this.#db.prepare(sql).run(...values).changes;
    return (
      run(
        `UPDATE notices SET state = 'retry', lease = NULL, retry_wall = ?, error = 'lease ran out'
         WHERE state = 'leased' AND lease_until_wall <= ?`,
        wall,
        wall,
      ) +
      run(
        `UPDATE notices SET state = 'dropped' WHERE state IN ('queued', 'retry') AND unless_acked = 1 AND EXISTS
           (SELECT 1 FROM alarms a WHERE a.id = alarm AND (a.state <> 'UNACK' OR a.alert_revision <> notices.revision))`,
      ) +
      run(
        `UPDATE notices SET state = 'dropped' WHERE state IN ('queued', 'retry') AND renewal > 0 AND EXISTS
           (SELECT 1 FROM alarms a WHERE a.id = alarm AND (a.renew_at IS NULL OR a.alert_revision <> notices.revision))`,
      ) +
      run(
        `UPDATE notices SET state = 'expired' WHERE state IN ('queued', 'retry') AND due_at <= ? AND created_wall <= ?`,
        now - AGE_LIMIT_MS,
        wall - AGE_LIMIT_MS,
      )
    );
  }

  /** Hands out due notices of a channel, the most urgent first. Each is the caller's for `leaseMs` of real time. */
  claim(channel: string, limit: number, leaseMs: number, priority?: Priority): Notice[] {
    return this.#db
      .transaction(() => {
        this.sweep();
        const wall = this.#wall();
        const rows = this.#db
          .prepare(
            `${SELECT} WHERE n.channel = ? AND n.due_at <= ? AND (? IS NULL OR n.priority = ?)
               AND (n.state = 'queued' OR (n.state = 'retry' AND n.retry_wall <= ?))
             ORDER BY n.priority, n.id LIMIT ?`,
          )
          .all(channel, this.#now(), priority ?? null, priority ?? null, wall, limit) as NoticeRow[];
        const take = this.#db.prepare(
          `UPDATE notices SET state = 'leased', attempts = attempts + 1, lease = ?, lease_until_wall = ? WHERE id = ?`,
        );
        return rows.map((row) => {
          const lease = randomUUID();
          take.run(lease, wall + leaseMs, row.id);
          return toNotice({ ...row, state: "leased", attempts: row.attempts + 1, lease });
        });
      })
      .immediate();
  }

  /** The channel handed it over. @throws RegisterConflict LEASE_LOST if somebody else holds it by now */
  done(id: number, lease: string, receipt: Receipt): void {
    this.#settle(id, lease, receipt.state, receipt.providerId ?? null, null, null);
  }

  /**
   * The channel could not hand it over. It is tried again by the schedule (or after `retryAfterMs`, if that is later),
   * unless `final`.
   */
  failed(id: number, lease: string, error: string, options: { final?: boolean; retryAfterMs?: number } = {}): void {
    const row = this.#row(id);
    const wait = 1000 * RETRY_S[Math.min(row?.attempts ?? 1, RETRY_S.length - 1)];
    const retryWall = this.#wall() + Math.max(wait, options.retryAfterMs ?? 0);
    this.#settle(id, lease, options.final === true ? "dead" : "retry", null, error, retryWall);
  }

  /** A later word of the provider about a notice that was sent. Never backwards: read stays read. */
  receipt(id: number, receipt: Receipt): void {
    const order: NoticeState[] = ["sent", "delivered", "read"];
    this.#db.transaction(() => {
      const row = this.#row(id);
      if (row === undefined) throw new RegisterConflict("UNKNOWN_ALARM", `there is no notice ${id}`);
      this.#log(id, receipt.state, receipt.providerId ?? null, null);
      if (order.indexOf(receipt.state) > order.indexOf(row.state))
        this.#db.prepare("UPDATE notices SET state = ?, lease = NULL WHERE id = ?").run(receipt.state, id);
    })();
  }

  /** Notices, newest first. `state: "expired"` are those for which somebody must be called. */
  list(filter: { state?: NoticeState; alarm?: number } = {}, limit = 200): Notice[] {
    const rows = this.#db
      .prepare(`${SELECT} WHERE (? IS NULL OR n.state = ?) AND (? IS NULL OR n.alarm = ?) ORDER BY n.id DESC LIMIT ?`)
      .all(filter.state ?? null, filter.state ?? null, filter.alarm ?? null, filter.alarm ?? null, limit);
    return (rows as NoticeRow[]).map(toNotice);
  }

  /** How many notices stand in each state. */
  counts(): Partial<Record<NoticeState, number>> {
    const rows = this.#db.prepare("SELECT state, count(*) AS n FROM notices GROUP BY state").all();
    return Object.fromEntries((rows as { state: NoticeState; n: number }[]).map((r) => [r.state, r.n]));
  }

  #row(id: number): NoticeRow | undefined {
    return this.#db.prepare(`${SELECT} WHERE n.id = ?`).get(id) as NoticeRow | undefined;
  }

  #log(id: number, state: string, providerId: string | null, detail: string | null): void {
    this.#db
      .prepare("INSERT INTO receipts (notice, state, provider_id, detail, at, wall) VALUES (?, ?, ?, ?, ?, ?)")
      .run(id, state, providerId, detail, this.#now(), this.#wall());
  }

  #settle(
    id: number,
    lease: string,
    to: string,
    providerId: string | null,
    error: string | null,
    retry: number | null,
  ) {
    this.#db.transaction(() => {
      const changed = this.#db
        .prepare(
          `UPDATE notices SET state = ?, lease = NULL, lease_until_wall = NULL, retry_wall = ?,
             provider_id = coalesce(?, provider_id), error = ? WHERE id = ? AND lease = ? AND state = 'leased'`,
        )
        .run(to, retry, providerId, error, id, lease).changes;
      if (changed === 0) throw new RegisterConflict("LEASE_LOST", `notice ${id} is not held under this lease`);
      this.#log(id, to, providerId, error);
    })();
  }
}
