/** When the watchdog is fed, and when a new start is worth more. */
import assert from "node:assert/strict";
import { createJudge, startWatchdog, statusLine, STUCK_MS } from "../../../hub/service/watchdog.js";

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

describe("the watchdog", () => {
  it("is fed by a hub that is well, and not by one that a new start would mend; both say how they are", async () => {
    const words: string[][] = [];
    const warned: string[] = [];
    const notify = { watchdogMs: 15, tell: async (...said: string[]) => words.push(said) > 0 };
    let failure: Error | null = null;
    const watched = {
      ...{ failure: () => failure, waiting: () => 0, head: () => 1 },
      health: () => ({ status: "ok" as const, reasons: [] }),
    };
    const heard = async (condition: () => boolean): Promise<void> => {
      for (const end = Date.now() + 15_000; !condition(); await new Promise((resolve) => setTimeout(resolve, 2)))
        assert.ok(Date.now() < end, JSON.stringify(words.slice(-3)));
    };
    const watchdog = await startWatchdog(notify, watched, (line) => warned.push(line), 30);
    assert.deepEqual(words[0], ["READY=1", "WATCHDOG=1", "STATUS=ok"]);
    await heard(() => words.length >= 4);
    assert.ok(words.every((said) => said.includes("WATCHDOG=1")));
    failure = failing("SQLITE_CORRUPT");
    await heard(() => words.at(-1)!.some((word) => word.includes("SQLITE_CORRUPT")));
    assert.ok(!words.at(-1)!.includes("WATCHDOG=1"), "systemd hears nothing, and starts a new hub");
    assert.match(warned.join(), /the watchdog is not fed: commits have failed/);
    failure = null;
    await heard(() => words.at(-1)!.includes("WATCHDOG=1"));
    await watchdog.stop();
    assert.equal(words.at(-1)![0], "STOPPING=1");
  });
});
