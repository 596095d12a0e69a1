import assert from "node:assert/strict";
import { ahead, AHEAD_MS, takesPlace } from "../../hub/newest.js";

const NOW = 1_800_000_000_000;

describe("hub/newest", () => {
  const takes = (reading: [number, number], known: [number, number]) =>
    takesPlace(NOW + reading[0], reading[1], { time: NOW + known[0], seq: known[1] }, () => NOW);

  it("gives the place to a later reading, and within a millisecond to the higher number", () => {
    assert.equal(takes([0, 1], [-1, 9]), true);
    assert.equal(takes([-1, 9], [0, 1]), false);
    assert.equal(takes([0, 8], [0, 7]), true);
    assert.equal(takes([0, 7], [0, 8]), false);
  });

  it("lets the same reading say again what it said", () => {
    assert.equal(takes([0, 7], [0, 7]), true);
  });

  it("lets one that is more than five minutes ahead give way to any, and one that is less to none that is older", () => {
    assert.equal(takes([-3_600_000, 1], [AHEAD_MS + 1, 2]), true);
    assert.equal(takes([-3_600_000, 1], [AHEAD_MS, 2]), false);
    assert.equal(AHEAD_MS, 5 * 60_000);
  });

  it("does not ask the clock for a reading that is newer", () => {
    const clock = () => assert.fail("asked");
    assert.equal(takesPlace(NOW, 2, { time: NOW, seq: 1 }, clock), true);
  });

  it("takes an unknown time for none that is ahead", () => {
    assert.deepEqual(
      [null, NOW + AHEAD_MS, NOW + AHEAD_MS + 1].map((time) => ahead(time, NOW)),
      [false, false, true],
    );
  });
});
