import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mountOf } from "../../../hardware/mounts/index.js";
import { SITE_TYPES } from "../../../hardware/sites.js";
import { runRules } from "../../../hub/alerts/index.js";
import { Register } from "../../../hub/alerts/register.js";
import { RuleStates } from "../../../hub/alerts/rule-states.js";
import type { RuleEvent, RuleReading, RuleSite } from "../../../hub/alerts/rule.js";
import { tilt, type TiltSettings } from "../../../hub/alerts/tilt.js";
import { SteppedClock } from "../../../hub/clock.js";
import { ruleSites } from "../../../hub/join.js";
import type { Flag, SiteId } from "../../../hub/model.js";
import { createQuality } from "../../../hub/quality/index.js";
import { place, registryRig } from "../registry/rig.js";

const MINUTE = 60_000;
const START = 1_750_000_000_000;
/** A mesh container's limit, on a post that reports every 15 minutes. */
const LIMIT = 5;
const FAULT = null;

describe("rule tilt", () => {
  let state = tilt.initial();
  let now = START;
  let settings: TiltSettings;
  let quality = createQuality();
  beforeEach(() => {
    state = tilt.initial();
    now = START;
    settings = { ...tilt.defaults, cadenceS: 900, tiltMaxDeg: LIMIT };
    quality = createQuality();
  });

  /** What the rule makes of a reading that comes `lateMs` after it was measured. Its flag is that of the real quality tests. */
  function hear(value: number | null, time: number, lateMs = 0): RuleEvent[] {
    const flag: Flag = value === null ? 9 : quality.check("s", "tilt", time, value).flag;
    const readings: RuleReading[] = [{ entry: 1, time, property: "tilt", value, flag }];
    const events: RuleEvent[] = [];
    for (const input of [
      { type: "pack", now: time + lateMs, readings } as const,
      { type: "tick", now: time + lateMs } as const,
    ]) {
      // As the register keeps it.
      const out = tilt.step(JSON.parse(JSON.stringify(state)) as typeof state, input, settings);
      state = out.state;
      events.push(...out.events);
    }
    return events;
  }
  const short = (events: RuleEvent[]): string[] => events.map((e) => `${e.kind} ${e.action} ${e.level} ${e.reason}`);
  /** One reading every 15 minutes. */
  const quarters = (...values: (number | null)[]): string[] =>
    values.flatMap((value) => short(hear(value, (now += 15 * MINUTE))));
  const RAISED = ["tilt raise 0 leans"];
  const CLEARED = ["tilt clear 0 upright"];

  it("raises when three readings in a row, half an hour apart, are beyond the limit, once, with the figures", () => {
    assert.deepEqual(quarters(1, 1, 12, 12), []);
    const [event] = hear(12.26, (now += 15 * MINUTE));
    assert.deepEqual(event.figures, { leanDeg: 12.3, limitDeg: LIMIT });
    assert.deepEqual([event.kind, event.action, event.level, event.time, event.entry], ["tilt", "raise", 0, now, 1]);
    assert.deepEqual(quarters(12, 40, 80), []);
  });

  it("raises for no spike, for nothing up to the limit, and not sooner for readings by the second", () => {
    assert.deepEqual(quarters(1, 90, 1, 90, 90, 1, 90, 5, 90, 90, 5), []);
    for (let second = 0; second < 1790; second += 10) assert.deepEqual(hear(60, now + 1000 * (second + 1)), []);
    assert.deepEqual(short(hear(60, now + 1801_000)), RAISED);
  });

  it("hears a container that lies on its side or stands on its head, which quality doubts", () => {
    assert.equal(quality.check("other", "tilt", START, 179).flag, 3);
    assert.deepEqual(quarters(90, 179, 179), RAISED);
  });

  it("takes a fault for no tilt, and for no end of one", () => {
    assert.deepEqual(quarters(FAULT, FAULT, FAULT, FAULT), []);
    assert.deepEqual(quarters(400, 400, 400, 400), [], "no accelerometer says that: flag 4");
    assert.deepEqual(quarters(20, FAULT, 20, FAULT, 20), RAISED);
    assert.deepEqual(quarters(FAULT, FAULT, FAULT, FAULT), []);
    assert.ok(state.raised);
  });

  it("raises from few readings far apart: what lies on its antenna is heard seldom", () => {
    assert.deepEqual(quarters(30), []);
    now += 24 * 60 * MINUTE;
    assert.deepEqual(quarters(30), []);
    now += 24 * 60 * MINUTE;
    assert.deepEqual(quarters(30), RAISED);
  });

  describe("once raised", () => {
    beforeEach(() => assert.deepEqual(quarters(30, 30, 30), RAISED));

    it("stands through days without a reading", () => {
      now += 72 * 60 * MINUTE;
      const tick = tilt.step(state, { type: "tick", now }, settings);
      assert.deepEqual([tick.state, tick.events], [state, []]);
      assert.ok(tick.state.raised);
    });

    it("clears when it has stood upright for as long, a degree within the limit", () => {
      assert.deepEqual(quarters(4.5, 4.5, 4.5, 4.5), [], "not yet a degree within");
      assert.deepEqual(quarters(4, 4, 4.1, 4, 4), [], "one that is not starts it anew");
      assert.deepEqual(quarters(0), CLEARED);
      assert.deepEqual(quarters(30, 30), []);
      assert.deepEqual(quarters(30), RAISED);
    });

    it("counts upright readings anew after a hole of three periods", () => {
      assert.deepEqual(quarters(1, 1), []);
      now += 31 * MINUTE;
      assert.deepEqual(quarters(1, 1), []);
      assert.deepEqual(quarters(1), CLEARED);
    });

    it("is cleared by no old evidence, and by nothing older than the newest", () => {
      const late = 46 * MINUTE;
      for (let i = 0; i < 4; i++) assert.deepEqual(hear(1, (now += 15 * MINUTE), late), []);
      settings.cadenceS = 14_400;
      for (const minute of [1, 16, 31, 46]) {
        const time = START + minute * MINUTE;
        assert.deepEqual(hear(1, time, now - time), []);
      }
      assert.ok(state.raised);
    });
  });

  it("marks old evidence that raises, with its age", () => {
    quarters(30, 30);
    const [event] = hear(30, (now += 15 * MINUTE), 60 * MINUTE);
    assert.deepEqual([event.reason, event.figures.ageMinutes], ["stale:leans", 60]);
  });

  it("counts from what the accelerometer said as mounted, to either side", () => {
    settings.uprightDeg = 8;
    assert.deepEqual(quarters(8, 12.9, 12.9, 12.9, 3.1, 3.1, 3.1), []);
    assert.deepEqual(quarters(2, 2, 2), RAISED);
    assert.deepEqual(quarters(9, 9, 9), CLEARED);
  });

  it("goes on after a clock that was ahead, and loses no alarm by it", () => {
    quarters(30, 30, 30, 1, 1);
    now -= 48 * 60 * MINUTE;
    assert.deepEqual(quarters(1, 1), []);
    assert.ok(state.raised);
    assert.deepEqual(quarters(1), CLEARED);
  });
});

