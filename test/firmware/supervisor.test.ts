import assert from "node:assert/strict";
import type { Hal } from "../../firmware/node/hal.js";
import { createSupervisor } from "../../firmware/node/supervisor.js";
import { SteppedClock } from "../../hub/clock.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * A post that measures every five minutes; what is done to it is written down with its time in minutes. Its watchdog
 * keeps the time that it was set to first, as that of an nRF52 does.
 */
function post(over: { reset?: string; radio?: boolean; periodS?: number } = {}) {
  const clock = new SteppedClock(0);
  const seen: string[] = [];
  let watchdogMs = 0;
  let calm: () => void = () => undefined;
  const bite = (): void => {
    calm();
    calm = clock.after(watchdogMs, () => note("watchdog bites"));
  };
  const note = (what: string): number => seen.push(`${what} at ${Math.round(clock.now() / MINUTE)}`);
  let why = "";
  const state = { waiting: 1, periodS: over.periodS ?? 300, hangs: false };
  const hal = {
    uptimeMs: () => clock.now(),
    after: (ms: number, fn: () => void) => clock.after(ms, () => state.hangs || fn()),
    store: { create: (_name: string, text: string) => ((why = text), true) },
    watchdog: (seconds: number) => {
      seen.push(`watchdog ${seconds}`);
      watchdogMs ||= 1000 * seconds;
      bite();
    },
    kick: bite,
    reboot: () => note(`reboot ${why}`),
    print: () => undefined,
  } as unknown as Hal;
  const { reset = "power", radio = true } = over;
  const supervisor = createSupervisor({
    ...{ hal, roundS: 30, reset, waiting: () => state.waiting, periodS: () => state.periodS },
    ...(radio && { rejoin: () => void note("rejoin") }),
  });
  const round = (kept = true): void => {
    supervisor.began();
    clock.advance(5000);
    supervisor.ended(kept);
    clock.advance(state.periodS * 1000 - 5000);
  };
  const rounds = (count: number): void => {
    for (let i = 0; i < count; i++) round();
  };
  return { clock, seen, state, supervisor, round, rounds, rejoins: () => seen.filter((s) => s.startsWith("rejoin")) };
}

describe("a post's supervisor", () => {
  it("feeds the watchdog for a pack in flash alone, for three periods and a round", () => {
    for (const periodS of [10, 300, 4 * 3600]) {
      const p = post({ periodS, radio: false });
      p.rounds(20);
      assert.deepEqual(p.seen, ["watchdog 300"], `every ${periodS} s`);
      const lastMs = p.clock.now() - periodS * 1000;
      // Its rounds go on, and none of them leaves a pack in flash.
      for (let i = 0; i < 100 && p.seen.length === 1; i++) p.round(false);
      const bitAfterS = (Number(p.seen[1].split(" ").at(-1)) * MINUTE - lastMs) / 1000;
      assert.match(p.seen[1], /^watchdog bites/);
      assert.ok(bitAfterS >= 3 * periodS && bitAfterS <= 3 * periodS + 30 + 300 + 100 + 60, `${bitAfterS} s`);
    }
  });

  it("leaves an interpreter that hangs to the watchdog in five minutes, however long the period is", () => {
    const p = post({ periodS: 4 * 3600 });
    p.rounds(3);
    const hungMs = p.clock.now();
    p.state.hangs = true;
    p.clock.advance(5 * MINUTE);
    assert.match(p.seen.at(-1) ?? "", /^watchdog bites/);
    assert.ok(p.clock.now() - hungMs <= 5 * MINUTE);
  });

  it("gives a start no more time than its first round may take", () => {
    const p = post({ periodS: 4 * 3600 });
    p.clock.advance(10 * MINUTE);
    assert.deepEqual(p.seen, ["watchdog 300", "watchdog bites at 7"]);
  });

  it("restarts a post whose round does not end, long before the watchdog would", () => {
    const p = post();
    p.round();
    p.supervisor.began();
    p.clock.advance(61_000);
    assert.equal(p.seen.at(-1), "reboot round at 6");
  });

  it("joins anew when nothing is answered for half an hour, or twelve periods if that is longer, and again later", () => {
    const p = post();
    p.rounds(12);
    assert.deepEqual(p.rejoins(), []);
    p.rounds(12);
    assert.deepEqual(p.rejoins(), ["rejoin at 60", "rejoin at 90"]);
    p.supervisor.heard();
    p.rounds(12);
    assert.equal(p.rejoins().length, 2);
  });

  it("leaves the link alone while nothing waits", () => {
    const p = post();
    p.state.waiting = 0;
    p.rounds(200);
    assert.deepEqual(p.rejoins(), []);
  });

  it("restarts after six hours without an answer; and after such a restart only once a day", () => {
    const first = post();
    while (!first.seen.some((s) => s.startsWith("reboot"))) first.round();
    assert.equal(first.seen.at(-1), "reboot radio at 360");
    const second = post({ reset: "radio" });
    while (!second.seen.some((s) => s.startsWith("reboot"))) second.round();
    assert.equal(second.seen.at(-1), "reboot radio at 1440");
  });

  it("has more patience with a sleeper that is seldom answered", () => {
    const p = post({ periodS: 4 * 3600 });
    p.rounds(12);
    assert.ok(p.seen.every((s) => s === "watchdog 300"));
    p.rounds(2);
    assert.ok(p.clock.now() > 48 * HOUR);
    assert.match(p.seen.at(-1) ?? "", /^reboot radio/);
  });

  it("has nothing to join on a wire", () => {
    const p = post({ radio: false });
    p.rounds(400);
    assert.ok(p.seen.every((s) => s === "watchdog 300"));
  });

  it("takes another period as it comes: the watchdog's time does not depend on it", () => {
    const p = post();
    p.state.periodS = 10;
    p.rounds(20);
    p.state.periodS = 4 * 3600;
    p.rounds(5);
    assert.ok(
      p.seen.every((s) => s === "watchdog 300" || s.startsWith("rejoin")),
      p.seen.join(),
    );
  });
});
