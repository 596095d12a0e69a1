/** Settings of one site, from the registry to the alarm. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { evaluateRule } from "../../../flows/evaluate.js";
import { hubClient } from "../../../flows/hub-client.js";
import { FlowSession } from "../../../flows/session.js";
import { RULES, runRule } from "../../../hub/alerts/index.js";
import { flood } from "../../../hub/alerts/flood.js";
import type { Rule, RuleSite } from "../../../hub/alerts/rule.js";
import { ruleSites } from "../../../hub/join.js";
import type { SiteId } from "../../../hub/model.js";
import { Registry } from "../../../hub/registry.js";
import { depthPack, startHubSide, TOKEN } from "../../flows/rig.js";

const SITE: RuleSite = { id: "u1" as SiteId, type: "underpass", district: "d", cadenceS: 60, settings: {} };

/** What a rule is given at a site: a rule that only writes its settings down. */
function seen(own: Record<string, number>, node: Record<string, unknown> = {}): Record<string, unknown> {
  const told: Record<string, unknown>[] = [];
  const probe: Rule<unknown, Record<string, unknown>> = {
    name: "probe",
    properties: [],
    defaults: { cadenceS: 300, holdS: 900, onMm: [50, 100, 150, 300], label: "a", odd: ["x"] },
    initial: () => null,
    step(state, _input, settings) {
      told.push(settings);
      return { state, events: [] };
    },
  };
  runRule(probe, { ...SITE, settings: own }, { now: 0, packs: [], more: false }, [], undefined, node);
  return told[0];
}

describe("settings of a site", () => {
  it("stand over those of the flows, those over the cadence, and that over the rule's own", () => {
    assert.deepEqual(seen({}), { cadenceS: 60, holdS: 900, onMm: [50, 100, 150, 300], label: "a", odd: ["x"] });
    assert.equal(seen({}, { cadenceS: 30 })["cadenceS"], 30);
    assert.equal(seen({}, { holdS: 600 })["holdS"], 600);
    assert.equal(seen({ holdS: 300 }, { holdS: 600 })["holdS"], 300);
  });

  it("change one place of a list, counted from 1, on top of the flows' list", () => {
    assert.deepEqual(seen({ "onMm.3": 120, "onMm.1": 40 })["onMm"], [40, 100, 120, 300]);
    assert.deepEqual(seen({ "onMm.3": 120 }, { onMm: [1, 2, 3, 4] })["onMm"], [1, 2, 120, 4]);
  });

  it("that are none of the rule's, or of another shape, change nothing", () => {
    const strange = {
      coldest: 1,
      onMm: 5,
      "onMm.0": 5,
      "onMm.5": 5,
      "onMm.x": 5,
      "onMm.": 5,
      "onMm.1.1": 5,
      "holdS.1": 5,
    };
    const worse = { label: 5, "odd.1": 5, toString: 5, "constructor.1": 5, "": 5, ["__proto__"]: 5 };
    assert.deepEqual(seen({ ...strange, ...worse }), seen({}));
  });

  it("leave the rule's own settings as they are for the next site", () => {
    const before = JSON.stringify(RULES.map((rule) => rule.defaults));
    for (const rule of RULES)
      runRule(
        rule,
        { ...SITE, settings: { "onMm.3": 1, holdS: 1 } },
        { now: 0, packs: [], more: false },
        [],
        undefined,
      );
    assert.equal(JSON.stringify(RULES.map((rule) => rule.defaults)), before);
    assert.equal(flood.defaults.onMm[2], 150);
  });

  it("come from the registry through the hub to the rule in the flows: a lower kerb closes earlier", async () => {
    const hub = await startHubSide();
    const registry = Registry.open(join(hub.dir, "registry.sqlite"), hub.clock);
    const calls = new AbortController();
    try {
      const place = { type: "underpass", district: "almaly", lat: 43.25, lon: 76.9 };
      const add = (id: string, settings: Record<string, number>) =>
        registry.addSite({ id, ...place, names: { kk: id, ru: id, en: id }, settings }, "test");
      add("usual", {});
      add("low-kerb", { "onMm.3": 80, "onMm.2": 60, cadenceS: 120 });
      const sites = ruleSites(registry);
      assert.deepEqual(
        sites.map((site) => [site.id, site.cadenceS, site.settings]),
        [
          ["usual", 60, {}],
          ["low-kerb", 120, { "onMm.3": 80, "onMm.2": 60, cadenceS: 120 }],
        ],
      );
      hub.sites.splice(0, Infinity, ...sites);
      for (const depth of [0, 20, 40, 60, 80, 84, 86]) {
        hub.clock.advance(60_000);
        for (const { id } of sites) await hub.journal.append(depthPack(id, hub.clock.now(), depth));
      }
      const session = new FlowSession(hubClient(hub.url, TOKEN, calls.signal));
      await session.open();
      const { work } = await session.next(0, 5000);
      const node = { rule: "flood", settings: { onMm: [50, 100, 200, 300] }, only: [] };
      const found = evaluateRule(node, work, session.sites(), (rule, site) => session.stateOf(rule, site));
      await session.commit({ ...work, evaluations: found.evaluations });
      const levels = new Map(hub.register.alarms({ active: true }).map((alarm) => [String(alarm.site), alarm.level]));
      assert.equal(levels.get("low-kerb"), 3);
      assert.ok((levels.get("usual") ?? 0) < 3);
    } finally {
      calls.abort();
      registry.close();
      await hub.stop();
    }
  });
});
