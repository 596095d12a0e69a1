import assert from "node:assert/strict";
import { derive, MODELS, modelsFor, validateParams } from "../../../hub/calibration/index.js";
import { SetupError } from "../../../hub/errors.js";
import { SITE_TYPES } from "../../../hardware/sites.js";
import type { Observation } from "../../../hub/model.js";
import { inputs, record } from "./record.js";

const params = { input: "temperature", gain: 2, offset: 1 };

describe("deriving", () => {
  it("gives nothing without a record, and nothing when the pack lacks what is needed", () => {
    assert.equal(derive("pm25", undefined, inputs({ temperature: 1 })), null);
    assert.equal(derive("pm25", record("pm25", "linear", params), inputs({ humidity: 1 })), null);
  });

  it("weighs what is in the bin of an eco-station by two readings of its load cell", () => {
    const derived = SITE_TYPES.find(({ name }) => name === "eco-station")?.derived ?? [];
    assert.ok(derived.includes("weight"), derived.join());
    const own = { emptyCounts: 268_000, loadedCounts: 1_341_000, loadedKg: 50 };
    validateParams("load-cell", own, "weight");
    const weigh = (counts: number | null) =>
      derive("weight", record("weight", "load-cell", own), inputs({ "weight-raw": counts }));
    assert.deepEqual(
      [268_000, 1_341_000, 804_500].map((counts) => Math.round(Number(weigh(counts)?.value) * 10)),
      [0, 500, 250],
    );
    assert.equal(weigh(null)?.flag, 9);
  });

  it("gives a missing value, never a number, for a sensor's fault", () => {
    assert.deepEqual(derive("pm25", record("pm25", "linear", params), inputs({ temperature: null })), {
      property: "pm25",
      value: null,
      flag: 9,
      why: ["input:temperature"],
      calibration: 7,
    });
  });

  it("hands on the worst flag of its inputs, and why", () => {
    const in3: Map<string, Observation> = new Map([
      ["distance", { property: "distance", value: 2700, flag: 1, calibration: 0 }],
      ["temperature", { property: "temperature", value: 20, flag: 3, why: ["spike"], calibration: 0 }],
    ]);
    const rec = record("water-depth", "level-depth", { mountHeightMm: 3000, compensation: "external" });
    const derived = derive("water-depth", rec, in3);
    assert.equal(derived?.flag, 3);
    assert.deepEqual(derived?.why, ["spike"]);
    const raw = inputs({ temperature: 20 }, 4);
    assert.equal(derive("pm25", record("pm25", "linear", params), raw)?.flag, 4);
    assert.equal(derive("pm25", record("pm25", "linear", params), inputs({ temperature: 20 }, 2))?.flag, 2);
  });

  it("calls a value suspect outside of the hull in which the record was made", () => {
    const hulled = record("pm25", "linear", { ...params, hull: { temperature: [-10, 30], humidity: [20, 80] } });
    assert.equal(derive("pm25", hulled, inputs({ temperature: 30, humidity: 50 }))?.flag, 1);
    for (const [temperature, humidity] of [
      [31, 50],
      [20, 19],
      [31, 90],
    ] as const) {
      const derived = derive("pm25", hulled, inputs({ temperature, humidity }));
      assert.deepEqual(
        { value: derived?.value, flag: derived?.flag, why: derived?.why },
        {
          value: 2 * temperature + 1,
          flag: 3,
          why: ["hull"],
        },
      );
    }
    assert.deepEqual(derive("pm25", hulled, inputs({ temperature: 20, humidity: null }))?.why, ["hull-unchecked"]);
  });

  it("gives a missing value for a record that this version cannot read", () => {
    for (const bad of [record("pm25", "no-such-model", {}), record("pm25", "linear", { gain: "much" })])
      assert.deepEqual(derive("pm25", bad, inputs({ temperature: 1 })), {
        property: "pm25",
        value: null,
        flag: 9,
        why: ["record"],
        calibration: 7,
      });
  });

  it("changes neither record nor inputs", () => {
    const rec = record("water-depth", "level-depth", { mountHeightMm: 3000 });
    const raw = inputs({ distance: 2000 });
    const before = JSON.stringify([rec, [...raw]]);
    derive("water-depth", rec, raw);
    assert.equal(JSON.stringify([rec, [...raw]]), before);
  });

  it("has a model for whatever a site type derives", () => {
    for (const property of new Set(SITE_TYPES.flatMap((t) => t.derived)))
      assert.ok(modelsFor(property).length > 1, `${property} has a model of its own beside the linear one`);
  });
});