describe("where the rule tilt watches", () => {
  const t = registryRig();

  it("are the types with an accelerometer and no others, each with the limit of its own mounting", () => {
    const fitted = SITE_TYPES.filter(({ sensors }) => sensors.some(({ sensor }) => sensor === "tilt"));
    assert.ok(fitted.length >= 3);
    assert.deepEqual(
      SITE_TYPES.filter(({ rules }) => rules.includes("tilt")),
      fitted,
    );
    for (const { name } of SITE_TYPES) t.registry.addSite({ ...place(`x-${name}`, name), settings: {} }, "anna");
    const limits = ruleSites(t.registry).flatMap(({ type, tiltMaxDeg }) =>
      tiltMaxDeg === undefined ? [] : [[type, tiltMaxDeg]],
    );
    assert.deepEqual(limits.sort(), fitted.map(({ name }) => [name, mountOf(name)?.tiltMaxDeg]).sort());
  });

  it("takes a person's word of how a site stood as mounted, and refuses it where no accelerometer is", () => {
    t.registry.addSite({ ...place("u-1", "underpass-battery"), settings: { uprightDeg: 4.2 } }, "anna");
    assert.equal(ruleSites(t.registry)[0].settings.uprightDeg, 4.2);
    assert.throws(() => t.registry.addSite({ ...place("u-2", "canal"), settings: { uprightDeg: 4.2 } }, "anna"));
  });
});

describe("the alarm tilt in the register", () => {
  const site: RuleSite = {
    ...{ id: "c-1" as SiteId, type: "mesh-container", district: "Almaly", cadenceS: 14_400 },
    ...{ settings: { uprightDeg: 2 }, tiltMaxDeg: 5 },
  };
  let dir: string;
  let register: Register;
  const clock = new SteppedClock(START);
  const open = (): Register => Register.open(join(dir, "register.sqlite"), clock, () => clock.now());
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-tilt-"));
    register = open();
  });
  after(() => {
    register.close();
    rmSync(dir, { recursive: true });
  });

  it("stands through restarts of the hub, is raised and cleared once, and leaves other alarms of the site alone", () => {
    let entry = 0;
    const round = (value: number): void => {
      clock.advance(14_400_000);
      const [now, time] = [clock.now(), clock.now()];
      entry++;
      const of = (property: string, is: number): RuleReading => ({ entry, time, property, value: is, flag: 1 });
      const readings = [of("tilt", value), of("fill", 40)];
      const packs = [{ entry, site: site.id, time, received: now, readings }];
      const states = new RuleStates(register.states());
      const evaluations = runRules({ now, packs, more: false }, states, [site]);
      const fence = register.takeFence("test");
      register.commit({ fence, cursor: { epoch: "e", id: entry }, now, evaluations, notices: [] });
      register.close();
      register = open();
    };
    const alarms = (): string[] => register.alarms({ site: site.id }).map((a) => `${a.kind} ${a.state}`);
    // From 2° as mounted, 6.5° is within its 5°, and 7.5° is not.
    for (const value of [2, 6.5, 6.5, 6.5, 7.5, 7.5]) round(value);
    assert.deepEqual(alarms(), []);
    for (const value of [7.5, 85, 85]) round(value);
    assert.deepEqual(alarms(), ["tilt UNACK"]);
    for (const value of [2, 2]) round(value);
    assert.deepEqual(alarms(), ["tilt UNACK"]);
    round(2);
    assert.deepEqual(alarms(), ["tilt RTN_UNACK"]);
    assert.deepEqual(
      register.transitions().map((t) => `${t.kind} ${t.step} ${t.level} ${t.who}`),
      ["tilt raise 0 rule:tilt", "tilt clear 0 rule:tilt"],
    );
  });
});
