/** The parts of the chain outside Node-RED, against the real API, journal and register. */
import assert from "node:assert/strict";
import { checkSettings, evaluateRule, ruleNamed } from "../../flows/evaluate.js";
import { hubClient, type HubError } from "../../flows/hub-client.js";
import { startIntake } from "../../flows/readings.js";
import { readRoster, route } from "../../flows/roster.js";
import { FlowSession, isWork, type Work } from "../../flows/session.js";
import type { Evaluation } from "../../hub/alerts/protocol.js";
import type { RuleEvent } from "../../hub/alerts/rule.js";
import type { SiteId } from "../../hub/model.js";
import { depthPack, SITES, startHubSide, START, TOKEN, UNDERPASS, until, type HubSide } from "./rig.js";

const rejectsWith = (code: string) => (error: HubError) => error.code === code;
const evaluate = (session: FlowSession, work: Work): Work => {
  const node = { rule: "flood", settings: {}, only: [] };
  const { evaluations, broken } = evaluateRule(node, work, session.sites(), (r, s) => session.stateOf(r, s));
  assert.deepEqual(broken, []);
  return { ...work, evaluations };
};

describe("the flows' session with the hub", () => {
  let hub: HubSide;
  let session: FlowSession;
  const calls = new AbortController();
  const another = () => new FlowSession(hubClient(hub.url, TOKEN, calls.signal));
  beforeEach(async () => {
    hub = await startHubSide();
    session = another();
  });
  afterEach(() => hub.stop());

  it("evaluates and commits, and takes the next batch from there", async () => {
    await session.open();
    await hub.journal.append(depthPack(UNDERPASS, START, 10));
    const { work, ended } = await session.next(0, 5000);
    assert.ok(isWork(JSON.parse(JSON.stringify(work))));
    await session.commit(evaluate(session, work));
    assert.equal(await ended, "committed");
    assert.deepEqual(hub.register.cursor(), hub.journal.head());
    assert.equal(session.stateOf("flood", UNDERPASS)?.revision, 1);
    assert.deepEqual((await session.next(0, 5000)).work.packs, []);
  });

  it("commits a batch once, by whatever wire its copies come", async () => {
    await session.open();
    const { work } = await session.next(0, 5000);
    const both = await Promise.allSettled([session.commit(work), session.commit(structuredClone(work))]);
    assert.deepEqual(
      both.map((r) => r.status),
      ["fulfilled", "rejected"],
    );
    await assert.rejects(session.commit(work), rejectsWith("STALE_BATCH"));
    assert.ok(session.isOpen);
  });

  it("gives the same readings again when nobody committed them", async () => {
    await session.open();
    await hub.journal.append(depthPack(UNDERPASS, START, 10));
    const first = await session.next(0, 1);
    assert.equal(await first.ended, "late");
    const second = await session.next(0, 5000);
    assert.deepEqual(second.work.packs, first.work.packs);
    await assert.rejects(session.commit(first.work), rejectsWith("STALE_BATCH"));
    await session.commit(second.work);
  });

  it("forgets everything when somebody else has taken over", async () => {
    await session.open();
    const { work, ended } = await session.next(0, 5000);
    await another().open();
    await assert.rejects(session.commit(work), rejectsWith("FENCED"));
    assert.equal(await ended, "failed");
    assert.ok(!session.isOpen);
    assert.deepEqual(session.sites(), []);
    await assert.rejects(session.next(0, 5000), rejectsWith("CLOSED"));
  });

  it("drops what it knows when it cannot tell whether a commit was made", async () => {
    await session.open();
    const { work, ended } = await session.next(0, 5000);
    await hub.stop();
    await assert.rejects(session.commit(work), rejectsWith("UNREACHABLE"));
    assert.equal(await ended, "failed");
    assert.ok(!session.isOpen);
    hub = await startHubSide();
  });

  it("is opened again by the intake after a take-over, and nothing is lost or evaluated twice", async () => {
    const states: string[] = [];
    const intake = startIntake({
      ...{ session, waitMs: 200, commitWithinMs: 5000, pausesMs: [1] },
      emit: (work) => void session.commit(evaluate(session, work)).catch(() => undefined),
      status: (status) => void states.push(status.state),
    });
    try {
      for (let minute = 0; minute < 8; minute++) {
        hub.clock.advance(60_000);
        await hub.journal.append(depthPack(UNDERPASS, hub.clock.now(), minute * 25));
        if (minute % 3 === 1) hub.register.takeFence("hub");
      }
      await until("all is evaluated", () => hub.register.cursor()?.id === hub.journal.head().id, 15_000);
      assert.deepEqual(
        hub.register.transitions().map((t) => `${t.step} ${t.level}`),
        ["raise 2", "escalate 3"],
      );
      assert.ok(states.includes("retry"));
    } finally {
      intake.stop();
    }
  });

  it("does not keep taking the fence when nothing gets through", async () => {
    const opened = () => hub.register.fence();
    const intake = startIntake({
      ...{ session, waitMs: 0, commitWithinMs: 5, pausesMs: [1] },
      emit: () => undefined, // a wire that leads nowhere
      status: () => undefined,
    });
    try {
      let batches = 0;
      const next = session.next.bind(session);
      session.next = (...args) => {
        batches++;
        return next(...args);
      };
      await until("the batch came many times", () => batches > 20, 15_000);
      assert.equal(opened(), 1);
    } finally {
      intake.stop();
    }
  });
});