describe("parameters of a record", () => {
  const refused = (model: string, params: unknown, property?: string): SetupError => {
    try {
      validateParams(model, params, property);
    } catch (error) {
      assert.ok(error instanceof SetupError);
      return error;
    }
    return assert.fail("was taken");
  };

  const good: [string, string, Record<string, unknown>][] = [
    ["linear", "pm25", params],
    ["level-depth", "water-depth", { mountHeightMm: 3000 }],
    ["water-level", "water-level", { mountHeightMm: 3000, maxMm: 2500 }],
    [
      "stage-storage",
      "water-volume",
      {
        points: [
          [0, 0],
          [9, 9],
        ],
        datum: "sill",
        surveyed: "2024-05-17",
      },
    ],
    ["tank-fill", "fill", { mountHeightMm: 1600, tank: { shape: "sphere", radiusMm: 500 } }],
    ["pm-humidity", "pm25", { method: "kappa-kohler", input: "pm25-cf1", kappa: 0.3, gain: 1, offset: 0 }],
    ["no2-cell", "no2", { method: "aan803-1", weElectronicMv: 225, aeElectronicMv: 235, sensitivityMvPerPpb: 0.3 }],
    [
      "ox-cell",
      "ozone",
      {
        method: "aan803-1",
        weElectronicMv: 230,
        aeElectronicMv: 240,
        sensitivityMvPerPpb: 0.4,
        no2SensitivityMvPerPpb: 0.5,
      },
    ],
    ["load-cell", "weight", { emptyCounts: 5, loadedCounts: -7, loadedKg: 50 }],
    ["removal", "removal-pm25", { minInlet: 10 }],
    ["head-depth", "water-depth", { probeHeightMm: 0 }],
    ["head-level", "water-level", { probeHeightMm: 0 }],
    ["float-depth", "water-depth", { switchHeightMm: 100 }],
  ];

  it("are taken when they are whole, for every model", () => {
    for (const [model, property, own] of good) validateParams(model, own, property);
    assert.deepEqual(good.map(([model]) => model).sort(), MODELS.map((m) => m.name).sort());
  });

  it("are refused with the name of the field", () => {
    for (const [model, own, field] of [
      ["linear", { ...params, gain: 0 }, "gain"],
      ["linear", { ...params, offset: "1" }, "offset"],
      ["load-cell", { emptyCounts: 5, loadedCounts: 5, loadedKg: 50 }, "loadedCounts"],
      ["linear", { ...params, hull: { temperature: [30, -10] } }, "hull.temperature"],
      ["level-depth", { mountHeightMm: -1 }, "mountHeightMm"],
      ["level-depth", { mountHeightMm: 3000, tiltDeg: 90 }, "tiltDeg"],
      ["level-depth", { mountHeightMm: 3000, mountHeigthMm: 1 }, "mountHeigthMm"],
      ["water-level", { mountHeightMm: 3000, maxMm: -5 }, "maxMm"],
      ["tank-fill", { mountHeightMm: 1600, tank: { shape: "cube" } }, "tank.shape"],
      [
        "stage-storage",
        {
          points: [
            [5, 0],
            [4, 9],
          ],
          datum: "sill",
          surveyed: "2024-05-17",
        },
        "points",
      ],
      ["pm-humidity", { method: "kappa-kohler", input: "pm25-cf1", kappa: 3, gain: 1, offset: 0 }, "kappa"],
      ["no2-cell", { method: "guess" }, "method"],
    ] as [string, unknown, string][]) {
      const error = refused(model, own);
      assert.equal(error.code, "CALIBRATION_PARAMS");
      assert.ok(error.message.includes(field), `${error.message} names ${field}`);
    }
  });

  it("are refused under a model that is not there, or that derives something else", () => {
    assert.equal(refused("cubic", {}).code, "CALIBRATION_MODEL");
    const error = refused("tank-fill", { mountHeightMm: 1600, tank: { shape: "sphere", radiusMm: 500 } }, "no2");
    assert.equal(error.code, "CALIBRATION_MODEL");
    assert.match(error.remedy, /no2-cell/);
  });
});
