/** The flood rule with a float switch or a pressure probe beside the echo. */
import assert from "node:assert/strict";
import { flood } from "../../../hub/alerts/flood.js";
import { RULES, runRule } from "../../../hub/alerts/index.js";
import type { SiteId } from "../../../hub/model.js";
import { MINUTE, short, START, Street, type Sample } from "./street.js";

/** The echo sees from 40 mm on at the lowest point; the float switches at 150 mm there. */
const SEES = { "water-depth": 40, "water-depth-float": 150 };
const PROBE = { sees: { ...SEES, "water-depth-head": 60 } };
const times = (n: number, sample: Sample): Sample[] => Array.from({ length: n }, () => ({ ...sample }));
const DRY: Sample = { depth: 0, float: 0 };
const UP: Sample = { depth: 0, float: 150 };

const street = (settings: ConstructorParameters<typeof Street>[0] = {}): Street => {
  const made = new Street({ sees: SEES, ...settings });
  const probe = made.settings.sees["water-depth-head"] === undefined ? {} : { head: 0 };
  made.minutes(times(5, { ...DRY, ...probe }));
  assert.deepEqual(made.events, []);
  return made;
};

describe("rule flood with a second principle: up", () => {
  it("needs one reading where both see the closing depth, not two", () => {
    const s = street();
    s.minutes([
      { depth: 60, float: 0 },
      { depth: 155, float: 150 },
    ]);
    assert.deepEqual(short(s.events), ["flood raise 3 together"]);
    assert.equal(s.events[0].figures.depthMm, 150);
  });

  it("takes a leap for water at once where the float rose with it, and judges its depth by the next reading", () => {
    const s = street();
    s.minutes([{ depth: 420, float: 150 }]);
    assert.deepEqual(short(s.events), ["flood raise 3 together"]);
    s.minutes([{ depth: 425, float: 150 }]);
    assert.equal(s.state.level, 4);
    assert.ok(
      s.events.every((e) => e.kind === "flood"),
      short(s.events).join(),
    );
  });

  it("takes a standing leap for water when the float rises later", () => {
    const s = street();
    s.minutes(times(2, { depth: 420, float: 0 }));
    assert.deepEqual(s.events, []);
    s.minutes(times(2, { depth: 421, float: 150 }));
    assert.equal(s.state.level, 4);
  });

  it("does not take a lorry that stalls in the water for deep water at once, but does after three minutes", () => {
    const s = street();
    s.minutes([60, 90, 115, 135, 155, 165, 170, 172].map((depth) => ({ depth, float: depth < 150 ? 0 : 150 })));
    assert.equal(s.state.level, 3);
    s.minutes(times(3, { depth: 2400, float: 150 }));
    assert.equal(s.state.level, 3);
    s.minutes(times(2, { depth: 2400, float: 150 }));
    assert.equal(s.state.level, 4);
  });

  it("closes by the float alone: a watch at its first word, the closure at its second", () => {
    const s = street();
    assert.deepEqual(short(s.minutes([UP])), ["flood raise 1 float-first"]);
    assert.deepEqual(short(s.minutes([UP])), ["flood raise 3 float-2-of-3"]);
  });

  it("closes by the float alone though the echo fails, or never spoke", () => {
    const s = street();
    s.minutes(times(2, { depth: null, float: 150 }));
    assert.equal(s.state.level, 3);
    const mute = new Street({ sees: SEES });
    mute.minutes(times(2, { depth: null, float: 150 }));
    assert.equal(mute.state.level, 3);
  });

  it("judges by a float no level above its height", () => {
    const low = new Street({ sees: { ...SEES, "water-depth-float": 100 } });
    low.minutes([...times(3, DRY), ...times(5, { depth: 0, float: 100 })]);
    assert.equal(low.state.level, 2);
    const s = street();
    s.minutes(times(20, { depth: 0, float: 150 }));
    assert.equal(s.state.level, 3);
  });

  it("goes up to danger to life by the probe alone, and needs two readings for it", () => {
    const s = street(PROBE);
    s.minutes([{ depth: 0, float: 0, head: 340 }]);
    assert.equal(s.state.level, 1);
    s.minutes([{ depth: 0, float: 0, head: 350 }]);
    assert.deepEqual(short(s.events), ["flood raise 1 head-first", "flood raise 4 head-2-of-3"]);
  });

  it("takes a doubtful word of the probe for no evidence of anything", () => {
    const s = street(PROBE);
    s.minutes(times(10, { depth: 0, float: 0, head: 900, headFlag: 3 }));
    assert.deepEqual(s.events, []);
  });

  it("closes by the echo alone where the float is stuck below, and calls a technician", () => {
    const s = street();
    s.minutes([30, 70, 110, 150, 190, 220].map((depth) => ({ depth, float: 0 })));
    assert.ok(s.state.level >= 3);
    const events = short(s.minutes(times(40, { depth: 225, float: 0 })));
    assert.deepEqual(events, ["sensor raise float-contradicts"]);
    assert.ok(s.state.level >= 3);
  });

  it("is not woken by what comes late or twice", () => {
    const s = street();
    s.now += 10 * MINUTE;
    s.minutes([DRY]);
    for (const age of [9, 8, 7, 7]) s.reading({ depth: null, float: 150 }, age * MINUTE);
    assert.deepEqual(s.events, []);
  });

  it("raises on old evidence as such, with its age", () => {
    const s = street();
    s.now += 60 * MINUTE;
    for (const age of [50, 49]) s.reading(UP, age * MINUTE);
    assert.deepEqual(short(s.events), ["flood raise 1 stale:float-first", "flood raise 3 stale:float-2-of-3"]);
    assert.equal(s.events[1].figures.ageMinutes, 49);
  });
});

