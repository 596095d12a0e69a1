import assert from "node:assert/strict";
import { absoluteHumidity } from "../../../hub/calibration/cell.js";
import { derive, validateParams } from "../../../hub/calibration/index.js";
import { aan803 } from "../../../hub/calibration/no2-cell.js";
import { growth } from "../../../hub/calibration/pm-humidity.js";
import { inputs, record } from "./record.js";

describe("pm25 from an optical counter", () => {
  const kohler = record("pm25", "pm-humidity", {
    method: "kappa-kohler",
    input: "pm25-atm",
    kappa: 0.3,
    gain: 1,
    offset: 0,
  });

  it("shrinks with the particles' growth as Crilley gives it", () => {
    for (const [humidity, factor] of [
      [50, 1.18],
      [70, 1.42],
      [80, 1.73],
      [90, 2.64],
      [95, 4.45],
    ] as const)
      assert.equal(growth(0.3, humidity).toFixed(2), factor.toFixed(2));
    const derived = derive("pm25", kohler, inputs({ "pm25-atm": 100, humidity: 90 }));
    assert.equal(derived?.value?.toFixed(2), (100 / growth(0.3, 90)).toFixed(2));
    assert.equal(derived?.flag, 1);
  });

  it("stops at 95 % humidity and says so", () => {
    const at95 = derive("pm25", kohler, inputs({ "pm25-atm": 100, humidity: 95 }));
    const at100 = derive("pm25", kohler, inputs({ "pm25-atm": 100, humidity: 100 }));
    assert.equal(at95?.flag, 1);
    assert.deepEqual(
      { value: at100?.value, flag: at100?.flag, why: at100?.why },
      {
        value: at95?.value,
        flag: 3,
        why: ["humidity"],
      },
    );
  });

  it("follows the linear form with the figures it is given", () => {
    const params = { method: "linear-rh", input: "pm25-cf1", gain: 0.524, perPercentRh: -0.0862, offset: 5.75 };
    const us = record("pm25", "pm-humidity", params);
    for (const [raw, pm] of [
      [0, 1.44],
      [10, 6.68],
      [30, 17.16],
    ] as const)
      assert.ok(Math.abs((derive("pm25", us, inputs({ "pm25-cf1": raw, humidity: 50 }))?.value ?? NaN) - pm) < 0.06);
  });

  it("keeps a figure below zero", () => {
    const low = { method: "linear-rh", input: "pm25-cf1", gain: 0.5, perPercentRh: -0.1, offset: 0 };
    assert.equal(
      derive("pm25", record("pm25", "pm-humidity", low), inputs({ "pm25-cf1": 0, humidity: 50 }))?.value,
      -5,
    );
  });
});

