/** `aryk site set`: how a person declares a sensor failed, or moves a threshold, at one site. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { addSiteCommands } from "../../../hub/cli/sites.js";
import { ruleSites } from "../../../hub/join.js";
import { siteView } from "../../../hub/api/readings.js";
import { place, registryRig } from "./rig.js";

describe("aryk site set", () => {
  const t = registryRig();

  async function set(...words: string[]): Promise<void> {
    const config = join(t.dir, "hub.yaml");
    writeFileSync(config, `dataDir: ${t.dir}\n`);
    const program = new Command("aryk").option("-c, --config <file>");
    addSiteCommands(program);
    const log = console.log;
    console.log = () => undefined;
    try {
      await program.parseAsync(["-c", config, "site", "set", ...words], { from: "user" });
    } finally {
      console.log = log;
      t.reopen();
    }
  }
  const settings = (): Record<string, number> => t.registry.site("u-1")?.settings ?? {};

  it("sets, changes and takes away, and leaves the rest of the site as it is", async () => {
    const before = t.registry.addSite({ ...place("u-1", "underpass-barrier"), settings: { holdS: 600 } }, "anna");
    await set("u-1", "floatOut=1", "onMm.3=120");
    assert.deepEqual(settings(), { holdS: 600, floatOut: 1, "onMm.3": 120 });
    await set("u-1", "floatOut=", "holdS=300");
    assert.deepEqual(settings(), { holdS: 300, "onMm.3": 120 });
    assert.deepEqual({ ...t.registry.site("u-1"), settings: null }, { ...before, settings: null });
  });

  it("refuses what is no setting, no number, or no site, and changes nothing then", async () => {
    t.registry.addSite({ ...place("u-1"), settings: {} }, "anna");
    await assert.rejects(set("u-1", "floatOut=1", "flotOut=1"), /unknown setting; did you mean floatOut/);
    await assert.rejects(set("u-1", "sees=1"), /unknown setting/);
    await assert.rejects(set("u-1", "floatOut=yes"), /no number/);
    await assert.rejects(set("u-1", "floatOut"), /is no setting/);
    await assert.rejects(set("u-2", "floatOut=1"), /no site u-2/);
    assert.deepEqual(settings(), {});
  });

  it("says which stream an underground container takes, and of nothing else", async () => {
    t.registry.addSite({ ...place("u-1", "underground-container"), settings: {} }, "anna");
    await set("u-1", "stream=2");
    assert.deepEqual(settings(), { stream: 2 });
    const site = t.registry.site("u-1");
    assert.equal(site && siteView(site, undefined).stream, 2);
    await assert.rejects(set("u-1", "stream=3"), /must be 1 \(dry\) or 2 \(wet\)/);
    t.registry.addSite({ ...place("u-2", "mesh-container"), settings: {} }, "anna");
    await assert.rejects(set("u-2", "stream=1"), /unknown setting/);
  });

  it("tells the rule of the depths that a record of the second principle shows, and of none without one", () => {
    t.registry.addSite({ ...place("u-1", "underpass-battery"), settings: {} }, "anna");
    const add = (property: string, model: string, params: Record<string, unknown>) =>
      t.registry.addCalibration({ site: "u-1", property, model, params, from: 0, by: "anna", note: "" });
    add("water-depth", "level-depth", { mountHeightMm: 3000, noiseFloorMm: 30 });
    assert.equal(ruleSites(t.registry)[0].sees, undefined);
    add("water-depth-float", "float-depth", { switchHeightMm: 150 });
    assert.deepEqual(ruleSites(t.registry)[0].sees, { "water-depth": 30, "water-depth-float": 150 });
  });
});
