/** Real street floods with a made-up float at 150 mm, and what holds of the flood rule whatever the sensors say. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Flag } from "../../../hub/model.js";
import { depthAt, floodNet, type Flood } from "./floodnet.js";
import { short, START, Street, type Sample } from "./street.js";

const FLOAT_MM = 150;
const SEES = { "water-depth": 40, "water-depth-float": FLOAT_MM };
const PROBE = { ...SEES, "water-depth-head": 60 };

describe("rule flood with a float on real street floods (FloodNet NYC)", function () {
  this.timeout(60_000);
  const floods = floodNet()
    .filter(({ depthMm }) => Math.max(...depthMm) >= FLOAT_MM)
    .map((flood) => ({ ...flood, edges: edgesOf(flood) }));

  /** Seconds at which the water reaches the float's height, or falls below it. */
  function edgesOf(flood: Flood): number[] {
    const edges: number[] = [];
    let lifted = false;
    for (let second = flood.timeS[0]; second <= flood.timeS[flood.timeS.length - 1] + 1; second++)
      if (depthAt(flood, second) >= FLOAT_MM !== lifted) {
        edges.push(second);
        lifted = !lifted;
      }
    return edges;
  }

  /** One reading a minute, and one at each edge of a float that works. `delayMin`: from the crossing to the closure. */
  function replay(
    flood: (typeof floods)[number],
    phaseS: number,
    edges: boolean,
    seen: (depth: number, lifted: boolean) => Sample,
  ) {
    const street = new Street({ sees: SEES });
    let raised: number | null = null;
    const seconds = new Set(edges ? flood.edges : []);
    for (let s = phaseS - 15 * 60; s <= flood.timeS[flood.timeS.length - 1] + 40 * 60; s += 60) seconds.add(s);
    for (const second of [...seconds].sort((a, b) => a - b)) {
      const depth = depthAt(flood, second);
      street.now = START + second * 1000;
      street.reading(seen(Math.round(depth), depth >= FLOAT_MM));
      street.tick();
      if (street.state.level >= 3) raised ??= second;
    }
    return { street, delayMin: raised === null ? null : (raised - flood.edges[0]) / 60 };
  }

  function delays(edges: boolean, seen: (depth: number, lifted: boolean) => Sample): number[] {
    const found = floods.map((flood, i) => replay(flood, (i * 13) % 60, edges, seen).delayMin);
    return found.filter((minutes) => minutes !== null).sort((a, b) => a - b);
  }

  const told = (name: string, sorted: number[]): string => {
    const at = (q: number): string => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))].toFixed(1);
    return `      ${name}: ${sorted.length} of ${floods.length}, p50 ${at(0.5)} min, p95 ${at(0.95)} min`;
  };

  it("closes each of them, the moment both see the closing depth", () => {
    const sorted = delays(true, (depth, lifted) => ({ depth, float: lifted ? FLOAT_MM : 0 }));
    console.log(told("echo and float", sorted));
    assert.equal(sorted.length, floods.length);
    assert.ok(sorted[Math.floor(0.95 * sorted.length)] <= 0.1);
  });

  it("closes by the float alone, a reading later, where the echo is dead", () => {
    const sorted = delays(true, (_, lifted) => ({ depth: null, float: lifted ? FLOAT_MM : 0 }));
    console.log(told("float alone", sorted));
    assert.ok(sorted.length >= 0.95 * floods.length && sorted[Math.floor(0.95 * sorted.length)] <= 1.1);
  });

  it("closes as ever by the echo alone, where the float is stuck below", () => {
    const sorted = delays(false, (depth) => ({ depth, float: 0 }));
    console.log(told("echo alone", sorted));
    assert.ok(sorted.length >= 0.975 * floods.length && sorted[Math.floor(0.95 * sorted.length)] <= 4);
  });

  it("lets each of them go when both are low, and calls nobody's sensor broken", () => {
    for (const [i, flood] of floods.entries()) {
      const { street } = replay(flood, i % 60, true, (depth, lifted) => ({ depth, float: lifted ? FLOAT_MM : 0 }));
      const said = short(street.events);
      assert.ok(!said.some((e) => e.startsWith("sensor")), said.join());
      if (depthAt(flood, flood.timeS[flood.timeS.length - 1]) < 20) assert.equal(street.state.level, 0, said.join());
    }
  });
});

