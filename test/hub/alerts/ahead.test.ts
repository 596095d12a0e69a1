/** The hub's clock ran two days ahead and was set right: what the rules remember lies in the future. */
import assert from "node:assert/strict";
import { overflow } from "../../../hub/alerts/overflow.js";
import { silence } from "../../../hub/alerts/silence.js";
import { MINUTE, short, Street } from "./street.js";

const DAYS = 2 * 24 * 60 * MINUTE;

describe("a clock that was ahead", () => {
  it("does not blind the rule flood: water and silence are seen at once, and readings of the future count no more", () => {
    const street = new Street();
    street.minutes([0, 0, 0, 60, 160]);
    const before = street.state.level;
    street.now -= DAYS;
    street.minutes([0]);
    assert.ok(street.state.recent.every((p) => p.time <= street.now));
    assert.equal(street.state.level, before);
    street.minutes([40, 80, 120, 160, 200]);
    assert.equal(street.state.level, 4);
    street.now -= DAYS;
    assert.deepEqual(short(street.wait(4)), ["unknown raise silent-while-wet"]);
  });

  it("does not blind the rule silence: it counts from when the clock was set right", () => {
    const { defaults } = silence;
    const period = defaults.cadences * defaults.cadenceS * 1000;
    const state = { heard: DAYS, silent: false };
    const first = silence.step(state, { type: "tick", now: 0 }, defaults);
    assert.deepEqual(first.events, []);
    const out = silence.step(first.state, { type: "tick", now: period + 1 }, defaults);
    assert.deepEqual(short(out.events), ["silent raise silent"]);
    const readings = [{ entry: 1, time: 0, property: "pm25", value: 3, flag: 1 as const }];
    const heard = silence.step({ heard: DAYS, silent: true }, { type: "pack", now: 0, readings }, defaults);
    assert.deepEqual(short(heard.events), ["silent clear heard"]);
  });

  it("does not blind the rule overflow", () => {
    let state = { ...overflow.initial(), newest: DAYS, fullSince: DAYS, recent: [{ time: DAYS, fill: 97 }] };
    const raised: string[] = [];
    for (let hour = 0; hour < 4; hour++) {
      const now = hour * 60 * MINUTE;
      const readings = [{ entry: 1, time: now, property: "fill", value: 97, flag: 1 as const }];
      const out = overflow.step(state, { type: "pack", now, readings }, overflow.defaults);
      state = out.state as typeof state;
      raised.push(...short(out.events));
    }
    assert.deepEqual(raised, ["overflow raise full-held"]);
  });
});
