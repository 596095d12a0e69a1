/** A wait is a length of time: whoever sets the hub's clock makes it neither longer nor shorter. */
import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { AT_ONCE } from "../../../hub/alerts/due.js";
import { REGISTER } from "../../../hub/alerts/register-schema.js";
import { ask, closureRig, MINUTE } from "./closure-rig.js";

const HOUR = 60 * MINUTE;

describe("what the register is to tell later", () => {
  const { open, later, clockSet, commit, deliver, heardBy, register, takeFence } = closureRig();
  const duty = ask("duty", { afterMs: 10 * MINUTE });

  /** The hub ends, and starts again after `ms`. */
  function restart(ms: number, clockSetByMs = 0): void {
    register().close();
    later(ms);
    clockSet(clockSetByMs, "off");
    open();
    takeFence();
  }

  for (const [name, byMs] of [
    ["back", -HOUR],
    ["ahead", HOUR],
  ] as const)
    it(`comes when it was to come, though the clock was set ${name} by an hour`, () => {
      commit(["raise", 2], [duty]);
      later(4 * MINUTE);
      clockSet(byMs);
      later(5 * MINUTE);
      assert.deepEqual(deliver(), []);
      later(MINUTE);
      assert.equal(deliver().length, 1);
    });

  for (const [name, byMs] of [
    ["back", -HOUR],
    ["ahead", 30 * MINUTE],
  ] as const)
    it(`renews a closure in time, though the clock was set ${name}`, () => {
      commit(["raise", 3], [ask("crew"), duty]);
      later(10 * MINUTE);
      assert.equal(deliver().length, 2);
      clockSet(byMs);
      later(39 * MINUTE);
      commit(null);
      assert.deepEqual(deliver(), []);
      later(MINUTE);
      commit(null);
      assert.equal(deliver().length, 2);
      assert.deepEqual(
        heardBy("duty").map(({ notice }) => notice.renewal),
        [0, 1],
      );
    });

  it("waits no longer than it was to wait in all, when the clock was set back while the hub was off", () => {
    commit(["raise", 3], [ask("crew"), duty]);
    assert.equal(deliver().length, 1);
    later(MINUTE);
    restart(MINUTE, -24 * HOUR);
    later(9 * MINUTE);
    assert.deepEqual(deliver(), []);
    later(MINUTE);
    assert.equal(deliver().length, 1);
    later(40 * MINUTE);
    commit(null);
    assert.equal(deliver().length, 2);
  });

  it("waits on for what it waited for, when the hub is merely started again", () => {
    commit(["raise", 2], [duty]);
    later(4 * MINUTE);
    restart(MINUTE);
    later(4 * MINUTE);
    assert.deepEqual(deliver(), []);
    later(MINUTE);
    assert.equal(deliver().length, 1);
  });

  it("comes at once after an update, if it was to come at once in format 2 of the register", () => {
    const file = new Database(":memory:");
    REGISTER.create(file);
    file.exec(`INSERT INTO alarms (site, kind, state, level, peak, revision, alert_revision, episode, changed_at, reason, figures)
      VALUES ('s', 'flood', 'UNACK', 2, 2, 1, 1, 1, 500, '', '{}')`);
    const add =
      file.prepare(`INSERT INTO notices (key, alarm, revision, renewal, step, level, priority, channel, recipient,
      language, unless_acked, state, attempts, created, created_wall, due_at)
      VALUES (?, 1, 1, 0, 'raise', 2, 3, 'log', '', 'en', 0, 'queued', 0, 500, 500, ?)`);
    add.run("at once", 500);
    add.run("later", 501);
    REGISTER.migrations[2](file);
    assert.deepEqual(file.prepare("SELECT due_at FROM notices ORDER BY id").pluck().all(), [AT_ONCE, 501]);
    file.close();
  });
});