describe("rule flood, whatever the sensors say", function () {
  this.timeout(60_000);
  const depth = fc.oneof(fc.constantFrom(0, 0, 20, 60, 120, 160, 200, 350, 2000), fc.integer({ min: 0, max: 400 }));
  const sample: fc.Arbitrary<Sample> = fc.record({
    depth: fc.oneof({ weight: 9, arbitrary: depth }, { weight: 1, arbitrary: fc.constant(null) }),
    flag: fc.constantFrom<Flag>(1, 1, 1, 2, 3, 4),
    float: fc.constantFrom(0, 0, FLOAT_MM, null, undefined),
    head: fc.oneof(depth, fc.constantFrom(null, undefined)),
    headFlag: fc.constantFrom<Flag>(1, 1, 1, 3, 4),
  }) as fc.Arbitrary<Sample>;
  /** Runs of equal readings, so that holds and contradictions come to their end. */
  const course = fc
    .array(fc.tuple(sample, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 12 })
    .map((runs) => runs.flatMap(([one, count]) => Array.from({ length: count }, () => one)));
  const mute: Record<"echo" | "float" | "head", Partial<Sample>> = {
    echo: { depth: null, flag: 9 },
    float: { float: null },
    head: { head: null },
  };

  it("no level ends while one of the sensors says nothing", () => {
    fc.assert(
      fc.property(course, course, fc.constantFrom("echo", "float", "head"), (before, after, missing) => {
        const street = new Street({ sees: PROBE });
        street.minutes(before);
        // Its last words hold for as long as a hole in the readings may be: five minutes.
        street.minutes(after.slice(0, 6).map((one) => ({ ...one, ...mute[missing] })));
        const { level, seconds } = street.state;
        const gone = missing === "echo" ? undefined : seconds?.[`water-depth-${missing}`];
        fc.pre(level > 0 && gone?.denied !== true);
        for (const one of after.slice(6)) {
          street.minutes([{ ...one, ...mute[missing] }]);
          assert.ok(street.state.level >= level, `${missing}: ${short(street.events).join(", ")}`);
        }
      }),
      { numRuns: 120 },
    );
  });

  it("a float that is lifted for two readings closes the road, unless the echo has denied it for half an hour", () => {
    fc.assert(
      fc.property(course, sample, sample, (before, one, other) => {
        const street = new Street({ sees: PROBE });
        street.minutes(before);
        fc.pre(street.state.seconds?.["water-depth-float"]?.denied !== true);
        street.minutes([
          { ...one, float: FLOAT_MM },
          { ...other, float: FLOAT_MM },
        ]);
        assert.ok(street.state.level >= 3, short(street.events).join());
      }),
      { numRuns: 120 },
    );
  });

  it("water that rises under the echo closes the road, whatever the others say", () => {
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 16, maxLength: 16 }),
        fc.integer({ min: 13, max: 70 }),
        (words, step) => {
          const street = new Street({ sees: PROBE });
          street.minutes(words.map((one, i) => ({ ...one, flag: 1, depth: Math.max(0, i - 2) * step })));
          assert.ok(street.state.level >= 3, short(street.events).join());
        },
      ),
      { numRuns: 120 },
    );
  });

  it("goes on from a stored state as if it had never stopped", () => {
    fc.assert(
      fc.property(course, (readings) => {
        const whole = new Street({ sees: PROBE });
        const stored = new Street({ sees: PROBE });
        for (const one of readings) {
          stored.state = JSON.parse(JSON.stringify(stored.state)) as typeof stored.state;
          assert.deepEqual(stored.minutes([one]), whole.minutes([one]));
        }
        assert.deepEqual(JSON.parse(JSON.stringify(whole.state)), stored.state);
        assert.ok(JSON.stringify(whole.state).length < 4000);
      }),
      { numRuns: 100 },
    );
  });
});