describe("a rule in the flows", () => {
  const work = (packs: Work["packs"]): Work => ({
    ...{ number: 1, now: START + 60_000, more: false, packs, judged: [], evaluations: [], notices: [] },
  });
  const reading = (site: SiteId, value: number, entry: number) => {
    const time = START + entry * 1000;
    const readings = [{ entry, time, property: "water-depth", value, flag: 1 as const }];
    return { entry, site, time, received: time, readings };
  };
  const sitesOf = (node: { rule: string; only: string[] }, w = work([])) => {
    const packs = SITES.map((site, i) => reading(site.id, 10, i + 1));
    return evaluateRule({ ...node, settings: {} }, { ...w, packs }, SITES, () => undefined).evaluations.map(
      (e) => e.site,
    );
  };

  it("looks at the sites whose type has it, or at those it is set to", () => {
    assert.deepEqual(sitesOf({ rule: "flood", only: [] }), ["underpass-1", "underpass-2"]);
    assert.deepEqual(sitesOf({ rule: "flood", only: ["medeu"] }), ["underpass-2"]);
    assert.deepEqual(sitesOf({ rule: "flood", only: ["underpass-1"] }), ["underpass-1"]);
    assert.deepEqual(sitesOf({ rule: "silence", only: [] }), ["container-1"]);
  });

  it("leaves alone what an earlier node of the same rule has judged", () => {
    const judged = [{ rule: "flood", only: ["medeu"] }];
    assert.deepEqual(sitesOf({ rule: "flood", only: [] }, { ...work([]), judged }), ["underpass-1"]);
    const all = [{ rule: "flood", only: [] }];
    assert.deepEqual(sitesOf({ rule: "flood", only: [] }, { ...work([]), judged: all }), []);
  });

  it("begins anew at a site where its state is torn, says so, and goes on at the others", () => {
    const packs = [reading(UNDERPASS, 10, 1), reading("underpass-2" as SiteId, 10, 2)];
    const node = { rule: "flood", settings: {}, only: [] };
    const torn = { site: UNDERPASS, rule: "flood", revision: 3, state: null };
    const found = evaluateRule(node, work(packs), SITES, (_r, site) => (site === UNDERPASS ? torn : undefined));
    assert.deepEqual(
      found.broken.map((b) => b.site),
      [UNDERPASS],
    );
    assert.deepEqual(
      found.evaluations.map((e) => e.site),
      [UNDERPASS, "underpass-2"],
    );
  });

  it("obeys thresholds from the editor, and refuses what is none", () => {
    const packs = [1, 2, 3].map((i) => reading(UNDERPASS, 40, i * 60));
    const levels = (settings: Record<string, unknown>) =>
      evaluateRule({ rule: "flood", settings, only: [] }, work(packs), SITES, () => undefined)
        .evaluations.flatMap((e) => e.events)
        .map((e) => e.level);
    assert.deepEqual(levels({}), []);
    assert.deepEqual(levels({ onMm: [35, 100, 150, 300] }), [1]);
    const rule = ruleNamed("flood");
    checkSettings(rule, { holdS: 600, onMm: [1, 2, 3, 4] });
    for (const bad of [{ nonsense: 1 }, { holdS: "600" }, { onMm: [1, 2] }, { onMm: [1, 2, 3, "4"] }])
      assert.throws(() => checkSettings(rule, bad), /setting/i);
    assert.throws(() => ruleNamed("storm"), /There is no rule storm; there are .*flood/);
  });
});

