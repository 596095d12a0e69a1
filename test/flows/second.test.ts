/**
 * An underpass with a barrier on the real way of its readings: sealed packs, pipeline, quality, calibration records,
 * journal, API, the rule in the flows and in the hub's own watch, register, texts.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { evaluateRule } from "../../flows/evaluate.js";
import { hubClient } from "../../flows/hub-client.js";
import { FlowSession } from "../../flows/session.js";
import { siteType } from "../../hardware/sites.js";
import { recordsOf } from "../../hardware/sheets/commission.js";
import { postsOf } from "../../hardware/sheets/of-build.js";
import { runRules } from "../../hub/alerts/index.js";
import { RuleStates } from "../../hub/alerts/rule-states.js";
import { readBatch } from "../../hub/alerts/batch.js";
import { createDerive } from "../../hub/calibration/index.js";
import { ruleSites } from "../../hub/join.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { alertText } from "../../hub/words/words.js";
import { sealedBoard } from "../rig/sealed-board.js";
import { startHubSide, START, TOKEN, type HubSide } from "./rig.js";

const SITE = "barrier-1";
/** As the sheets' examples have it: 3 m up, 240 mm above the lowest point; the tube's foot 40 mm above that, the probe 50 mm above the foot. */
const echoMm = (depth: number): number => 3000 - Math.max(0, depth - 240);
const headMm = (depth: number): number => Math.max(0, depth - 90);

describe("an underpass with a barrier", () => {
  let hub: HubSide;
  let registry: Registry;
  let session: FlowSession;
  const calls = new AbortController();
  let send: (values: Record<string, number | null>) => Promise<void>;

  beforeEach(async () => {
    hub = await startHubSide();
    registry = Registry.open(join(hub.dir, "registry.sqlite"), hub.clock);
    const type = siteType("underpass-barrier");
    assert.ok(type);
    const place = { district: "almaly", lat: 43.25, lon: 76.9, settings: {} };
    registry.addSite({ id: SITE, type: type.name, names: { kk: "S", ru: "S", en: "S" }, ...place }, "test");
    const { keyId, key } = registry.addBoard("post-1", "test");
    registry.assign("post-1", SITE, 0, "test");
    const [post] = await postsOf(type);
    for (const record of recordsOf(post))
      registry.addCalibration({ site: SITE, ...record, from: 0, by: "test", note: "" });
    hub.sites.splice(0, Infinity, ...ruleSites(registry));

    const { accept } = createPipeline({
      ...{ clock: hub.clock, journal: hub.journal, registry, quality: createQuality(), derive: createDerive() },
      derivedOf: (name) => siteType(name)?.derived ?? [],
    });
    const board = sealedBoard("post-1", keyId, key, "0badcafe", 1);
    send = async (values) => {
      hub.clock.advance(60_000);
      const readings = Object.entries(values).map(([name, value]) => {
        const property = PROPERTIES.find((p) => p.name === name);
        assert.ok(property, name);
        return value === null
          ? { property, ok: false as const, fault: "electrical" as const }
          : { property, ok: true as const, value };
      });
      const line = board.pack(readings, hub.clock.now() - START, hub.clock.now());
      assert.equal((await accept(line, { source: "test", withCrc: false })).outcome, "stored");
    };
    session = new FlowSession(hubClient(hub.url, TOKEN, calls.signal));
    await session.open();
  });
  afterEach(async () => {
    registry.close();
    await hub.stop();
  });

  /** One pack through everything; what the register did, with the English text. */
  async function minute(values: Record<string, number | null>): Promise<string[]> {
    const before = hub.register.transitions().length;
    await send(values);
    const { work } = await session.next(0, 5000);
    const node = { rule: "flood", settings: {}, only: [] };
    const found = evaluateRule(node, work, session.sites(), (rule, site) => session.stateOf(rule, site));
    assert.deepEqual(found.broken, []);
    await session.commit({ ...work, evaluations: found.evaluations });
    return hub.register
      .transitions()
      .slice(before)
      .map((t) => `${t.kind} ${t.step} ${t.level}: ${alertText("en", "S", t)}`);
  }
  const water = (depth: number, more: Record<string, number | null> = {}) =>
    minute({ distance: echoMm(depth), float: depth >= 150 ? 1 : 0, head: headMm(depth), temperature: 12, ...more });

  it("derives three depths, each by its record, and tells the rule from where each of them sees", async () => {
    await water(300);
    const entry = hub.journal.read(0, 10)[0];
    assert.ok(entry.kind === "pack");
    assert.deepEqual(
      entry.observations.filter((o) => o.calibration > 0).map((o) => [o.property, Math.round(o.value ?? -1), o.why]),
      [
        ["water-depth", 300, undefined],
        ["water-depth-float", 150, ["at-least"]],
        ["water-depth-head", 300, undefined],
      ],
    );
    const sees = { "water-depth": 270, "water-depth-float": 150, "water-depth-head": 110 };
    assert.deepEqual(session.sites().find((site) => site.id === SITE)?.sees, sees);
  });

  it("sees by float and probe the water that its echo cannot see yet, and closes", async () => {
    for (let i = 0; i < 3; i++) assert.deepEqual(await water(0), []);
    const told: string[] = [];
    for (const depth of [70, 115, 130, 152, 165]) told.push(...(await water(depth)));
    assert.deepEqual(told, [
      "flood raise 2: S: water 13 cm. By the pressure probe.",
      "flood escalate 3: S: CLOSE THE ROAD. Water 15 cm. Use another way. Two sensors agree.",
    ]);
  });

  it("closes by the float alone, and hands a float that is stuck to a technician", async () => {
    const dry = { head: 0, distance: 2700, float: 1 };
    registry.addCalibration({
      ...{ site: SITE, property: "water-depth", model: "level-depth", from: 0, by: "test", note: "over the low point" },
      params: { mountHeightMm: 2700 },
    });
    hub.sites.splice(0, Infinity, ...ruleSites(registry));
    await session.open();
    assert.deepEqual(await minute({ ...dry, float: 0 }), []);
    const told: string[] = [];
    for (let i = 0; i < 60; i++) told.push(...(await minute(dry)));
    assert.deepEqual(told, [
      "flood raise 1: S: watch. Water 15 cm. At least, by the float switch.",
      "flood escalate 3: S: CLOSE THE ROAD. Water 15 cm. Use another way. At least, by the float switch.",
      "sensor raise 0: S: the float switch and the echo contradict each other for 30 min. Send a technician.",
      "flood clear 3: S: the float switch alone reports water, the others none. The road stays closed until a person has looked.",
    ]);
    assert.equal(hub.register.alarms({ active: true }).find((a) => a.kind === "flood")?.state, "RTN_UNACK");
  });

  it("is judged alike by the hub's own watch", async () => {
    for (const depth of [0, 60, 110, 160, 320]) await water(depth);
    const batch = readBatch(hub.journal, { epoch: hub.journal.head().epoch, id: 0 }, 100, hub.clock.now());
    const found = runRules(batch, new RuleStates(), ruleSites(registry));
    assert.deepEqual(
      found.flatMap(({ events }) => events.map(({ kind, level }) => [kind, level])),
      hub.register.transitions().map(({ kind, level }) => [kind, level]),
    );
  });
});
