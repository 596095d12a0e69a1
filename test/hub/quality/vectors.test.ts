/** The vectors of IOOS ioos_qc (Apache-2.0), and what our real-time forms make of them. */
import assert from "node:assert/strict";
import { extendRun, flatLine, type FlatRun } from "../../../hub/quality/flat.js";
import { isGap } from "../../../hub/quality/gap.js";
import { grossRange } from "../../../hub/quality/range.js";
import { rateOfChange } from "../../../hub/quality/rate.js";
import { spikeBatch, spikeLive } from "../../../hub/quality/spike.js";
import { worst } from "../../../hub/flags.js";

const QUARTER_HOUR = 900_000;

describe("gross range", () => {
  it("equals IOOS", () => {
    const flags = [1, 2, 3, 4, 8].map((v) => grossRange(v, [0, 5], [1, 4]));
    assert.deepEqual(flags, [1, 1, 1, 1, 4]);
  });

  it("is suspect between both ranges, and fails what is not a number", () => {
    assert.equal(grossRange(0.5, [0, 5], [1, 4]), 3);
    assert.equal(grossRange(0, [0, 5]), 1);
    assert.equal(grossRange(NaN, [0, 5], [1, 4]), 4);
  });
});

describe("spike", () => {
  const series = [10, 12, 999.99, 13, 15, 40, 9, 9];

  it("equals IOOS over a whole series", () => {
    assert.deepEqual(spikeBatch(series, 25, 50), [2, 4, 4, 4, 1, 3, 1, 2]);
  });

  it("finds the same two spikes live, without calling their neighbours bad", () => {
    const live = series.map((v, i) => spikeLive(series.slice(Math.max(0, i - 3), i), v, 24, 50));
    assert.deepEqual(live, [2, 2, 4, 1, 1, 3, 1, 1]);
  });

  it("calls the first point of a step a spike live, and the second a step", () => {
    assert.equal(spikeLive([10, 11, 10], 80, 25), 3);
    assert.equal(spikeLive([11, 10, 80], 82, 25), 1);
  });
});

describe("rate of change", () => {
  it("equals IOOS, live and over a series", () => {
    const series = [2, 10, 2.1, 3, 4, 5, 7, 10, 0, 2, 2.2, 2, 1, 2, 3, 90, 91, 92, 93, 1, 2, 3, 4, 5];
    const at = series.map((value, i) => ({ time: i * QUARTER_HOUR, value }));
    const flags = at.map((p, i) => rateOfChange(at[i - 1], p, 5 / 15));
    // Ours says "not evaluated" of the first point, where ioos_qc says pass.
    assert.deepEqual(flags, [2, 3, 3, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1, 3, 1, 1, 1, 1]);
  });

  it("is not evaluated between two points of the same instant", () => {
    assert.equal(rateOfChange({ time: 5, value: 1 }, { time: 5, value: 99 }, 1), 2);
  });
});

describe("flat line", () => {
  const flags = (series: number[], suspectS: number, failS: number, tolerance: number): number[] => {
    let run: FlatRun = [];
    return series.map((value, i) => {
      run = extendRun(run, { time: i * QUARTER_HOUR, value }, tolerance);
      return flatLine(run[0]?.from, i * QUARTER_HOUR, suspectS, failS);
    });
  };
  const series = [1, 2, 2.0001, 2, 2.0001, 2, 2.0001, 2, 4, 5, 3, 3.0001, 3.0005, 3.00001];

  it("equals IOOS, with its times in whole numbers of 15-minute steps", () => {
    // ioos_qc cuts 3000 s and 4800 s down to 3 and 5 steps; our form measures the time itself.
    assert.deepEqual(flags(series, 2700, 4500, 0.01), [1, 1, 1, 1, 3, 3, 4, 4, 1, 1, 1, 1, 1, 3]);
  });

  it("takes a step of the tolerance for a movement", () => {
    assert.deepEqual(flags([2, 2, 3, 2, 3, 2], 1800, 3600, 1), [1, 1, 1, 1, 1, 1]);
    assert.deepEqual(flags([2, 2, 2.9, 2, 2.9, 2], 1800, 3600, 1), [1, 1, 3, 3, 4, 4]);
  });

  it("remembers a bounded number of stretches, however long it stays flat", () => {
    let run: FlatRun = [];
    for (let i = 0; i < 5000; i++) run = extendRun(run, { time: i * 60_000, value: (i * 7) % 13 }, 100);
    assert.ok(run.length <= 64);
    assert.equal(flatLine(run[0]?.from, 4999 * 60_000, 3600, 4999 * 60), 4);
    run = extendRun(run, { time: 5000 * 60_000, value: 500 }, 100);
    assert.deepEqual(run, [{ from: 5000 * 60_000, min: 500, max: 500 }]);
  });
});

describe("gap", () => {
  it("is a silence longer than allowed, and not the beginning of a series", () => {
    assert.equal(isGap(undefined, 0, 60), false);
    assert.equal(isGap(0, 60_000, 60), false);
    assert.equal(isGap(0, 60_001, 60), true);
  });
});

describe("the flag that stands", () => {
  it("is the worst, and a test that was not run hides nothing", () => {
    assert.equal(worst(9, 2), 2);
    assert.equal(worst(2, 1), 1);
    assert.equal(worst(1, 3, 2), 3);
    assert.equal(worst(3, 4, 1), 4);
  });
});
