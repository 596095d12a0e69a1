import assert from "node:assert/strict";
import { planOf } from "../../../hardware/bench/plan.js";
import { siteType } from "../../../hardware/sites.js";
import type { Build } from "../../../hardware/sites.js";
import { failed, layFor } from "./test-on.js";

/** The ways of a reservoir's post to the hub are none that a desk has: the same parts at a line. */
const LINE: Build = { board: "esp32", uplink: "serial", supply: "mains" };
const UNDERPASS = siteType("underpass")!;

for (const [name, build] of [
  ["underpass", UNDERPASS.builds[0]],
  ["reservoir", LINE],
] as const)
  describe(`aryk bench before a board of ${name}, to which no voltage is driven: A0 is open, and noisy`, function () {
    this.timeout(180_000);
    const plan = planOf(siteType(name)!, build);
    const laid = layFor(siteType(name)!, build);

    it("passes it by the pins that are wired, and touches no other", async () => {
      assert.ok(!plan.driven && !plan.wires.some(({ rig }) => /^(A0|D6)$/.test(rig)));
      const sheet = await laid.test({});
      assert.deepEqual([sheet.result, sheet.why, failed(sheet)], ["pass", "", []]);
      assert.deepEqual(laid.desk.wereClosed(), ["supply"]);
      assert.equal(laid.desk.highestV(), 0);
      // What A0 says stands nowhere on the sheet.
      for (const { name, rigV } of sheet.steps)
        assert.equal(rigV !== null, /^(rail|supply|switch) /.test(name), `${name}: rig ${rigV} V`);
    });
  });