describe("no2 from an electrochemical cell", () => {
  const cell = { weElectronicMv: 225, aeElectronicMv: 235, sensitivityMvPerPpb: 0.3 };

  it("is what AAN 803 algorithm 1 gives, at the nodes, between and beyond them", () => {
    for (const [temperature, ppb] of [
      [-40, 117],
      [-30, 117],
      [15, 155.33],
      [25, 178.33],
      [45, 266.5],
      [60, 331.67],
    ] as const)
      assert.equal(aan803(cell, 290, 258, temperature).toFixed(2), ppb.toFixed(2), `${temperature} °C`);
  });

  it("is never called a measurement by the factory's constants alone", () => {
    const factory = record("no2", "no2-cell", { method: "aan803-1", ...cell });
    const derived = derive("no2", factory, inputs({ "no2-we": 290, "no2-ae": 258, temperature: 25 }));
    assert.equal(derived?.value?.toFixed(2), "178.33");
    assert.equal(derived?.flag, 2);
    assert.deepEqual(derived?.why, ["factory"]);
    const doubtful = derive("no2", factory, inputs({ "no2-we": 290, "no2-ae": 258, temperature: 25 }, 3));
    assert.equal(doubtful?.flag, 3);
  });

  it("knows how much water is in the air", () => {
    // Saturated air: 4.85 g/m³ at 0 °C, 17.3 at 20 °C (WMO-No. 8; any psychrometric table).
    assert.ok(Math.abs(absoluteHumidity(0, 100) - 4.85) < 0.02);
    assert.ok(Math.abs(absoluteHumidity(20, 100) - 17.3) < 0.1);
    assert.ok(Math.abs(absoluteHumidity(20, 50) * 2 - absoluteHumidity(20, 100)) < 1e-12);
  });

  it("is the fitted plane of electrodes, temperature and water", () => {
    const params = { method: "fitted", intercept: -30, perWeMv: 3, perAeMv: -2.5, perCel: -0.4, perGPerM3: -1.2 };
    const derived = derive(
      "no2",
      record("no2", "no2-cell", params),
      inputs({ "no2-we": 260, "no2-ae": 240, temperature: 20, humidity: 50 }),
    );
    assert.equal(
      derived?.value?.toFixed(6),
      (-30 + 3 * 260 - 2.5 * 240 - 0.4 * 20 - 1.2 * absoluteHumidity(20, 50)).toFixed(6),
    );
    assert.equal(derived?.flag, 1);
  });

  it("asks only for what its fit uses", () => {
    const params = { method: "fitted", intercept: 1, perWeMv: 2, perAeMv: 0, perCel: 0, perGPerM3: 0 };
    const derived = derive("no2", record("no2", "no2-cell", params), inputs({ "no2-we": 10, "no2-ae": 5 }));
    assert.equal(derived?.value, 21);
  });
});

describe("what stands at an outlet", () => {
  it("is derived from the parts that stand there, by the same models", () => {
    const params = { method: "fitted", intercept: 0, perWeMv: 1, perAeMv: 0, perCel: 0, perGPerM3: 0 };
    const pack = inputs({ "no2-we": 10, "no2-ae": 5, "no2-we-out": 30, "no2-ae-out": 5 });
    assert.equal(derive("no2", record("no2", "no2-cell", params), pack)?.value, 10);
    assert.equal(derive("no2-out", record("no2-out", "no2-cell", params), pack)?.value, 30);
    assert.equal(derive("no2-out", record("no2-out", "no2-cell", params), inputs({ "no2-we": 10, "no2-ae": 5 })), null);
    const counter = { method: "linear-rh", input: "pm25-cf1", gain: 1, perPercentRh: 0, offset: 0 };
    const air = inputs({ "pm25-cf1": 80, "pm25-cf1-out": 8, humidity: 50 });
    assert.equal(derive("pm25", record("pm25", "pm-humidity", counter), air)?.value, 80);
    assert.equal(derive("pm25-out", record("pm25-out", "pm-humidity", counter), air)?.value, 8);
  });
});

describe("pm25 from counters that give mass as such", () => {
  it("is made of pm25-mass where the record says so", () => {
    const params = { method: "kappa-kohler", input: "pm25-mass", kappa: 0, gain: 1.2, offset: 1 };
    const derived = derive("pm25", record("pm25", "pm-humidity", params), inputs({ "pm25-mass": 10, humidity: 90 }));
    assert.equal(derived?.value, 13);
  });
});

