import assert from "node:assert/strict";
import {
  collectHealth,
  drainHealth,
  flowsHealth,
  inputHealth,
  journalHealth,
  type Component,
} from "../../hub/health.js";

const codes = (...components: Component[]) => {
  const { status, reasons } = collectHealth(components);
  return [status, ...reasons.map((r) => `${r.component} ${r.status} ${r.code}`)];
};

describe("health", () => {
  it("is ok while nothing is wrong", () => {
    const all = [
      journalHealth(() => null),
      drainHealth("influxdb", () => ({ entries: 40, stuckMs: 10, error: null })),
      inputHealth("broker", () => ({ up: true, error: null })),
      flowsHealth(() => 900, 30_000),
    ];
    assert.deepEqual(codes(...all), ["ok"]);
  });

  it("is degraded, not down, when a database, an input or the flows are away", () => {
    const away = [
      drainHealth("influxdb", () => ({ entries: 9000, stuckMs: 61_000, error: "ECONNREFUSED" })),
      inputHealth("serial:/dev/ttyUSB0", () => ({ up: false, error: "no such port" })),
      flowsHealth(() => Infinity, 30_000),
    ];
    assert.deepEqual(codes(...away), [
      "degraded",
      "drain:influxdb degraded lag",
      "input:serial:/dev/ttyUSB0 degraded away",
      "flows degraded stale",
    ]);
  });

  it("does not call an output late that has nothing to write", () => {
    assert.deepEqual(codes(drainHealth("influxdb", () => ({ entries: 0, stuckMs: 9e9, error: null }))), ["ok"]);
  });

  it("is down when readings cannot be kept", () => {
    assert.deepEqual(codes(journalHealth(() => new Error("disk I/O error"))), ["down", "journal down no-commit"]);
  });

  it("takes a part that cannot be asked for one that is down", () => {
    const broken = { name: "journal", check: () => assert.fail("cannot be asked") };
    assert.deepEqual(codes(broken), ["down", "journal down check-failed"]);
  });
});