describe("the roster", () => {
  const event = (kind: RuleEvent["kind"], level: RuleEvent["level"]): RuleEvent => ({
    ...{ kind, action: "raise", level, reason: "r", figures: {}, time: START, entry: null },
  });
  const at = (site: string, ...events: RuleEvent[]): Evaluation => ({
    ...{ site: site as SiteId, rule: "flood", expectedRevision: 0, state: {}, events },
  });
  const siteOf = (id: string) => SITES.find((s) => s.id === id);
  const base = { channel: "log", to: "", language: "kk" };
  const HUB_CHANNELS = ["log", "cap-folder", "city-portal"];
  const channels = (lines: object[], ...evaluations: Evaluation[]) =>
    route(evaluations, siteOf, readRoster(lines), HUB_CHANNELS).map((n) => `${n.channel}:${n.site}:${n.kind}`);

  it("picks by kind, district and type of site; an empty list means any", () => {
    const lines = [
      { ...base, channel: "all" },
      { ...base, channel: "medeu", districts: ["medeu"] },
      { ...base, channel: "waste", kinds: ["overflow"], types: ["mesh-container"] },
    ];
    assert.deepEqual(channels(lines, at("underpass-1", event("flood", 2))), ["all:underpass-1:flood"]);
    assert.deepEqual(channels(lines, at("underpass-2", event("flood", 2))), [
      "all:underpass-2:flood",
      "medeu:underpass-2:flood",
    ]);
    assert.deepEqual(channels(lines, at("container-1", event("overflow", 0))), [
      "all:container-1:overflow",
      "waste:container-1:overflow",
    ]);
  });

  it("means every channel of the hub by a star, and asks none of them twice", () => {
    const found = channels([base, { ...base, channel: "*", minLevel: 2 }], at("underpass-1", event("flood", 3)));
    assert.deepEqual(found.map((f) => f.split(":")[0]).sort(), ["cap-folder", "city-portal", "log"]);
  });

  it("still tells of a site it does not know", () => {
    const lines = [
      { ...base, channel: "all" },
      { ...base, channel: "medeu", districts: ["medeu"] },
    ];
    assert.deepEqual(channels(lines, at("brand-new", event("flood", 3))), ["all:brand-new:flood"]);
  });

  it("asks once for each address, by the lowest of its levels, and says when it is due", () => {
    const lines = [
      { ...base, minLevel: 3 },
      { ...base, minLevel: 1 },
      { ...base, to: "deputy", minLevel: 3, afterMinutes: 3, unlessAcked: true },
    ];
    const found = route(
      [at("underpass-1", event("flood", 2), event("flood", 3))],
      siteOf,
      readRoster(lines),
      HUB_CHANNELS,
    );
    assert.deepEqual(
      found.map((n) => [n.to, n.minLevel, n.afterMs, n.unlessAcked]),
      [
        ["", 1, undefined, undefined],
        ["deputy", 3, 180_000, true],
      ],
    );
  });

  it("does not let a line that waits stand in the way of one that does not", () => {
    const lines = [
      { ...base, to: "duty", minLevel: 1, afterMinutes: 30, unlessAcked: true },
      { ...base, to: "duty", minLevel: 3 },
    ];
    const found = route([at("underpass-1", event("flood", 3))], siteOf, readRoster(lines), HUB_CHANNELS);
    assert.deepEqual(
      found.map((n) => [n.minLevel, n.afterMs, n.unlessAcked]),
      [
        [3, undefined, undefined],
        [1, 1_800_000, true],
      ],
    );
  });

  it("names the line that is wrong", () => {
    const wrong = [
      { ...base, channel: "" },
      { ...base, language: "de" },
      { ...base, kinds: ["fire"] },
      { ...base, types: ["bridge"] },
      { ...base, minLevel: 7 },
      { ...base, afterMinutes: -1 },
      { ...base, districts: "medeu" },
    ];
    for (const line of wrong) assert.throws(() => readRoster([base, line]), /Line 2 of the roster/);
    assert.throws(() => readRoster("none"), /no list/);
  });
});
