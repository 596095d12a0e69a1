import assert from "node:assert/strict";
import { NEW_ALARM, SHELF_MAX_HIGH_MS, SHELF_MAX_MS, step } from "../../../hub/alerts/alarm-state.js";
import type { AlarmCore, AlarmInput, AlarmState } from "../../../hub/alerts/alarm-state.js";
import type { Level } from "../../../hub/alerts/rule.js";

const NOW = 1_700_000_000_000;
const core = (state: AlarmState, level: Level = 0, peak: Level = level): AlarmCore => ({
  ...NEW_ALARM,
  state,
  level,
  peak,
});

/** from, level, peak, input → state, level, step, alerts; null = nothing to do; "refused". */
type Row = [AlarmState, Level, Level, AlarmInput, [AlarmState, Level, string, boolean] | null | "refused"];
const raise = (level: Level): AlarmInput => ({ type: "raise", level });
const CLEAR: AlarmInput = { type: "clear" };
const ACK: AlarmInput = { type: "ack" };
const RESET: AlarmInput = { type: "reset" };

const TABLE: Row[] = [
  ["NORM", 0, 0, raise(1), ["UNACK", 1, "raise", true]],
  ["NORM", 0, 0, raise(0), ["UNACK", 0, "raise", true]],
  ["NORM", 0, 0, CLEAR, null],
  ["NORM", 0, 0, ACK, "refused"],
  ["NORM", 0, 0, RESET, "refused"],
  ["UNACK", 1, 1, raise(1), null],
  ["UNACK", 1, 1, raise(3), ["UNACK", 3, "escalate", true]],
  ["UNACK", 2, 2, raise(1), ["UNACK", 1, "deescalate", false]],
  ["UNACK", 1, 1, CLEAR, ["RTN_UNACK", 1, "clear", true]],
  ["UNACK", 3, 3, CLEAR, ["RTN_UNACK", 3, "clear", true]],
  ["UNACK", 3, 3, ACK, ["ACKED", 3, "ack", false]],
  ["ACKED", 2, 2, raise(3), ["UNACK", 3, "escalate", true]],
  ["ACKED", 3, 3, raise(3), null],
  ["ACKED", 2, 2, raise(1), ["ACKED", 1, "deescalate", false]],
  ["ACKED", 2, 2, CLEAR, ["NORM", 0, "clear", true]],
  ["ACKED", 3, 3, CLEAR, ["LATCHED", 3, "clear", true]],
  ["ACKED", 1, 4, CLEAR, ["LATCHED", 1, "clear", true]],
  ["ACKED", 2, 2, ACK, "refused"],
  ["RTN_UNACK", 2, 2, ACK, ["NORM", 0, "ack", false]],
  ["RTN_UNACK", 4, 4, ACK, ["LATCHED", 4, "ack", false]],
  ["RTN_UNACK", 2, 2, raise(1), ["UNACK", 1, "raise", true]],
  ["RTN_UNACK", 2, 2, CLEAR, null],
  ["RTN_UNACK", 3, 3, RESET, "refused"],
  ["LATCHED", 3, 3, RESET, ["NORM", 0, "reset", false]],
  ["LATCHED", 3, 3, raise(1), ["UNACK", 1, "raise", true]],
  ["LATCHED", 3, 3, CLEAR, null],
  ["LATCHED", 3, 3, ACK, "refused"],
];

describe("alarm state (ISA-18.2)", () => {
  for (const [state, level, peak, input, expected] of TABLE) {
    const name = input.type === "raise" ? `raise ${input.level}` : input.type;
    it(`${state} level ${level} peak ${peak}: ${name} → ${JSON.stringify(expected)}`, () => {
      const found = step(core(state, level, peak), input, NOW);
      if (expected === null) assert.equal(found.result, "none");
      else if (expected === "refused") assert.equal(found.result, "refused");
      else {
        assert.ok(found.result === "moved");
        assert.deepEqual([found.core.state, found.core.level, found.step, found.alerts], expected);
      }
    });
  }

  it("keeps the peak until the alarm is normal again", () => {
    let now = core("NORM");
    for (const input of [raise(3), raise(1), ACK, CLEAR]) {
      const found = step(now, input, NOW);
      assert.ok(found.result === "moved");
      now = found.core;
    }
    assert.deepEqual([now.state, now.peak], ["LATCHED", 3]);
  });

  it("bounds shelves by level, and lets a higher level break one", () => {
    const shelve = (ms: number): AlarmInput => ({ type: "shelve", until: NOW + ms });
    assert.equal(step(core("ACKED", 2), shelve(SHELF_MAX_MS + 1), NOW).result, "refused");
    assert.equal(step(core("ACKED", 3), shelve(SHELF_MAX_HIGH_MS + 1), NOW).result, "refused");
    assert.equal(step(core("ACKED", 2), shelve(0), NOW).result, "refused");
    assert.equal(step(core("ACKED", 2), { type: "shelve", until: NaN }, NOW).result, "refused");
    assert.equal(step(core("NORM"), shelve(1000), NOW).result, "refused");
    const shelved = step(core("ACKED", 2), shelve(SHELF_MAX_MS), NOW);
    assert.ok(shelved.result === "moved" && shelved.core.shelvedUntil === NOW + SHELF_MAX_MS);
    const lower = step(shelved.core, raise(1), NOW);
    assert.ok(lower.result === "moved" && lower.core.shelvedUntil !== null && !lower.broke);
    const higher = step(shelved.core, raise(3), NOW);
    assert.ok(higher.result === "moved" && higher.core.shelvedUntil === null && higher.broke);
  });
});
