import assert from "node:assert/strict";
import { siteType } from "../../../hardware/sites.js";
import type { Build } from "../../../hardware/sites.js";
import { sheetText } from "../../../hub/bench/sheet.js";
import type { SheetStep } from "../../../hub/registry/bench.js";
import { failed, layFor } from "./test-on.js";

describe("aryk bench before a board with a rain gauge, a divider and a switched supply", function () {
  this.timeout(180_000);
  // Its own way to the hub is a radio, which no desk has: the same parts on the other board.
  const type = siteType("canal")!;
  const build: Build = { board: "esp32", uplink: "serial", supply: "mains" };
  const laid = layFor(type, build);

  it("counts each tip once, finds the battery, and sees the switch go on and off", async () => {
    const sheet = await laid.test({});
    assert.deepEqual([sheet.result, sheet.why], ["pass", ""], sheetText(sheet, { by: "anna" }));
    const of = (name: string): SheetStep => sheet.steps.find((step) => step.name === name)!;
    const tips = of("rain pulse1 5 tips");
    assert.equal(tips.measured, tips.least);
    const battery = of("battery analog1 2.5 V");
    assert.ok(Math.abs(Number(battery.measured) - 1000 * Number(battery.rigV)) < 20 && Number(battery.rigV) < 2.45);
    assert.equal(of("battery analog1 0 V").measured, "!electrical");
    assert.ok(Number(of("switch parts on").rigV) > 4.8 && Number(of("switch parts off").rigV) < 0.1);
  });

  it("fails by name a pulse that does not come and a switch that stays closed", async () => {
    const sheet = await laid.test({ stuck: "pulse", switchStuck: true });
    assert.deepEqual(failed(sheet), ["switch parts off", "rain pulse1 5 tips"]);
    assert.equal(sheet.result, "fail");
  });
});