describe("ozone from an oxidant cell", () => {
  const label = {
    weElectronicMv: 230,
    aeElectronicMv: 240,
    sensitivityMvPerPpb: 0.4,
    no2SensitivityMvPerPpb: 0.5,
  };
  const pack = { "ox-we": 290, "ox-ae": 244, no2: 20, temperature: 25 };
  const factory = record("ozone", "ox-cell", { method: "aan803-1", ...label });

  it("is AAN 803 with this cell's own factors, less what it sees of NO2", () => {
    for (const [temperature, factor] of [
      [-40, 0.9],
      [-10, 1.0],
      [5, 1.4],
      [25, 1.85],
      [45, 3.1],
      [60, 3.7],
    ] as const) {
      const ppb = (290 - 230 - factor * (244 - 240) - 20 * 0.5) / 0.4;
      const derived = derive("ozone", factory, inputs({ ...pack, temperature }));
      assert.equal(derived?.value?.toFixed(6), ppb.toFixed(6), `${temperature} °C`);
    }
  });

  it("is never called a measurement by the factory's constants alone, and carries the doubts about its NO2", () => {
    assert.equal(derive("ozone", factory, inputs(pack))?.flag, 2);
    const doubtful = inputs(pack);
    doubtful.set("no2", { property: "no2", value: 20, flag: 3, why: ["hull"], calibration: 4 });
    const derived = derive("ozone", factory, doubtful);
    assert.equal(derived?.flag, 3);
    assert.deepEqual(derived?.why, ["hull", "factory"]);
  });

  it("waits for an NO2 to be there, and is missing where that is missing", () => {
    const without = inputs(pack);
    without.delete("no2");
    assert.equal(derive("ozone", factory, without), null);
    assert.deepEqual(derive("ozone", factory, inputs({ ...pack, no2: null }))?.why, ["input:no2"]);
  });

  it("is the fitted plane of both cells, temperature and water", () => {
    const params = {
      method: "fitted",
      intercept: 4,
      perWeMv: 2,
      perAeMv: -1,
      perNo2Ppb: -0.9,
      perCel: 0.1,
      perGPerM3: 0.2,
    };
    const derived = derive("ozone", record("ozone", "ox-cell", params), inputs({ ...pack, humidity: 40 }));
    const expected = 4 + 2 * 290 - 244 - 0.9 * 20 + 0.1 * 25 + 0.2 * absoluteHumidity(25, 40);
    assert.equal(derived?.value?.toFixed(6), expected.toFixed(6));
    assert.equal(derived?.flag, 1);
  });
});

describe("what an air-cleaning unit removes", () => {
  const of = (params: Record<string, unknown>, inlet: number | null, outlet: number | null) =>
    derive("removal-pm25", record("removal-pm25", "removal", params), inputs({ pm25: inlet, "pm25-out": outlet }));

  it("is the share of the inlet that does not come out", () => {
    assert.equal(of({ minInlet: 10 }, 80, 8)?.value, 90);
    assert.equal(of({ minInlet: 10 }, 80, 8)?.flag, 1);
    const no2 = record("removal-no2", "removal", { minInlet: 5 });
    assert.equal(derive("removal-no2", no2, inputs({ no2: 50, "no2-out": 30 }))?.value, 40);
  });

  it("makes the two counters one first", () => {
    assert.equal(of({ minInlet: 10, outletGain: 1.25 }, 80, 8)?.value, 87.5);
  });

  it("says nothing where too little goes in, and says why", () => {
    for (const inlet of [9.9, 0, -3]) {
      const derived = of({ minInlet: 10 }, inlet, 1);
      assert.deepEqual([derived?.value, derived?.flag, derived?.why], [null, 9, ["low-inlet"]], String(inlet));
    }
  });

  it("keeps a removal below zero, and doubts it", () => {
    const derived = of({ minInlet: 10 }, 40, 50);
    assert.deepEqual([derived?.value, derived?.flag, derived?.why], [-25, 3, ["negative"]]);
  });

  it("is missing where either side is", () => {
    assert.deepEqual(of({ minInlet: 10 }, null, 8)?.why, ["input:pm25"]);
    assert.deepEqual(of({ minInlet: 10 }, 80, null)?.why, ["input:pm25-out"]);
  });

  it("refuses a record without a least inlet", () => {
    assert.throws(() => validateParams("removal", {}, "removal-pm25"), /minInlet/);
    assert.throws(() => validateParams("removal", { minInlet: 10 }, "pm25"), /does not derive/);
  });
});
