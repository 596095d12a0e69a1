import assert from "node:assert/strict";
import { siteType } from "../../../hardware/sites.js";
import { openRig } from "../../../hub/bench/rig.js";
import { BOARD } from "./desk.js";
import { failed, layFor, ran } from "./test-on.js";

const TYPE = siteType("underpass-barrier")!;

describe("aryk bench that cannot go on, on real Firmata firmware", function () {
  this.timeout(180_000);
  const laid = layFor(TYPE, TYPE.builds[0]);

  for (const { during, last, dead, steps } of [
    { during: "the board is waited for", last: "rail 3V3", dead: true, steps: 3 },
    { during: "it is at work", last: "flash", dead: false, steps: 5 },
  ])
    it(`is incomplete when the rig is unplugged while ${during}, whatever was good until then`, async () => {
      const sheet = await laid.test({ dead }, { say: ({ name }) => void (name === last && laid.desk.uno.unplug()) });
      await laid.desk.uno.plug();
      assert.equal(sheet.result, "incomplete");
      assert.match(sheet.why, /the rig is lost/);
      assert.deepEqual([ran(sheet), failed(sheet)], [steps, []]);
      laid.reopen();
      assert.equal(laid.registry.sheets(BOARD).at(-1)?.result, "incomplete");
    });

  it("is incomplete when the rig is not there", async () => {
    const sheet = await laid.test({}, { openRig: () => openRig({ path: "/dev/ttyNone" }) });
    assert.deepEqual([sheet.result, ran(sheet)], ["incomplete", 0]);
    assert.match(sheet.why, /no such port/);
  });

  it("is incomplete when the board is silent", async () => {
    const sheet = await laid.test({ dead: true }, { patienceMs: 1000 });
    assert.equal(sheet.result, "incomplete");
    assert.match(sheet.why, /desk-1 was not heard within 1 s/);
    assert.equal(ran(sheet), 3);
  });

  it("never feeds a board whose divider is missing", async () => {
    const sheet = await laid.test({ noDivider: true });
    assert.equal(sheet.result, "incomplete");
    assert.match(sheet.why, /the divider's lower resistor is missing/);
    assert.deepEqual(laid.desk.wereClosed(), []);
    assert.ok(laid.desk.highestV() < 0.7);
  });

  it("goes no further with a board that another supply feeds, or whose rail is too high", async () => {
    const fed = await laid.test({ backFeed: true });
    assert.deepEqual([fed.result, failed(fed)], ["fail", ["supply off"]]);
    assert.deepEqual(laid.desk.wereClosed(), []);
    const high = await laid.test({ backFeed: false, rail33: 3.7 });
    assert.deepEqual([high.result, failed(high)], ["fail", ["rail 3V3"]]);
    assert.match(high.why, /nothing further was tried/);
    // Nobody waits for the answer of a board that must not be fed: its supply is off at once.
    const silent = await laid.test({ backFeed: false, rail33: 3.7, dead: true });
    assert.deepEqual([silent.result, failed(silent)], ["fail", ["rail 3V3"]]);
  });
});
