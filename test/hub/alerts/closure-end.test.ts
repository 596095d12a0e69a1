/** How a closure ends: one act of a person, when the water went, and who else hears of it. */
import assert from "node:assert/strict";
import { RegisterConflict } from "../../../hub/alerts/register.js";
import { ask, closureRig, MINUTE } from "./closure-rig.js";

describe("the end of a closure", () => {
  const { later, commit, alarm, act, deliver, responses, register, now } = closureRig();

  it("takes a reset of what nobody had acknowledged for both, in one step, and tells it once", () => {
    commit(["raise", 3], [ask("crew")]);
    commit(["clear", 0], [ask("crew")]);
    deliver();
    assert.equal(alarm().state, "RTN_UNACK");
    act("reset", { reason: "seen dry" });
    assert.deepEqual(
      register()
        .transitions()
        .map(({ step, from, to, who }) => `${step} ${from} ${to} ${who}`),
      [
        "raise NORM UNACK rule:flood",
        "clear UNACK RTN_UNACK rule:flood",
        "ack RTN_UNACK LATCHED Aliya",
        "reset LATCHED NORM Aliya",
      ],
    );
    deliver();
    assert.deepEqual(responses("crew"), ["Avoid", "Monitor+Assess", "AllClear"]);
    assert.equal(alarm().ackedBy, "Aliya");
  });

  it("is not reset by that while the water stands, nor is a lesser alarm that has gone", () => {
    const refused = (e: unknown): boolean => e instanceof RegisterConflict && e.code === "NOT_ALLOWED";
    commit(["raise", 3], [ask("crew")]);
    assert.throws(() => act("reset", { reason: "seen dry" }), refused);
    commit(["clear", 0]);
    act("reset", { reason: "seen dry" });
    commit(["raise", 2]);
    commit(["clear", 0]);
    const before = register().transitions().length;
    assert.throws(() => act("reset", { reason: "seen dry" }), refused);
    assert.deepEqual([alarm().state, register().transitions().length], ["RTN_UNACK", before]);
  });

  it("says when the condition went away, and no longer once it is back", () => {
    commit(["raise", 3]);
    assert.equal(alarm().goneAt, null);
    later(10 * MINUTE);
    const goneAt = now();
    commit(["clear", 0]);
    assert.equal(alarm().goneAt, goneAt);
    later(10 * MINUTE);
    act("ack");
    assert.deepEqual([alarm().goneAt, alarm().changedAt], [goneAt, now()]);
    commit(["raise", 3]);
    assert.equal(alarm().goneAt, null);
  });

  it("tells of its end those to whom the escalation had gone out, at once, and not those whom it never reached", () => {
    const wishes = [
      ask("crew"),
      ask("deputy", { afterMs: 3 * MINUTE, unlessAcked: true }),
      ask("chief", { afterMs: 30 * MINUTE, unlessAcked: true }),
    ];
    commit(["raise", 3], wishes);
    deliver();
    later(4 * MINUTE);
    deliver();
    assert.deepEqual(responses("deputy"), ["Avoid"]);
    act("ack");
    commit(["clear", 0], wishes);
    deliver();
    assert.deepEqual(responses("deputy"), ["Avoid", "Monitor+Assess"]);
    later(60 * MINUTE);
    commit(["raise", 3], [ask("crew")]);
    commit(["clear", 0], wishes);
    deliver();
    assert.deepEqual(responses("chief"), []);
  });
});
