import assert from "node:assert/strict";
import { derive } from "../../../hub/calibration/index.js";
import { aan803, absoluteHumidity } from "../../../hub/calibration/no2-cell.js";
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
