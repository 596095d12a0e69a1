import assert from "node:assert/strict";
import fc from "fast-check";
import { add, has, holes, pairs, size } from "../../hub/ledger/ranges.js";
import type { Ranges, RangeEdits } from "../../hub/ledger/ranges.js";

const span = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 8 }));

describe("ranges", () => {
  it("hold just the numbers that were added, sorted and joined, and a stored copy follows by its edits", () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 40 }), (spans) => {
        const ranges: Ranges = [];
        const expected = new Set<number>();
        const rows = new Map<number, number>();
        for (const [first, more] of spans) {
          const edits: RangeEdits = new Map();
          add(ranges, first, first + more, edits);
          for (let n = first; n <= first + more; n++) expected.add(n);
          for (const [from, to] of edits)
            if (to === null) rows.delete(from);
            else rows.set(from, to);
        }
        for (let n = 0; n <= 70; n++) assert.equal(has(ranges, n), expected.has(n));
        assert.equal(size(ranges), expected.size);
        for (let i = 2; i < ranges.length; i += 2) assert.ok(ranges[i] > ranges[i - 1] + 1);
        assert.deepEqual(
          [...rows].sort(([a], [b]) => a - b),
          pairs(ranges),
        );
      }),
    );
  });

  it("name the numbers that no set holds", () => {
    fc.assert(
      fc.property(fc.array(span), fc.array(span), (a, b) => {
        const sets = [a, b].map((spans) => {
          const ranges: Ranges = [];
          for (const [first, more] of spans) add(ranges, first, first + more, new Map());
          return ranges;
        });
        const missing = new Set(
          holes(5, 50, ...sets).flatMap(([from, to]) => [...Array(to - from + 1).keys()].map((i) => from + i)),
        );
        for (let n = 1; n <= 70; n++)
          assert.equal(missing.has(n), n >= 5 && n <= 50 && !sets.some((set) => has(set, n)), String(n));
      }),
    );
  });
});
