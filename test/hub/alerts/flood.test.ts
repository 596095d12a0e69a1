import assert from "node:assert/strict";
import { MINUTE, short, START, Street } from "./street.js";

const dry = (n: number): number[] => Array.from({ length: n }, () => 0);

describe("rule flood", () => {
  let street: Street;
  beforeEach(() => {
    street = new Street();
    street.minutes(dry(5));
    assert.deepEqual(street.events, []);
  });

  it("goes up with the water: watch, warning, closure, danger to life", () => {
    street.minutes([20, 40, 60, 80, 105, 130, 155, 165, 170, 175, 180]);
    const levels = street.events.map((e) => e.level);
    assert.deepEqual(levels, [...levels].sort());
    assert.deepEqual([...new Set(levels)], [1, 2, 3]);
    assert.ok(street.events.every((e) => e.kind === "flood" && e.action === "raise"));
    const before = street.events.length;
    street.minutes([200, 250, 300, 310]);
    assert.deepEqual(
      street.events.slice(before).map((e) => e.level),
      [4],
    );
  });

  it("forecasts the closing depth, in minutes, before it is there", () => {
    street.minutes([10, 30, 50, 70, 90]);
    const warning = street.events.find((e) => e.level === 2);
    assert.ok(warning?.reason === "forecast" && warning.figures.etaMinutes <= 5);
  });

  it("calls a fast rise at the closing depth danger to life before 30 cm", () => {
    street.minutes([40, 80, 120, 160, 200]);
    assert.equal(street.state.level, 4);
    assert.ok(street.events.at(-1)?.reason === "rising-fast");
  });

  it("needs two of three: one high reading raises nothing", () => {
    street.minutes([160, 0, 0, 0, 170, 0, 0]);
    assert.deepEqual(street.events, []);
  });

  it("clears only after 15 minutes below the mark, measured, not assumed", () => {
    street.minutes([30, 55, 60, 60]);
    assert.equal(street.state.level, 1);
    assert.deepEqual(short(street.minutes(Array.from({ length: 15 }, () => 10))), []);
    assert.deepEqual(short(street.minutes([10])), ["flood clear below-held"]);
  });

  it("starts the hold anew after a hole in the readings", () => {
    street.minutes([30, 55, 60, 60]);
    street.minutes(Array.from({ length: 10 }, () => 10));
    street.wait(20);
    const events = short(street.minutes(Array.from({ length: 15 }, () => 10)));
    assert.ok(!events.includes("flood clear below-held"), events.join());
    assert.deepEqual(short(street.minutes([10])), ["flood clear below-held"]);
  });

  it("goes from warning to watch before it clears, and from closure straight to the end", () => {
    street.minutes([60, 105, 110, 110]);
    assert.equal(street.state.level, 2);
    street.minutes(Array.from({ length: 16 }, () => 60));
    assert.equal(street.state.level, 1);
    street.minutes([100, 150, 155, 155]);
    assert.equal(street.state.level, 3);
    street.minutes(Array.from({ length: 30 }, () => 60));
    assert.equal(street.state.level, 3);
    assert.deepEqual(short(street.minutes(Array.from({ length: 16 }, () => 40))), ["flood clear below-held"]);
  });

  it("calls silence while wet UNKNOWN after two periods, and clears nothing by it", () => {
    street.minutes([30, 55, 60, 60]);
    const level = street.state.level;
    assert.deepEqual(short(street.wait(2)), []);
    assert.deepEqual(short(street.wait(1)), ["unknown raise silent-while-wet"]);
    assert.deepEqual(short(street.wait(24 * 60)), []);
    assert.equal(street.state.level, level);
    street.now += MINUTE;
    assert.deepEqual(short(street.reading(60)), ["unknown clear heard"]);
  });

  it("calls silence of a dry post silent after three periods, counted from when the hub listens", () => {
    assert.deepEqual(short(street.wait(3)), []);
    const listening = street.now + 60 * MINUTE;
    street.now = listening + 3 * MINUTE;
    assert.deepEqual(short(street.tick(listening)), []);
    street.now += MINUTE;
    assert.deepEqual(short(street.tick(listening)), ["silent raise silent"]);
  });

  it("says nothing about a post that was never heard", () => {
    const fresh = new Street();
    assert.deepEqual(fresh.wait(100), []);
  });

  it("takes faulty and failed readings for no evidence: wet and faulty for long is UNKNOWN", () => {
    street.minutes([30, 55, 60, 60]);
    const events = street.minutes([
      { depth: null, flag: 9 },
      { depth: 2000, flag: 4 },
      { depth: null, flag: 9 },
      { depth: 0, flag: 4 },
    ]);
    assert.deepEqual(short(events), ["unknown raise no-valid-reading-while-wet"]);
    assert.equal(street.state.level, 1);
  });

  it("raises nothing for one pack that comes late, and ignores what is older than the newest", () => {
    street.minutes([5, 10]);
    assert.deepEqual(street.reading(170, 5 * MINUTE), []);
    assert.deepEqual(street.reading(170, 4 * MINUTE), []);
    assert.equal(street.state.level, 0);
  });

  it("marks evidence from long ago as stale, with its age, and does not clear on it", () => {
    street.now += 30 * MINUTE;
    for (let i = 0; i < 4; i++) street.reading([60, 110, 160, 165][i], (30 - i) * MINUTE);
    const raised = street.events.filter((e) => e.kind === "flood").at(-1);
    assert.equal(raised?.reason, "stale:rising-fast");
    assert.equal(raised?.figures.ageMinutes, 27);
    for (let i = 26; i > 10; i--) street.reading(0, i * MINUTE);
    assert.equal(street.state.level, 4);
    street.reading(0, 0);
    street.now += MINUTE;
    street.reading(0);
    assert.equal(street.state.level, 4, "the hole before the fresh readings restarts the hold");
  });

  describe("objects", () => {
    it("calls a person of three minutes SUSPECT and no flood", () => {
      street.minutes([1650, 1700, 1640, 1690, 0, 0, 0]);
      assert.deepEqual(short(street.events), ["suspect raise jump", "suspect clear gone"]);
    });

    it("keeps silent about somebody who walks past", () => {
      street.minutes([1650, 0, 0, 0, 1700, 1690, 0, 0]);
      assert.deepEqual(street.events, []);
    });

    it("never drops a leap in silence: a plateau over the limit is SUSPECT as long as it stands", () => {
      street.minutes(Array.from({ length: 60 }, (_, i) => 600 + (i % 2)));
      assert.deepEqual(short(street.events), ["suspect raise jump"]);
      assert.equal(short(street.wait(4)).at(-1), "unknown raise silent-while-wet");
    });

    it("promotes a leap that goes on rising like water", () => {
      street.minutes([400, 425, 447, 471, 495, 520]);
      assert.equal(street.state.level, 4);
      assert.ok(!short(street.events).some((e) => e.startsWith("unknown")));
    });

    it("makes a leap from a wet road a warning after three minutes", () => {
      street.minutes([10, 20, 25, 30, 31, 550, 550, 551, 550]);
      assert.deepEqual(
        street.events.filter((e) => e.kind === "flood").map((e) => [e.level, e.reason]),
        [[2, "suspect-while-wet"]],
      );
    });

    it("takes readings that quality doubts for suspects, not for levels; rising, they count", () => {
      street.minutes([60, 60, 61, 60, 60].map((depth) => ({ depth, flag: 3 as const })));
      assert.deepEqual(short(street.events), ["suspect raise jump"]);
      const other = new Street();
      other.minutes(dry(5));
      other.minutes([60, 85, 111, 135, 160, 185].map((depth) => ({ depth, flag: 3 as const })));
      assert.equal(other.state.level, 3);
    });

    it("sees a flat box lower than the closing depth as SUSPECT, not as water", () => {
      street.minutes([120, 121, 119, 120, 121]);
      assert.deepEqual(short(street.events), ["suspect raise flat"]);
    });

    it("calls three pulses in a quarter of an hour a chain", () => {
      street.minutes([200, 0, 210, 0, 190, 0, 0]);
      assert.deepEqual(short(street.events).slice(0, 1), ["suspect raise pulse-chain"]);
      assert.ok(street.events.every((e) => e.kind === "suspect"));
    });

    it("does not take water that first shows beside a hidden low point for a leap", () => {
      street.minutes(Array.from({ length: 3 }, () => ({ depth: 0, distance: 3000 })));
      street.minutes([12, 25, 40, 52].map((mm) => ({ depth: 290 + mm, distance: 3000 - mm })));
      assert.equal(street.state.level, 4);
    });

    it("calls a slow rise in the frost snow; a fast one is water all the same", () => {
      const snow = new Street();
      snow.minutes(Array.from({ length: 300 }, (_, i) => ({ depth: i / 4, airC: -6 })));
      assert.deepEqual(short(snow.events), ["suspect raise snow"]);
      const melt = new Street();
      melt.minutes(Array.from({ length: 60 }, () => ({ depth: 0, airC: -6 })));
      melt.minutes([20, 40, 60, 80, 100, 120, 140, 160, 165].map((depth) => ({ depth, airC: -6 })));
      assert.equal(melt.state.level, 3);
    });

    it("does not call water snow once it is proven: creeping on in the frost it still closes the road", () => {
      const frost = new Street();
      frost.minutes(Array.from({ length: 60 }, () => ({ depth: 0, airC: -3 })));
      frost.minutes([20, 40, 60, 80, 100, 120, 140].map((depth) => ({ depth, airC: -3 })));
      assert.equal(frost.state.level, 2);
      frost.minutes(Array.from({ length: 823 }, (_, i) => ({ depth: 140 + (i * 18) / 60, airC: -3 })));
      assert.equal(frost.state.level, 4);
      assert.deepEqual(
        frost.events.map((e) => [e.kind, e.level]),
        [1, 2, 3, 4].map((level) => ["flood", level]),
      );
    });

    it("raises snow once, and lets no frost hold back the closing depth", () => {
      const frost = new Street();
      frost.minutes(Array.from({ length: 600 }, (_, i) => ({ depth: (i * 18) / 60, airC: -3 })));
      assert.deepEqual(short(frost.events), ["suspect raise snow", "flood raise 3 depth-2-of-3", "suspect clear gone"]);
    });
  });

  it("keeps its state as plain JSON, of bounded size", () => {
    street.minutes(Array.from({ length: 500 }, (_, i) => (i * 37) % 400));
    assert.deepEqual(JSON.parse(JSON.stringify(street.state)), street.state);
    assert.ok(JSON.stringify(street.state).length < 3000);
    assert.ok(street.now > START);
  });
});