describe("rule flood with a second principle: objects", () => {
  it("is not woken by a flat object of 15 to 25 cm that does not lift the float: it is SUSPECT", () => {
    for (const top of [185, 200, 249]) {
      const s = street();
      s.minutes(times(90, { depth: top, float: 0 }));
      assert.deepEqual(short(s.events), ["suspect raise flat"], String(top));
      assert.deepEqual(short(s.minutes(times(2, DRY))), ["suspect clear gone"]);
    }
  });

  it("is not woken by a parked car that is there after a hole in the readings", () => {
    const s = street();
    s.now += 60 * MINUTE;
    s.minutes(times(20, { depth: 1450, float: 0 }));
    assert.deepEqual(short(s.events), ["suspect raise jump"]);
  });

  it("keeps so through one lost word of the float, and is woken once nothing denies the object", () => {
    const s = street();
    s.minutes([...times(5, { depth: 200, float: 0 }), { depth: 200 }, { depth: 200, float: 0 }]);
    assert.equal(s.state.level, 0);
    s.minutes(times(2, { depth: 200, float: null }));
    assert.equal(s.state.level, 3);
  });

  it("is woken as ever by an object that lies no higher than the float can deny", () => {
    const s = street();
    s.minutes(times(5, { depth: 170, float: 0 }));
    assert.equal(s.state.level, 3);
  });

  it("does not let a float that is stuck below deny what the probe sees rise", () => {
    const s = street(PROBE);
    s.minutes(times(3, { depth: 240, float: 0, head: 60 }));
    assert.equal(s.state.level, 3);
  });

  it("denies nothing where no record says from which depth the float sees", () => {
    const s = new Street({ sees: { "water-depth": 40 } });
    s.minutes([...times(5, DRY), ...times(5, { depth: 200, float: 0 })]);
    assert.equal(s.state.level, 3);
  });
});

