import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SITE_TYPES } from "../../../hardware/sites.js";
import { runRules } from "../../../hub/alerts/index.js";
import { level, type LevelSettings } from "../../../hub/alerts/level.js";
import { Register } from "../../../hub/alerts/register.js";
import { RuleStates } from "../../../hub/alerts/rule-states.js";
import type { RuleEvent, RuleInput, RuleReading, RuleSite } from "../../../hub/alerts/rule.js";
import { SteppedClock } from "../../../hub/clock.js";
import { ruleSites } from "../../../hub/join.js";
import type { Flag, SiteId } from "../../../hub/model.js";
import { projectRoot } from "../../../hub/root.js";
import { place, registryRig } from "../registry/rig.js";
import { depthAt, floodNet } from "./floodnet.js";

const MINUTE = 60_000;
const START = 1_750_000_000_000;

describe("rule level", () => {
  let state = level.initial();
  let now = START;
  let settings: LevelSettings;
  beforeEach(() => {
    state = level.initial();
    now = START;
    settings = { ...level.defaults, highMm: 1200, lowMm: 300 };
  });

  interface As {
    lateMs?: number;
    flag?: Flag;
    why?: string[];
  }
  /** What the rule makes of a level that was measured at `time`, and of the time after it. */
  function hear(value: number | null, time: number, { lateMs = 0, flag = value === null ? 9 : 1, why }: As = {}) {
    const reading: RuleReading = { entry: 1, time, property: "water-level", value, flag };
    if (why !== undefined) reading.why = why;
    const events: RuleEvent[] = [];
    const heard = time + lateMs;
    const inputs: RuleInput[] = [
      { type: "pack", now: heard, readings: [reading] },
      { type: "tick", now: heard },
    ];
    for (const input of inputs) {
      // As the register keeps it.
      const out = level.step(JSON.parse(JSON.stringify(state)) as typeof state, input, settings);
      state = out.state;
      events.push(...out.events);
    }
    return events;
  }
  const short = (events: RuleEvent[]): string[] => events.map((e) => `${e.kind} ${e.action} ${e.level} ${e.reason}`);
  /** One level so many minutes after the other. */
  const every = (minutes: number, values: (number | null)[], as: As = {}): string[] =>
    values.flatMap((value) => short(hear(value, (now += minutes * MINUTE), as)));
  const quarters = (...values: (number | null)[]): string[] => every(15, values);
  const HIGH = ["level raise 0 high"];
  const LOW = ["level raise 0 low"];
  const BACK = ["level clear 0 back"];

  it("raises what stands at its limit in two readings in a row, once, with the figures", () => {
    assert.deepEqual(quarters(1100, 1199, 1200), []);
    const [event] = hear(1230.4, (now += 15 * MINUTE));
    assert.deepEqual(event, {
      ...{ kind: "level", action: "raise", level: 0, reason: "high", figures: { levelMm: 1230, limitMm: 1200 } },
      ...{ time: now, entry: 1 },
    });
    assert.deepEqual(quarters(1240, 1250, 1210), []);
  });

  it("raises a low level, and clears either when it is 5 cm within, twice", () => {
    assert.deepEqual(quarters(340, 300, 299), LOW);
    assert.deepEqual(quarters(349, 349, 350, 349, 350), [], "one reading that is not starts it anew");
    assert.deepEqual(quarters(350), BACK);
    assert.deepEqual(quarters(400, 500, 600, 700, 800, 900, 1000, 1100), []);
    assert.deepEqual(quarters(1200, 1200), HIGH);
    assert.deepEqual(quarters(1151, 1151, 1151), []);
    assert.deepEqual(quarters(1150, 1150), BACK);
  });

  it("goes from high to low at once where the readings do", () => {
    assert.deepEqual(every(15, [1300, 1300]), HIGH);
    settings.fallMmPerMin = 1e6;
    assert.deepEqual(every(15, [100, 100]), [...BACK, ...LOW]);
  });

  it("knows no high and no low where nobody has set one", () => {
    settings = level.defaults;
    settings = { ...settings, riseMmPerMin: 1e9, fallMmPerMin: 1e9 };
    assert.deepEqual(quarters(900_000, 900_000, -20_000, -20_000, 5, 5), []);
  });

  it("raises for no spike, and not sooner for readings by the second", () => {
    assert.deepEqual(quarters(1000, 1500, 1000, 1500, 1000, 100, 1000), []);
    for (let second = 10; second < 70; second += 10) assert.deepEqual(hear(1300, now + second * 1000), []);
    assert.deepEqual(short(hear(1300, now + 71_000)), HIGH);
  });

  it("tells what rises and what falls fast, whatever stands", () => {
    settings = { ...level.defaults };
    assert.deepEqual(every(1, [500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500]), []);
    const rise = Array.from({ length: 9 }, (_, i) => 515 + 15 * i);
    assert.deepEqual(every(1, rise), ["level-rate raise 0 rising"]);
    assert.deepEqual(every(1, Array<number>(12).fill(rise[8])), ["level-rate clear 0 back"]);
    assert.deepEqual(every(15, [700, 700]), []);
    assert.deepEqual(every(15, [500, 300]), []);
    const [event] = hear(100, (now += 15 * MINUTE));
    assert.deepEqual(
      [event.kind, event.reason, event.figures],
      ["level-rate", "falling", { levelMm: 100, rateMmPerMin: -13.3 }],
    );
  });

  it("takes a steady rise under the limit for none, however far it goes, nor two levels across a hole", () => {
    settings = { ...level.defaults };
    assert.deepEqual(
      every(
        15,
        Array.from({ length: 40 }, (_, i) => 100 + 140 * i),
      ),
      [],
    );
    now += 60 * MINUTE;
    assert.deepEqual(quarters(9000, 9000), []);
  });

  it("hears nothing that quality doubts but a level beyond the survey, which water over a bank is", () => {
    assert.deepEqual(every(15, [1300, 1300, 1300], { flag: 3, why: ["rate"] }), []);
    assert.deepEqual(every(15, [1300, 1300, 1300], { flag: 3, why: ["geometry", "spike"] }), []);
    assert.deepEqual(every(15, [1300, 1300, 1300], { flag: 3 }), []);
    assert.deepEqual(every(15, [1300, 1300, 1300], { flag: 4, why: ["geometry"] }), []);
    assert.deepEqual(every(15, [1300, 1300], { flag: 3, why: ["geometry"] }), HIGH);
    assert.deepEqual(every(15, [1000, 1000, 1000], { flag: 3, why: ["flat"] }), []);
    assert.ok(state.level.stands);
  });

  it("raises and clears by no old evidence, and by nothing older than the newest", () => {
    const late = { lateMs: 46 * MINUTE };
    assert.deepEqual(every(15, [1300, 1300, 1300], late), []);
    assert.deepEqual(every(15, [1250, 1250, 1250, 1250], late), []);
    assert.deepEqual(quarters(1300, 1300), HIGH);
    assert.deepEqual(every(15, [800, 800, 800], late), []);
    for (const minutes of [5, 4, 3]) assert.deepEqual(hear(800, now - minutes * MINUTE), []);
    assert.equal(state.level.stands, "high");
  });

  it("stands through silence, faults and a hole", () => {
    assert.deepEqual(quarters(1300, 1300), HIGH);
    assert.deepEqual(quarters(null, null, null), []);
    assert.deepEqual(level.step(state, { type: "tick", now: now + 72 * 60 * MINUTE }, settings).events, []);
    assert.deepEqual(quarters(1000), []);
    now += 46 * MINUTE;
    assert.deepEqual(quarters(1000), [], "the one before the hole does not count");
    assert.deepEqual(quarters(1000), BACK);
  });

  it("goes on after a clock that was ahead, and loses no alarm by it", () => {
    quarters(1300, 1300, 1000);
    now -= 48 * 60 * MINUTE;
    assert.deepEqual(quarters(1000), []);
    assert.equal(state.level.stands, "high");
    assert.deepEqual(quarters(1000), BACK);
  });

  it("remembers no more than it needs, however often a post reports", () => {
    for (let i = 0; i < 5000; i++) hear(800, (now += 1000));
    assert.ok(JSON.stringify(state).length < 2000, JSON.stringify(state));
  });

  describe("over two weeks of a real water, each 6 minutes", () => {
    const tide = readFileSync(join(projectRoot(), "test/fixtures/tide/levels.txt"), "utf8")
      .trim()
      .split(/\s+/)
      .map(Number);
    const run = (): RuleEvent[] => tide.flatMap((mm) => hear(mm, (now += 6 * MINUTE)));
    /** Times that the water stands at a limit in two readings, having been below another. */
    const passes = (mm: number, from: number): number => {
      let [count, ready] = [0, true];
      tide.forEach((one, i) => {
        if (one < from) ready = true;
        if (i > 0 && one >= mm && tide[i - 1] >= mm && ready) [count, ready] = [count + 1, false];
      });
      return count;
    };

    it("raises each high water once, and each low water", () => {
      settings = { ...level.defaults, cadenceS: 360, highMm: 600, lowMm: -500 };
      const events = run();
      const raised = (reason: string) => events.filter((e) => e.kind === "level" && e.reason === reason).length;
      const high = passes(600, 550);
      assert.ok(high >= 10, `${high}`);
      assert.equal(raised("high"), high);
      assert.ok(raised("low") >= 10);
      assert.ok(Math.abs(raised("back") - raised("high") - raised("low")) <= 1);
    });

    it("takes a tide for no wave, but where it rises by as much", () => {
      settings = { ...level.defaults, cadenceS: 360 };
      const events = run();
      assert.deepEqual(short(events), ["level-rate raise 0 rising", "level-rate clear 0 back"]);
      const at = Math.round((events[0].time - START) / (6 * MINUTE)) - 1;
      assert.ok(tide[at] - tide[at - 3] >= 180, "by 18 cm in 18 minutes");
      settings.riseMmPerMin = settings.fallMmPerMin = 15;
      [state, now] = [level.initial(), START];
      assert.deepEqual(run(), []);
    });
  });

  it("tells of water that rises as a street flood does, in a few minutes, and of none that is much slower", () => {
    settings = { ...level.defaults, cadenceS: 300 };
    const found: { due: number | null; raised: number | null; mostMm: number }[] = [];
    for (const flood of floodNet()) {
      state = level.initial();
      const depth = (minute: number): number => depthAt(flood, minute * 60);
      let [due, raised]: (number | null)[] = [null, null];
      let mostMm = 0;
      for (let minute = -20; minute * 60 < flood.timeS[flood.timeS.length - 1]; minute++) {
        const roseMm = depth(minute) - depth(minute - 10);
        mostMm = Math.max(mostMm, roseMm);
        if (roseMm >= 100) due ??= minute;
        const events = hear(depth(minute), now + (minute + 20) * MINUTE);
        if (events.some(({ reason }) => reason === "rising")) raised ??= minute;
      }
      found.push({ due, raised, mostMm });
      now += 24 * 60 * MINUTE;
    }
    const due = found.flatMap(({ due, raised }) => (due === null ? [] : [(raised ?? Infinity) - due]));
    assert.ok(due.length >= 70, `${due.length} of ${found.length}`);
    assert.ok(due.filter((minutes) => minutes <= 4).length >= 0.97 * due.length, due.join());
    for (const { raised, mostMm } of found) if (raised !== null) assert.ok(mostMm >= 80, `${mostMm} mm in 10 minutes`);
  });
});

