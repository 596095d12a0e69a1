import assert from "node:assert/strict";
import { compensated, speedOfSound } from "../../../hub/calibration/echo.js";
import { derive } from "../../../hub/calibration/index.js";
import { twoPoint } from "../../../hub/calibration/linear.js";
import { fullHeightMm, volumeL, type Tank } from "../../../hub/calibration/tank.js";
import { inputs, record } from "./record.js";

const close = (actual: number | null | undefined, expected: number, within: number): void =>
  assert.ok(Math.abs((actual ?? NaN) - expected) <= within, `${actual} is not ${expected}`);

describe("volumes of vessels", () => {
  const lying: Tank = { shape: "horizontal-cylinder", radiusMm: 1000, lengthMm: 3000 };

  it("fills a lying cylinder as the segment of its circle", () => {
    const table: [number, number, number][] = [
      [250, 679.97, 7.215],
      [500, 1842.55, 19.55],
      [750, 3228.16, 34.252],
      [1000, 4712.39, 50],
      [1500, 7582.22, 80.45],
      [2000, 9424.78, 100],
    ];
    for (const [height, litres, percent] of table) {
      close(volumeL(lying, height), litres, 0.01);
      close((100 * volumeL(lying, height)) / volumeL(lying, fullHeightMm(lying)), percent, 0.001);
    }
  });

  it("fills a cone, a frustum, a sphere, a standing cylinder and a box", () => {
    const cone: Tank = { shape: "cone", heightMm: 2000, radiusMm: 1000 };
    close(volumeL(cone, 1000), 261.8, 0.01);
    close(volumeL(cone, 2000), 2094.4, 0.01);
    close(volumeL({ shape: "frustum", heightMm: 1000, bottomRadiusMm: 400, topRadiusMm: 600 }, 500), 319.4, 0.01);
    close(volumeL({ shape: "sphere", radiusMm: 1000 }, 1000), (2 / 3) * Math.PI * 1000, 1e-6);
    close(volumeL({ shape: "vertical-cylinder", heightMm: 2000, radiusMm: 500 }, 800), Math.PI * 0.25 * 800, 1e-6);
    close(volumeL({ shape: "box", heightMm: 1200, lengthMm: 1200, widthMm: 1000 }, 600), 720, 1e-9);
  });

  it("goes from nothing to full without a step back, in every shape", () => {
    const shapes: Tank[] = [
      lying,
      { shape: "sphere", radiusMm: 700 },
      { shape: "cone", heightMm: 900, radiusMm: 300 },
      { shape: "frustum", heightMm: 900, bottomRadiusMm: 500, topRadiusMm: 300 },
      {
        shape: "table",
        points: [
          [0, 0],
          [100, 40],
          [400, 90],
        ],
      },
    ];
    for (const t of shapes) {
      const full = fullHeightMm(t);
      const all = Array.from({ length: 101 }, (_, i) => volumeL(t, (i * full) / 100));
      assert.equal(all[0], 0);
      for (let i = 1; i < all.length; i++) assert.ok(all[i]! > all[i - 1]!, `${t.shape} at ${i} %`);
      assert.equal(volumeL(t, full + 500), all[100]);
      assert.equal(volumeL(t, -500), 0);
    }
  });
});

describe("the speed of sound", () => {
  it("moves the distance of a sensor that was set for 20 °C", () => {
    // The true surface is 3 m away; the sensor, unaware, reads it as if the air had 20 °C.
    for (const [celsius, error] of [
      [-30, -268],
      [-20, -212],
      [0, -104],
      [10, -52],
      [30, 51],
      [40, 101],
    ] as const) {
      close(compensated(3000, celsius, 20) - 3000, error, 0.5);
    }
    close(speedOfSound(20), 343.2, 0.05);
  });
});

describe("two-point adjustment", () => {
  it("gives the line through both points, and refuses points too close together", () => {
    assert.deepEqual(twoPoint({ reading: 100, truth: 210 }, { reading: 300, truth: 610 }, 400), {
      gain: 2,
      offset: 10,
    });
    assert.equal(twoPoint({ reading: 100, truth: 210 }, { reading: 150, truth: 310 }, 400), null);
  });
});

