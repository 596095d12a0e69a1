/** Deep water that came while the post was not heard: nothing shows a leap, so nothing may hold back the closure. */
import assert from "node:assert/strict";
import { MINUTE, short, Street } from "./street.js";

const steady = (n: number, mm: number): number[] => Array.from({ length: n }, (_, i) => mm + (i % 2));

describe("rule flood after a hole in the readings", () => {
  let street: Street;
  beforeEach(() => {
    street = new Street();
    street.minutes(steady(5, 0));
  });
  const levels = () => street.events.filter((e) => e.kind === "flood").map((e) => e.level);

  for (const [name, gap, mm, level] of [
    ["half an hour, then 80 cm", 30, 800, 4],
    ["five minutes, then 52 cm", 4, 520, 4],
    ["a day, then 250 cm", 24 * 60, 2500, 4],
  ] as const)
    it(`raises danger to life for standing water: ${name}`, () => {
      street.wait(gap);
      street.minutes(steady(3, mm));
      assert.deepEqual(levels(), [], "not before the time that a suspect has");
      street.minutes(steady(2, mm));
      assert.deepEqual(levels(), [level]);
      street.minutes(steady(60, mm));
      assert.deepEqual(levels(), [level]);
    });

  it("raises it from a road that was wet before the hole, and ends it when the water has been gone for the hold time", () => {
    street.minutes([30, 60, 105, 104, 60]);
    assert.equal(street.state.level, 2);
    street.wait(30);
    street.minutes(steady(5, 800));
    assert.equal(street.state.level, 4);
    street.minutes([700, 600, 500, 400, 300, 200, 100, ...steady(18, 10)]);
    assert.equal(street.state.level, 0);
  });

  it("raises it when the backlog of the hole comes newest first, and is ignored as late", () => {
    street.now += 30 * MINUTE;
    street.reading(800);
    for (let age = 1; age < 30; age++) street.reading(Math.max(0, 800 - 30 * age), age * MINUTE);
    assert.deepEqual(levels(), []);
    street.minutes(steady(4, 800));
    assert.deepEqual(levels(), [4]);
  });

  it("raises it for a post whose first reading ever is high, also if quality doubts it", () => {
    for (const flag of [1, 3] as const) {
      street = new Street();
      street.minutes(steady(5, 600).map((depth) => ({ depth, flag })));
      assert.deepEqual(levels(), [4]);
    }
  });

  it("raises it when the hole lies within a suspect stretch that had just begun", () => {
    street.minutes([900]);
    street.wait(30);
    street.minutes(steady(5, 800));
    assert.deepEqual(levels(), [4]);
  });

  it("raises it over a link that lets one reading through in six minutes", () => {
    for (let i = 0; i < 4; i++) {
      street.wait(5);
      street.minutes([800]);
    }
    assert.deepEqual(levels(), [4]);
  });

  it("does not take a parked car for water because the link was down while it stood", () => {
    street.minutes(steady(10, 1400));
    street.wait(30);
    street.minutes(steady(30, 1400));
    assert.deepEqual(levels(), []);
  });

  it("raises no level for a person of four minutes who comes after the hole and after a dry reading", () => {
    street.wait(30);
    street.minutes([0, 1650, 1700, 1640, 1690, 1660, 0, 0, 0]);
    assert.deepEqual(levels(), []);
    assert.deepEqual(short(street.events.filter((e) => e.kind === "suspect")), [
      "suspect raise jump",
      "suspect clear gone",
    ]);
  });
});