describe("rule flood with a second principle: down", () => {
  const wet = (settings = {}): Street => {
    const s = street(settings);
    s.minutes([60, 90, 115, 135, 155, 165, 170].map((depth) => ({ depth, float: depth < 150 ? 0 : 150 })));
    assert.equal(s.state.level, 3);
    s.events.length = 0;
    return s;
  };

  it("clears when all have been low for the hold time", () => {
    const s = wet();
    assert.deepEqual(short(s.minutes(times(15, DRY))), []);
    assert.deepEqual(short(s.minutes([DRY])), ["flood clear below-held"]);
  });

  it("does not clear by the echo alone while the float is up, still", () => {
    const s = wet();
    s.minutes([...times(14, UP), ...times(15, DRY)]);
    assert.equal(s.state.level, 3);
    assert.deepEqual(short(s.minutes([DRY])), ["flood clear below-held"]);
  });

  it("does not clear by the float alone while the echo is high, doubtful or missing", () => {
    for (const echo of [
      { depth: 60 },
      { depth: 60, flag: 3 as const },
      { depth: 0, flag: 4 as const },
      { depth: null },
      { depth: 2000 },
    ]) {
      const s = wet();
      s.minutes(times(120, { ...echo, float: 0 }));
      assert.equal(s.state.level, 3, JSON.stringify(echo));
    }
  });

  it("does not clear while the float is missing, until a person has declared it failed", () => {
    const s = wet();
    s.minutes(times(120, { depth: 0, float: null }));
    s.minutes(times(120, { depth: 0 }));
    assert.equal(s.state.level, 3);
    assert.deepEqual(short(s.events), ["sensor raise float-missing"]);
    s.settings.floatOut = 1;
    assert.deepEqual(short(s.minutes(times(1, { depth: 0, float: 150 }))), [
      "flood clear below-held",
      "sensor clear float-missing",
    ]);
    s.minutes(times(5, { depth: 0, float: 150 }));
    assert.equal(s.state.level, 0);
  });

  it("clears by what is left when a person has declared the echo failed", () => {
    const s = wet();
    s.settings.echoOut = 1;
    s.minutes(times(15, { depth: 300, float: 0 }));
    assert.equal(s.state.level, 3);
    assert.deepEqual(short(s.minutes([{ depth: 300, float: 0 }])), ["flood clear below-held"]);
  });

  it("goes down by steps, each with a hold of its own, also by the probe alone", () => {
    const s = street({ ...PROBE, echoOut: 1, floatOut: 1 });
    s.minutes(times(3, { depth: null, head: 110 }));
    assert.equal(s.state.level, 2);
    s.minutes(times(16, { depth: null, head: 0 }));
    assert.equal(s.state.level, 1);
    s.minutes(times(15, { depth: null, head: 0 }));
    assert.equal(s.state.level, 1);
    s.minutes(times(2, { depth: null, head: 0 }));
    assert.equal(s.state.level, 0);
  });

  it("waits for the probe as well, where there is one", () => {
    const s = street(PROBE);
    s.minutes([60, 90, 115, 135, 155, 160].map((depth) => ({ depth, float: depth < 150 ? 0 : 150, head: depth })));
    assert.equal(s.state.level, 3);
    s.minutes(times(25, { depth: 0, float: 0, head: 90 }));
    assert.equal(s.state.level, 3);
    s.minutes(times(16, { depth: 0, float: 0, head: 0 }));
    assert.equal(s.state.level, 0);
  });
});

