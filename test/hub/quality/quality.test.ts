import assert from "node:assert/strict";
import { createQuality, LIMITS, type Limits } from "../../../hub/quality/index.js";
import { PROPERTIES } from "../../../firmware/wire/properties.js";
import { SENSORS } from "../../../firmware/sensors/list.js";
import type { Flag } from "../../../hub/model.js";

const MINUTE = 60_000;

/** Judges a series of one property, a point every `stepMs`. */
function judge(property: string, values: number[], stepMs = MINUTE, limits?: Record<string, Limits>): Flag[] {
  const quality = createQuality(limits);
  return values.map((value, i) => quality.check("S-1/" + property, property, 1e12 + i * stepMs, value).flag);
}

describe("quality of live readings", () => {
  it("passes the fastest street flood on record", () => {
    // FloodNet: 184 mm in a minute is the fastest rise of its 548 rain floods.
    const flags = judge("distance", [3000, 2999, 3000, 2900, 2716, 2550, 2400, 2300, 2290, 2295]);
    assert.deepEqual(flags, Array(10).fill(1));
  });

  it("suspects a car under the sensor for one reading, and believes water that stays", () => {
    const quality = createQuality();
    const at = (minute: number, value: number) => quality.check("S-1/distance", "distance", minute * MINUTE, value);
    for (let i = 0; i < 5; i++) at(i, 3000);
    assert.deepEqual(at(5, 1500), { flag: 3, why: ["spike", "rate"] });
    assert.deepEqual(at(6, 1490), { flag: 1, why: [] });
  });

  it("passes an emptied container, which is read once an hour", () => {
    assert.deepEqual(judge("distance", [600, 580, 560, 1500, 1490], 60 * MINUTE), [1, 1, 1, 1, 1]);
  });

  it("passes a road that stays dry for weeks", () => {
    assert.ok(judge("distance", Array<number>(5000).fill(3000)).every((f) => f === 1));
  });

  it("suspects, then fails, a counter that stands still in dirty air, not in clean air", () => {
    const hours = 8;
    const stuck = judge("pm25-atm", Array<number>(hours * 12).fill(40), 5 * MINUTE);
    assert.deepEqual([stuck[23], stuck[24], stuck[71], stuck[72]], [1, 3, 3, 4]);
    assert.ok(judge("pm25-atm", Array<number>(hours * 12).fill(2), 5 * MINUTE).every((f) => f === 1));
  });

  it("fails what the instrument cannot give", () => {
    assert.deepEqual(judge("humidity", [101]), [4]);
    assert.deepEqual(judge("pm25-cf1", [501, 1001]), [3, 4]);
  });

  it("does not evaluate an electrode for hours after its bias was away", () => {
    const quality = createQuality();
    const at = (minute: number, value: number) => quality.check("S-1/no2-we", "no2-we", minute * MINUTE, value);
    assert.equal(at(0, 230).flag, 1);
    assert.deepEqual(at(40, 260), { flag: 2, why: ["gap"] });
    assert.deepEqual(at(45, 255), { flag: 2, why: ["settling"] });
    assert.equal(at(50, 1600).flag, 3, "what is wrong is said all the same");
    for (let minute = 55; minute < 40 + 240; minute += 5)
      assert.equal(at(minute, 250 - minute / 30).flag, 2, `minute ${minute}`);
    assert.equal(at(40 + 240, 240).flag, 1);
  });

  it("does not compare across a gap", () => {
    const quality = createQuality();
    for (let i = 0; i < 5; i++) quality.check("S-1/distance", "distance", i * MINUTE, 3000);
    assert.deepEqual(quality.check("S-1/distance", "distance", 200 * MINUTE, 1000), { flag: 1, why: ["gap"] });
    assert.deepEqual(quality.check("S-1/distance", "distance", 201 * MINUTE, 1010), { flag: 1, why: [] });
  });

  it("gives a late reading range only, and forgets it", () => {
    const quality = createQuality();
    for (let i = 10; i < 15; i++) quality.check("S-1/distance", "distance", i * MINUTE, 3000);
    assert.deepEqual(quality.check("S-1/distance", "distance", 9 * MINUTE, 500), { flag: 1, why: [] });
    assert.deepEqual(quality.check("S-1/distance", "distance", 8 * MINUTE, 20), { flag: 4, why: ["range"] });
    assert.deepEqual(quality.check("S-1/distance", "distance", 14 * MINUTE, 500), { flag: 1, why: [] });
    assert.deepEqual(quality.check("S-1/distance", "distance", 15 * MINUTE, 3001), { flag: 1, why: [] });
  });

  it("keeps series apart", () => {
    const quality = createQuality();
    for (let i = 0; i < 4; i++) quality.check("S-1/distance", "distance", i * MINUTE, 3000);
    assert.equal(quality.check("S-2/distance", "distance", 4 * MINUTE, 800).flag, 1);
    assert.equal(quality.check("S-1/distance", "distance", 4 * MINUTE, 800).flag, 3);
  });

  it("goes on after a restart as if there had been none", () => {
    const values = Array.from({ length: 60 }, (_, i) => (i < 20 ? 30 + (i % 7) : i === 40 ? 190 : 45));
    const before = createQuality();
    const flags = values.map((v, i) => before.check("S-1/pm25-atm", "pm25-atm", i * 5 * MINUTE, v).flag);
    const after = createQuality();
    const half = values.slice(0, 30).map((value, i) => ({ time: i * 5 * MINUTE, value, flag: flags[i]! }));
    after.warm("S-1/pm25-atm", "pm25-atm", half.reverse());
    const rest = values.slice(30).map((v, i) => after.check("S-1/pm25-atm", "pm25-atm", (30 + i) * 5 * MINUTE, v).flag);
    assert.deepEqual(rest, flags.slice(30));
    assert.ok(rest.includes(3), "the series has something to find");
  });

  it("does not judge a property of which nobody said what is believable", () => {
    assert.deepEqual(createQuality({}).check("S-1/distance", "distance", 0, 1000), { flag: 2, why: [] });
  });
});

describe("the limits", () => {
  it("exist for every property that a post may report, and for no other", () => {
    const reported = PROPERTIES.filter((p) => p.from === "node").map((p) => p.name);
    assert.deepEqual(Object.keys(LIMITS).sort(), reported.sort());
  });

  it("let through whatever a sensor's own limits let through", () => {
    for (const { name, make, defaults } of SENSORS)
      for (const [property, [min, max]] of Object.entries(make(defaults).limits)) {
        const [least, most] = LIMITS[property]!.fail;
        // A counter's figures have 16 bits; what its maker believes of them is less.
        if (/^pm\d+-(cf1|atm|mass)$/.test(property)) continue;
        assert.ok(least <= min && max <= most, `${name}: ${property} ${min} … ${max} is not within ${least} … ${most}`);
      }
  });

  it("are in order: suspect inside fail, and sooner", () => {
    for (const [name, l] of Object.entries(LIMITS)) {
      if (l.suspect) assert.ok(l.suspect[0] >= l.fail[0] && l.suspect[1] <= l.fail[1], name);
      if (l.spike) assert.ok(l.spike.suspect < (l.spike.fail ?? Infinity), name);
      if (l.flat) assert.ok(l.flat.suspectS < l.flat.failS, name);
    }
  });
});
