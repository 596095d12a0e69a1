import assert from "node:assert/strict";
import { createSteps } from "../../../hub/store/steps.js";

describe("steps of background work", () => {
  /** A disk on which a row takes that many milliseconds; the sizes of so many steps on it. */
  function sizes(msARow: number, count: number): { sizes: number[]; longestMs: number } {
    let now = 0;
    const steps = createSteps({ first: 100, least: 10, most: 10_000, aimMs: 8, steady: () => now });
    const made: number[] = [];
    for (let i = 0; i < count; i++)
      steps.run((size) => {
        made.push(size);
        now += size * msARow;
      });
    return { sizes: made, longestMs: steps.longestMs() };
  }

  it("grow on a fast disk until one takes what it may, and stay under twice that", () => {
    const { sizes: made, longestMs } = sizes(0.002, 20);
    assert.ok(made.at(-1)! >= 2000, String(made));
    assert.ok(longestMs <= 16);
    assert.equal(sizes(0.000_001, 20).sizes.at(-1), 10_000);
  });

  it("shrink on a slow one at once, but never to nothing", () => {
    assert.deepEqual(sizes(1, 3).sizes, [100, 12, 10]);
    assert.equal(sizes(50, 5).sizes.at(-1), 10);
    assert.equal(sizes(0.1, 3).sizes[1], 50);
  });

  it("count a step that failed", () => {
    let now = 0;
    const steps = createSteps({ first: 100, least: 10, most: 1000, aimMs: 8, steady: () => now });
    assert.throws(() =>
      steps.run(() => {
        now += 50;
        throw new Error("disk");
      }),
    );
    assert.equal(steps.longestMs(), 50);
    steps.run((size) => assert.equal(size, 12));
  });
});
