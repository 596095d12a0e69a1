/** Water by pressure and by float: figures computed by hand from hydrostatics. */
import assert from "node:assert/strict";
import { derive, seesFromMm, validateParams } from "../../../hub/calibration/index.js";
import { MM_PER_HPA } from "../../../hub/calibration/head.js";
import { inputs, record } from "./record.js";

const close = (actual: number | null | undefined, expected: number, within: number): void =>
  assert.ok(Math.abs((actual ?? NaN) - expected) <= within, `${actual} is not ${expected}`);

const depth = (params: Record<string, unknown>, values: Record<string, number | null>) =>
  derive("water-depth", record("water-depth", "head-depth", params), inputs(values));
const level = (params: Record<string, unknown>, values: Record<string, number | null>) =>
  derive("water-level", record("water-level", "head-level", params), inputs(values));

describe("water by a pressure probe", () => {
  it("knows that 10 kPa are 1.0197 m", () => close(100 * MM_PER_HPA, 1019.7, 0.05));

  it("adds the probe's own height, and gives the depth at the lowest point", () => {
    const sump = { probeHeightMm: -300, lowPointOffsetMm: 120, offsetMm: 5 };
    close(depth(sump, { head: 500 })?.value, 500 - 300 - 5 + 120, 1e-9);
    close(level({ probeHeightMm: 8120 }, { head: 1880 })?.value, 10_000, 1e-9);
  });

  it("says dry while water stands in the sump only, or not at all", () => {
    for (const head of [0, -12, 290, 315]) assert.equal(depth({ probeHeightMm: -300 }, { head })?.value, 0, `${head}`);
    assert.equal(depth({ probeHeightMm: 100 }, { head: 4 })?.value, 0);
  });

  it("takes heavier water for less of it", () => {
    close(level({ probeHeightMm: 0, densityKgM3: 1200 }, { head: 1200 })?.value, 1000, 1e-9);
  });

  it("takes the air's pressure off a probe without a vent, and waits for it", () => {
    const params = { probeHeightMm: 0, vented: false };
    close(level(params, { head: 900 * MM_PER_HPA + 750, pressure: 900 })?.value, 750, 1e-6);
    assert.equal(level(params, { head: 9900 }), null);
    assert.deepEqual(level(params, { head: 9900, pressure: null })?.why, ["input:pressure"]);
  });

  it("doubts a probe that says less than nothing, and a level below the probe", () => {
    assert.deepEqual(
      [depth({ probeHeightMm: 0 }, { head: -80 })?.flag, depth({ probeHeightMm: 0 }, { head: -80 })?.why],
      [3, ["geometry"]],
    );
    assert.equal(level({ probeHeightMm: 500 }, { head: -10 })?.flag, 3);
    assert.equal(level({ probeHeightMm: 500, maxMm: 2000 }, { head: 1600 })?.flag, 3);
  });

  it("makes no number of a probe's fault", () => {
    assert.deepEqual(depth({ probeHeightMm: 0 }, { head: null }), {
      property: "water-depth",
      value: null,
      flag: 9,
      why: ["input:head"],
      calibration: 7,
    });
  });

  it("refuses a record without the probe's height, or with its limits crossed", () => {
    assert.throws(() => validateParams("head-level", {}, "water-level"), /probeHeightMm/);
    assert.throws(
      () => validateParams("head-level", { probeHeightMm: 0, minMm: 10, maxMm: 5 }, "water-level"),
      /maxMm/,
    );
    assert.throws(() => validateParams("head-depth", { probeHeightMm: 0 }, "water-level"), /does not derive/);
  });
});

describe("water by a float switch", () => {
  const params = { switchHeightMm: 150, lowPointOffsetMm: 60 };
  const by = (values: Record<string, number | null>) =>
    derive("water-depth", record("water-depth", "float-depth", params), inputs(values));

  it("says at least its height when it is lifted, and says that it is at least that", () => {
    const found = by({ float: 1 });
    assert.deepEqual([found?.value, found?.flag, found?.why], [210, 1, ["at-least"]]);
  });

  it("says dry when it hangs, and nothing when its wire is cut", () => {
    assert.deepEqual([by({ float: 0 })?.value, by({ float: 0 })?.why], [0, undefined]);
    assert.equal(by({ float: null })?.value, null);
    assert.equal(by({ distance: 1000 }), null);
  });
});

describe("float and probe beside an echo", () => {
  const float = { switchHeightMm: 110, lowPointOffsetMm: 40 };
  const probe = { probeHeightMm: 0, lowPointOffsetMm: 40 };

  it("give depths of their own, each by its record", () => {
    const pack = inputs({ distance: 2900, float: 1, head: 180 });
    const by = (property: string, model: string, params: Record<string, unknown>) =>
      derive(property, record(property, model, params), pack)?.value;
    assert.equal(by("water-depth-float", "float-depth", float), 150);
    assert.equal(by("water-depth-head", "head-depth", probe), 220);
  });

  it("cannot be exchanged", () => {
    assert.throws(() => validateParams("float-depth", float, "water-depth-head"), /does not derive/);
    assert.throws(() => validateParams("head-depth", probe, "water-depth-float"), /does not derive/);
    assert.throws(() => validateParams("level-depth", { mountHeightMm: 3000 }, "water-depth-float"), /does not derive/);
  });

  it("show for certain what they say from there on, and nothing below", () => {
    const sees = (model: string, params: Record<string, unknown>) => seesFromMm(record("water-depth", model, params));
    assert.equal(sees("float-depth", float), 150);
    assert.equal(sees("head-depth", probe), 60);
    assert.equal(sees("head-depth", { probeHeightMm: 100, offsetMm: 10 }), 110);
    assert.equal(sees("head-depth", { probeHeightMm: -300, lowPointOffsetMm: 40 }), 60);
    assert.equal(sees("level-depth", { mountHeightMm: 3000, lowPointOffsetMm: 240, noiseFloorMm: 30 }), 270);
    assert.equal(sees("linear", { input: "float", gain: 150, offset: 0 }), null);
    assert.equal(sees("float-depth", {}), null);
    for (const params of [probe, { probeHeightMm: 100, offsetMm: 10 }, { probeHeightMm: -300, lowPointOffsetMm: 40 }]) {
      const from = sees("head-depth", params) ?? NaN;
      const least = [...Array(900).keys()].map((head) => depth(params, { head })?.value ?? 0).find((mm) => mm > 0);
      close(least, from, 1);
    }
  });
});
