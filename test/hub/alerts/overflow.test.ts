import assert from "node:assert/strict";
import { overflow } from "../../../hub/alerts/overflow.js";
import { silence } from "../../../hub/alerts/silence.js";
import type { RuleEvent } from "../../../hub/alerts/rule.js";
import type { Flag } from "../../../hub/model.js";

const HOUR = 3_600_000;
/** Midnight in Almaty. */
const MIDNIGHT = Date.parse("2026-06-01T00:00:00+05:00");

describe("rule overflow", () => {
  let state = overflow.initial();
  let now = MIDNIGHT;
  beforeEach(() => {
    state = overflow.initial();
    now = MIDNIGHT;
  });
  function hours(...fills: (number | { value: number | null; flag: Flag })[]): string[] {
    const events: RuleEvent[] = [];
    for (const fill of fills) {
      now += HOUR;
      const { value, flag } = typeof fill === "number" ? { value: fill, flag: 1 as Flag } : fill;
      const readings = [{ entry: 1, time: now, property: "fill", value, flag }];
      for (const input of [{ type: "pack", now, readings } as const, { type: "tick", now } as const]) {
        const out = overflow.step(state, input, overflow.defaults);
        state = out.state;
        events.push(...out.events);
      }
    }
    return events.map((e) => `${e.action} ${e.level} ${e.reason}`);
  }

  it("raises after two hours at 95 %", () => {
    assert.deepEqual(hours(80, 96, 97), []);
    assert.deepEqual(hours(95), ["raise 1 full-held"]);
    assert.deepEqual(hours(99, 100, 100), []);
  });

  it("starts the two hours anew below 95 %", () => {
    assert.deepEqual(hours(96, 97, 94, 96, 97), []);
  });

  it("raises for a flat top by day, not by night", () => {
    assert.deepEqual(hours(91, 91, 91.5, 91, 91, 91), []);
    now = MIDNIGHT + 9 * HOUR;
    assert.deepEqual(hours(91.4, 91, 91.2, 91), ["raise 1 flat-top"]);
  });

  it("clears by an emptying that the next reading confirms, and by nothing else", () => {
    hours(96, 97, 98);
    assert.ok(state.raised);
    assert.deepEqual(hours(85, 80, 78, 75), [], "settling is no emptying");
    assert.deepEqual(hours(10, 74), [], "one low reading is no emptying");
    assert.deepEqual(hours({ value: null, flag: 9 }, { value: 5, flag: 4 }), [], "faults are no emptying");
    assert.deepEqual(hours(12), []);
    assert.deepEqual(hours(13), ["clear 0 emptied"]);
  });

  it("ignores what is older than the newest, and lasts through days without data", () => {
    hours(96, 97, 98);
    now += 72 * HOUR;
    assert.deepEqual(overflow.step(state, { type: "tick", now }, overflow.defaults).events, []);
    const old = [{ entry: 1, time: MIDNIGHT, property: "fill", value: 0, flag: 1 as Flag }];
    assert.equal(overflow.step(state, { type: "pack", now, readings: old }, overflow.defaults).state, state);
  });
});

describe("rule silence", () => {
  const settings = { ...silence.defaults, cadenceS: 300 };
  const pack = (time: number, now: number, flag: Flag = 1) => {
    const readings = [{ entry: 1, time, property: "pm25", value: flag === 9 ? null : 3, flag }];
    return { type: "pack", now, readings } as const;
  };

  it("raises after three periods and clears when the post is heard", () => {
    const heard = silence.step(silence.initial(), pack(0, 0), settings).state;
    assert.deepEqual(silence.step(heard, { type: "tick", now: 900_000 }, settings).events, []);
    const out = silence.step(heard, { type: "tick", now: 900_001 }, settings);
    assert.deepEqual(
      out.events.map((e) => [e.kind, e.action, e.figures.ageMinutes]),
      [["silent", "raise", 15]],
    );
    assert.deepEqual(silence.step(out.state, { type: "tick", now: 9e9 }, settings).events, []);
    const back = silence.step(out.state, pack(1_000_000, 1_000_000), settings);
    assert.deepEqual(
      back.events.map((e) => e.action),
      ["clear"],
    );
  });

  it("writes down no sign of life that is newer by less than a twentieth of the cadence, but ends a silence by any", () => {
    const heard = silence.step(silence.initial(), pack(0, 0), settings).state;
    assert.equal(silence.step(heard, pack(15_000, 15_000), settings).state, heard);
    assert.equal(silence.step(heard, pack(15_001, 15_001), settings).state.heard, 15_001);
    const silent = { heard: 0, silent: true };
    assert.deepEqual(silence.step(silent, pack(1, 1), settings).state, { heard: 1, silent: false });
  });

  it("does not take faults, or readings from long ago, for a sign of life", () => {
    const state = { heard: 0, silent: true };
    assert.deepEqual(silence.step(state, pack(5_000_000, 5_000_000, 9), settings).state, state);
    const late = silence.step(state, pack(1_000_000, 9_000_000), settings);
    assert.deepEqual(late.events, []);
    assert.deepEqual(late.state, { heard: 1_000_000, silent: true });
  });
});