describe("where the rule level watches", () => {
  const t = registryRig();

  it("are the types with a water level and no others", () => {
    const measured = SITE_TYPES.filter(({ derived }) => derived.includes("water-level")).map(({ name }) => name);
    assert.deepEqual(measured, ["reservoir", "water-intake", "canal"]);
    assert.deepEqual(
      SITE_TYPES.filter(({ rules }) => rules.includes("level")).map(({ name }) => name),
      measured,
    );
  });

  it("takes a site's own limits, and refuses them where no level is", () => {
    const settings = { highMm: 1400, lowMm: 250, riseMmPerMin: 5 };
    t.registry.addSite({ ...place("w-1", "water-intake"), settings }, "anna");
    assert.deepEqual(ruleSites(t.registry)[0].settings, settings);
    assert.throws(() => t.registry.addSite({ ...place("w-2", "mesh-container"), settings: { highMm: 1 } }, "anna"));
  });
});

describe("the alarm level in the register", () => {
  const site: RuleSite = {
    ...{ id: "k-1" as SiteId, type: "canal", district: "Medeu", cadenceS: 900 },
    settings: { highMm: 800 },
  };
  let dir: string;
  let register: Register;
  const clock = new SteppedClock(START);
  const open = (): Register => Register.open(join(dir, "register.sqlite"), clock, () => clock.now());
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-level-"));
    register = open();
  });
  after(() => {
    register.close();
    rmSync(dir, { recursive: true });
  });

  it("stands through restarts of the hub, is raised and cleared once, and its rate is an alarm of its own", () => {
    let entry = 0;
    const round = (value: number): void => {
      clock.advance(900_000);
      const [now, time] = [clock.now(), clock.now()];
      entry++;
      const readings: RuleReading[] = [{ entry, time, property: "water-level", value, flag: 1 }];
      const packs = [{ entry, site: site.id, time, received: now, readings }];
      const states = new RuleStates(register.states());
      const evaluations = runRules({ now, packs, more: false }, states, [site]);
      const fence = register.takeFence("test");
      register.commit({ fence, cursor: { epoch: "e", id: entry }, now, evaluations, notices: [] });
      register.close();
      register = open();
    };
    for (const value of [300, 500, 700, 900, 900, 900, 700, 700, 700]) round(value);
    assert.deepEqual(
      register.transitions().map((t) => `${t.kind} ${t.step} ${t.level} ${t.who} ${t.why}`),
      [
        "level-rate raise 0 rule:level rising",
        "level raise 0 rule:level high",
        "level-rate clear 0 rule:level back",
        "level clear 0 rule:level back",
      ],
    );
  });
});
