/** When the watchdog is fed, and when a new start is worth more. */
import assert from "node:assert/strict";
import { createJudge, statusLine, STUCK_MS } from "../../../hub/service/watchdog.js";

function failing(code: string): Error {
  return Object.assign(new Error(`it said ${code}`), { code });
}

function bench() {
  const state = { failure: null as Error | null, waiting: 0, head: 7, now: 0 };
  const watched = {
    failure: () => state.failure,
    waiting: () => state.waiting,
    head: () => state.head,
    health: () => ({ status: "ok" as const, reasons: [] }),
  };
  const judge = createJudge(watched, () => state.now);
  /** Judges every ten seconds for so long. */
  const after = (ms: number): string | null => {
    let said = judge();
    for (const end = state.now + ms; state.now < end;) {
      state.now += 10_000;
      said = judge();
    }
    return said;
  };
  return { state, after };
}

describe("the watchdog's judge", () => {
  it("is content while nothing comes, and while something comes and is committed", () => {
    const { state, after } = bench();
    assert.equal(after(10 * STUCK_MS), null);
    state.waiting = 3;
    for (let i = 0; i < 20; i++) {
      state.head++;
      assert.equal(after(10_000), null);
    }
  });

  it("does not have a hub restarted that waits for room on the disk", () => {
    for (const code of ["SQLITE_FULL", "ENOSPC", "SQLITE_READONLY", "SQLITE_READONLY_DBMOVED", "SQLITE_IOERR_WRITE"]) {
      const { state, after } = bench();
      state.failure = failing(code);
      state.waiting = 3;
      assert.equal(after(10 * STUCK_MS), null, code);
    }
  });

  it("has a hub restarted whose commits fail for another cause, but not at once", () => {
    const { state, after } = bench();
    state.failure = failing("SQLITE_CORRUPT");
    assert.equal(after(STUCK_MS - 10_000), null);
    assert.match(after(10_000) ?? "", /commits have failed for 60 s: it said SQLITE_CORRUPT/);
    state.failure = null;
    assert.equal(after(10_000), null);
    state.failure = failing("SQLITE_CORRUPT");
    assert.equal(after(STUCK_MS - 10_000), null, "the time begins anew");
  });

  it("has a hub restarted in which readings wait for a commit that never comes", () => {
    const { state, after } = bench();
    state.waiting = 1;
    assert.equal(after(STUCK_MS - 10_000), null);
    assert.match(after(20_000) ?? "", /nothing has been committed/);
    state.head++;
    assert.equal(after(0), null);
  });

  it("says in one line how the hub is", () => {
    const reasons = [{ component: "disk", status: "degraded" as const, code: "low", message: "figures" }];
    assert.equal(statusLine({ status: "degraded", reasons }), "degraded: disk low");
    assert.equal(statusLine({ status: "ok", reasons: [] }), "ok");
  });
});