describe("rule flood with a second principle: what fails", () => {
  it("hands a stuck float to a technician after half an hour: it closes the road once, and wakes nobody again", () => {
    const s = street();
    s.minutes(times(6 * 60, UP));
    assert.deepEqual(short(s.events), [
      "flood raise 1 float-first",
      "flood raise 3 float-2-of-3",
      "sensor raise float-contradicts",
      "flood clear float-denied",
    ]);
    // It counts again, at once, when the echo sees water as well.
    s.minutes([60, 110, 140, 160].map((depth) => ({ depth, float: 150 })));
    assert.equal(s.state.level, 3);
    assert.equal(s.state.seconds?.["water-depth-float"]?.denied, false);
  });

  it("frees it when it agrees again", () => {
    const s = street();
    s.minutes([...times(60, UP), ...times(2, DRY)]);
    assert.equal(short(s.events).at(-1), "sensor clear float-contradicts");
    assert.deepEqual(short(s.minutes(times(2, UP))), ["flood raise 1 float-first", "flood raise 3 float-2-of-3"]);
  });

  it("never calls a float stuck whose water the echo cannot see: the lowest point lies beside the post", () => {
    const s = new Street({ sees: { ...SEES, "water-depth": 270 } });
    s.minutes([...times(5, DRY), ...times(6 * 60, UP)]);
    assert.equal(s.state.level, 3);
    assert.ok(
      short(s.events).every((e) => e.startsWith("flood raise")),
      short(s.events).join(),
    );
  });

  it("holds a level that latches nowhere although the float is denied", () => {
    const s = new Street({ sees: { ...SEES, "water-depth-float": 100 } });
    s.minutes([...times(5, DRY), ...times(120, { depth: 0, float: 100 })]);
    assert.equal(s.state.level, 2);
    assert.equal(short(s.events).at(-1), "sensor raise float-contradicts");
  });

  it("does not believe a dry echo against float and probe", () => {
    const s = street(PROBE);
    s.minutes(times(6 * 60, { depth: 0, float: 150, head: 155 }));
    assert.equal(s.state.level, 3);
    assert.equal(short(s.events).at(-1), "sensor raise float-contradicts");
  });

  it("says that the post is one-eyed, by name, once, and that it is whole again", () => {
    const s = street();
    s.minutes(times(30, { depth: null, float: 0 }));
    assert.deepEqual(short(s.events), ["sensor raise echo-missing"]);
    assert.deepEqual(short(s.minutes([DRY])), ["sensor clear echo-missing"]);
    s.minutes(times(30, { depth: 0, float: null }));
    assert.deepEqual(short(s.events).slice(2), ["sensor raise float-missing"]);
  });

  it("waits for one that a record promises and that never spoke", () => {
    const s = new Street(PROBE);
    s.minutes(times(10, { depth: 0, head: 0 }));
    assert.deepEqual(short(s.events), ["sensor raise float-missing"]);
  });

  it("calls a wet post UNKNOWN where only the float is left, but not where the probe measures on", () => {
    const wet = (left: Sample): string[] => {
      const s = street(PROBE);
      s.minutes([{ depth: 60, float: 0, head: 60 }, ...times(5, { depth: 60, float: 0, head: 60 })]);
      s.events.length = 0;
      s.minutes(times(10, left));
      assert.ok(s.state.level > 0);
      return short(s.events);
    };
    assert.deepEqual(wet({ depth: null, float: 0, head: 70 }), ["sensor raise echo-missing"]);
    assert.deepEqual(wet({ depth: null, float: 0, head: null }), [
      "unknown raise no-valid-reading-while-wet",
      "sensor raise echo-missing",
    ]);
  });

  it("calls a post silent of which nothing is heard, and not one-eyed", () => {
    const s = street();
    assert.deepEqual(short(s.wait(60)), ["silent raise silent"]);
    assert.deepEqual(short(s.minutes([DRY])), ["silent clear heard"]);
  });

  it("calls a post silent whose echo fails while its float is stuck", () => {
    const s = street();
    s.minutes(times(60, UP));
    s.events.length = 0;
    s.minutes(times(10, { depth: null, float: 150 }));
    assert.deepEqual(short(s.events), ["silent raise no-valid-reading"]);
    assert.equal(s.state.level, 0);
  });

  it("forgets what a clock ahead wrote, and lets no level go by that", () => {
    const s = street();
    s.minutes([60, 90, 115, 135, 155, 165].map((depth) => ({ depth, float: depth < 150 ? 0 : 150 })));
    s.now -= 2 * 24 * 60 * MINUTE;
    s.minutes(times(60, { depth: 0, float: null }));
    assert.equal(s.state.level, 3);
    s.minutes(times(16, DRY));
    assert.equal(s.state.level, 0);
  });
});

describe("rule flood without a second principle", () => {
  it("has the state that it always had", () => {
    const s = new Street();
    s.minutes([0, 60, 160, 170, 0, 0, 2000, 2000, 2000, 2000, 0, 0]);
    assert.deepEqual(Object.keys(s.state).sort(), Object.keys(flood.initial()).sort());
  });

  it("goes on from the state of an older version when a record is added", () => {
    const s = new Street();
    s.minutes([0, 0, 60, 110, 160, 165]);
    const next = new Street({ sees: SEES });
    Object.assign(next, { state: JSON.parse(JSON.stringify(s.state)) as typeof s.state, now: s.now });
    next.minutes(times(15, DRY));
    assert.equal(next.state.level, s.state.level);
    next.minutes(times(2, DRY));
    assert.equal(next.state.level, 0);
  });

  it("begins anew, and says so, where what it remembers of a second principle is torn", () => {
    const site = {
      id: "u" as SiteId,
      type: "underpass-barrier",
      district: "d",
      cadenceS: 60,
      settings: {},
      sees: SEES,
    };
    const readings = (["water-depth", "water-depth-float"] as const).map((property) => {
      return { entry: 1, time: START, property, value: 0, flag: 1 as const };
    });
    const pack = { entry: 1, site: site.id, time: START, received: START, readings };
    for (const seconds of ["x", { "water-depth-float": null }, { "water-depth-float": {} }, 5]) {
      const told: string[] = [];
      const before = { site: site.id, rule: "flood", revision: 1, state: { ...flood.initial(), level: 3, seconds } };
      const batch = { now: START, packs: [pack], more: false };
      const found = runRule(RULES[0], site, batch, batch.packs, before, {}, ({ message }) => told.push(message));
      assert.equal(told.length, 1, JSON.stringify(seconds));
      assert.equal((found?.state as { level: number }).level, 0);
    }
  });
});