describe("water-depth", () => {
  const params = { mountHeightMm: 3000, noiseFloorMm: 15, toleranceMm: 40 };
  const depth = (distance: number, more: object = {}, others: object = {}) =>
    derive(
      "water-depth",
      record("water-depth", "level-depth", { ...params, ...more }),
      inputs({ distance, ...others }),
    );

  it("is the height of the surface above the road", () => {
    assert.deepEqual(depth(2700), { property: "water-depth", value: 300, flag: 1, calibration: 7 });
  });

  it("takes the tilt of the sensor out", () => {
    close(depth(2700, { tiltDeg: 10 })?.value, 300 + 41.0, 0.1);
    // At a mounting height of 2700 mm, 10° hide 41.7 mm of slant.
    close(2700 / Math.cos((10 * Math.PI) / 180) - 2700, 41.7, 0.05);
  });

  it("is 0 below the noise floor and a little below the road, and suspect further down", () => {
    assert.equal(depth(2990)?.value, 0);
    assert.equal(depth(3000)?.value, 0);
    assert.deepEqual(depth(3040), { property: "water-depth", value: 0, flag: 1, calibration: 7 });
    assert.deepEqual(depth(3041), { property: "water-depth", value: -41, flag: 3, why: ["geometry"], calibration: 7 });
  });

  it("is counted at the lowest point, but a dry road under the sensor is dry", () => {
    assert.equal(depth(2900, { lowPointOffsetMm: 120 })?.value, 220);
    assert.equal(depth(2995, { lowPointOffsetMm: 120 })?.value, 0);
  });

  it("corrects for temperature only where the sensor does not do so itself", () => {
    close(depth(2700, {}, { temperature: -30 })?.value, 300, 1e-9);
    close(depth(2700, { compensation: "external" }, { temperature: -30 })?.value, 300 + 241, 1);
    assert.equal(depth(2700, { compensation: "external" }), null);
  });
});

describe("fill", () => {
  const tank = { shape: "box", heightMm: 1200, lengthMm: 1200, widthMm: 1000 };
  const fill = (distance: number) =>
    derive("fill", record("fill", "tank-fill", { mountHeightMm: 1600, tank, heapMm: 90 }), inputs({ distance }));

  it("is the share of the volume", () => {
    assert.equal(fill(1000)?.value, 50);
    assert.equal(fill(400)?.value, 100);
    assert.equal(fill(1600)?.value, 0);
  });

  it("is full under a heap, and suspect beyond what a heap can be", () => {
    assert.deepEqual(fill(310), { property: "fill", value: 100, flag: 1, calibration: 7 });
    assert.deepEqual(fill(305), { property: "fill", value: 100, flag: 3, why: ["geometry"], calibration: 7 });
  });

  it("is empty a little below the bottom, and suspect further down", () => {
    assert.equal(fill(1650)?.flag, 1);
    assert.deepEqual(fill(1651), { property: "fill", value: 0, flag: 3, why: ["geometry"], calibration: 7 });
  });
});

describe("water-level and water-volume", () => {
  const level = record("water-level", "water-level", { mountHeightMm: 12000, maxMm: 9000 });
  const volume = record("water-volume", "stage-storage", {
    points: [
      [2000, 0],
      [5000, 40000],
      [9000, 150000],
    ],
    datum: "sill of the outlet",
    surveyed: "2024-05-17",
  });

  it("stands on the site's own datum", () => {
    assert.equal(derive("water-level", level, inputs({ distance: 4000 }))?.value, 8000);
    assert.deepEqual(derive("water-level", level, inputs({ distance: 2900 }))?.why, ["geometry"]);
  });

  it("reads the surveyed table on straight lines", () => {
    assert.equal(derive("water-volume", volume, inputs({ "water-level": 7000 }))?.value, 95000);
    assert.equal(derive("water-volume", volume, inputs({ "water-level": 9000 }))?.flag, 1);
  });

  it("never goes beyond the table", () => {
    for (const [at, value] of [
      [9500, 150000],
      [1500, 0],
    ] as const)
      assert.deepEqual(derive("water-volume", volume, inputs({ "water-level": at })), {
        property: "water-volume",
        value,
        flag: 3,
        why: ["table"],
        calibration: 7,
      });
  });
});
