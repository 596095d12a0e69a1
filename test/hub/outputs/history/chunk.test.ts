import assert from "node:assert/strict";
import fc from "fast-check";
import type { Flag } from "../../../../hub/model.js";
import { decodeChunk, encodeChunk, HOUR_MS, mergeSamples, type Sample } from "../../../../hub/outputs/history/chunk.js";

const HOUR = 493_000;

const sample: fc.Arbitrary<Sample> = fc
  .record({
    time: fc.integer({ min: HOUR * HOUR_MS, max: (HOUR + 1) * HOUR_MS - 1 }),
    seq: fc.integer({ min: 0, max: 0xffffffff }),
    value: fc.oneof(
      fc.constant(null),
      fc.integer({ min: -5000, max: 5000 }),
      fc.integer({ min: -5_000_000, max: 5_000_000 }).map((n) => n / 1000),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    flag: fc.constantFrom<Flag>(1, 2, 3, 4, 9),
    calibration: fc.integer({ min: 0, max: 3 }),
    why: fc.option(fc.array(fc.string(), { minLength: 1, maxLength: 2 }), { nil: undefined }),
  })
  .map(({ why, ...rest }) => (why === undefined ? rest : { ...rest, why }));

/** −0 is kept as 0: no sensor tells them apart. */
const plain = (samples: Sample[]) => samples.map((s) => (s.value === 0 ? { ...s, value: 0 } : s));

describe("a sealed hour", () => {
  it("gives back every sample exactly", () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 80 }), (samples) => {
        const inOrder = plain(mergeSamples([], samples));
        assert.deepEqual(decodeChunk(HOUR, encodeChunk(HOUR, inOrder)), inOrder);
      }),
      { numRuns: 400 },
    );
  });

  it("needs less than four bytes a reading for an hour of a post", () => {
    const samples = Array.from({ length: 60 }, (_, i): Sample => ({
      ...{ time: HOUR * HOUR_MS + i * 60_000 + (i % 7), seq: 400 + i, value: 2500 - (i % 13), flag: 1, calibration: 0 },
    }));
    const bytes = encodeChunk(HOUR, samples).length;
    assert.ok(bytes < 4 * 60, `${bytes} bytes`);
  });

  it("merges what comes twice once, and in order", () => {
    const at = (time: number, seq: number, value: number): Sample => ({ time, seq, value, flag: 1, calibration: 0 });
    const kept = [at(1, 1, 10), at(3, 3, 30)];
    const merged = mergeSamples(kept, [at(3, 3, 99), at(2, 2, 20), at(2, 2, 20)]);
    assert.deepEqual(merged, [at(1, 1, 10), at(2, 2, 20), at(3, 3, 30)]);
  });

  it("never takes damaged bytes for more than an error", () => {
    const whole = encodeChunk(
      HOUR,
      Array.from({ length: 20 }, (_, i): Sample => ({
        ...{ time: HOUR * HOUR_MS + i * 1000, seq: i, value: i / 8, flag: 1, calibration: 0 },
      })),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1 }),
        fc.nat(80),
        (hits, cut) => {
          const damaged = Buffer.from(whole.subarray(0, whole.length - Math.min(cut, whole.length)));
          for (const [at, byte] of hits) if (at < damaged.length) damaged[at] = byte;
          try {
            decodeChunk(HOUR, damaged);
          } catch (error) {
            assert.ok(error instanceof RangeError || error instanceof SyntaxError, String(error));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
