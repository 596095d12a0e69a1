/**
 * When notices and renewals are due, kept right across a clock that is set. A wait ("call the duty officer if nobody has
 * acknowledged within ten minutes") is a length of time: setting the hub's clock back an hour must not make it longer.
 */
import { performance } from "node:perf_hooks";
import type Database from "better-sqlite3";
import type { UnixMs } from "../model.js";

/** In `notices.due_at`: due at once, whatever the clock says. */
export const AT_ONCE = 0;

/** Real time for leases and retries, in ms since 1970: the clock as it stood when this process began, never set after. */
export function steadyWall(): number {
  return Math.round(performance.timeOrigin + performance.now());
}

const WAITING = "state IN ('queued', 'retry', 'held')";

/**
 * The hub's clock was set by `stepMs` (ahead is positive) and shows `now`: what waits is due as long from now as before.
 * What was told stays due in the past: a renewal goes to those who were due.
 */
export function shiftDue(db: Database.Database, stepMs: number, now: UnixMs): void {
  const by = Math.round(stepMs);
  db.transaction(() => {
    db.prepare(
      `UPDATE notices SET due_at = max(due_at + ?, ${AT_ONCE} + 1) WHERE due_at <> ${AT_ONCE} AND (${WAITING} OR due_at > ?)`,
    ).run(by, now);
    db.prepare("UPDATE alarms SET renew_at = renew_at + ? WHERE renew_at IS NOT NULL").run(by);
  }).immediate();
}

/**
 * For the start of the hub, whose clock may have been set back while it was off: nothing waits longer from now than it
 * was to wait in all. `wall` is that of this process, which the last one's leases and retries do not know.
 */
export function boundWaits(
  db: Database.Database,
  times: { now: UnixMs; wall: number; renewMs: number; retryMs: number },
) {
  const { now, wall, renewMs, retryMs } = times;
  const run = (sql: string, values: Record<string, number>): unknown => db.prepare(sql).run(values);
  db.transaction(() => {
    const wait = `CASE WHEN ${WAITING} THEN max(0, due_at - created) ELSE 0 END`;
    run(`UPDATE notices SET due_at = @now + ${wait} WHERE due_at <> ${AT_ONCE} AND due_at > @now + ${wait}`, { now });
    run("UPDATE alarms SET renew_at = @latest WHERE renew_at > @latest", { latest: now + renewMs });
    const latest = wall + retryMs;
    run("UPDATE notices SET retry_wall = @latest WHERE retry_wall > @latest", { latest });
    run("UPDATE notices SET lease_until_wall = @latest WHERE lease_until_wall > @latest", { latest });
    run(`UPDATE notices SET created_wall = @wall WHERE ${WAITING} AND created_wall > @wall`, { wall });
  }).immediate();
}
