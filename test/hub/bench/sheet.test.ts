import assert from "node:assert/strict";
import { planOf } from "../../../hardware/bench/plan.js";
import { siteType } from "../../../hardware/sites.js";
import { createSheet, stepLine } from "../../../hub/bench/sheet.js";
import type { StepHead } from "../../../hub/bench/sheet.js";

const TYPE = siteType("underpass")!;
const PLAN = planOf(TYPE, TYPE.builds[0]);
const head = (name: string): StepHead => ({ name, did: "d", unit: "V", source: "s", rigV: 1 });

describe("the sheet of a bench test", () => {
  it("lists every step of the plan, those that were not run too", () => {
    const sheet = createSheet(PLAN, () => undefined);
    sheet.judge(head("supply off"), { least: 0, most: 0.3 }, 0.1);
    const steps = sheet.steps();
    assert.deepEqual(
      steps.map(({ name, result }) => [name, result]),
      [
        ["supply off", "pass"],
        ...["rail 5V", "rail 3V3", "image", "flash", "mb7389 uart1", "sht31 i2c1"].map((name) => [name, "not-run"]),
      ],
    );
  });

  it("takes nothing that was not said for a pass, nor a number that is none, nor a word for a number", () => {
    for (const [wanted, measured] of [
      [{ least: 0, most: 1 }, null],
      [{ least: 0, most: 1 }, NaN],
      [{ least: NaN, most: NaN }, 0.5],
      [{ least: 0, most: 1 }, "0.5"],
      [{ least: 0, most: 1 }, 1.0001],
      [{ word: "ok" }, null],
      [{ word: "ok" }, "OK"],
      [{ word: "!electrical" }, "!range"],
    ] as const) {
      const sheet = createSheet(PLAN, () => undefined);
      assert.equal(sheet.judge(head("flash"), wanted, measured), false);
      assert.equal(sheet.steps()[0].result, "fail");
    }
  });

  it("keeps of what a board says no more than a row takes", () => {
    const sheet = createSheet(PLAN, () => undefined);
    sheet.judge(head("image"), { word: "underpass" }, "x".repeat(5000));
    sheet.fail(head("sht31 i2c1"), "y".repeat(5000), "z".repeat(5000));
    for (const { measured, why } of sheet.steps()) assert.ok(String(measured ?? "").length <= 160 && why.length <= 200);
  });

  it("is read line by line", () => {
    const sheet = createSheet(PLAN, () => undefined);
    sheet.judge({ ...head("flash"), unit: "mA" }, { least: 5.8534, most: 6.1119 }, 5.98771);
    assert.match(stepLine(sheet.steps()[0]), /^ok {3}flash +5\.988 mA +expected 5\.853 … 6\.112 \| d \| rig 1 V$/);
  });
});
