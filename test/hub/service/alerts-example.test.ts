/** The example rules for Prometheus speak of metrics that a hub really has, and those have the names Prometheus asks for. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { parse } from "yaml";
import { metricsRegistry } from "../../../hub/api/metrics.js";
import { realClock } from "../../../hub/clock.js";
import { parseConfig } from "../../../hub/config.js";
import { startHub, type Hub } from "../../../hub/main.js";
import { projectRoot } from "../../../hub/root.js";

const FILE = join(projectRoot(), "hub", "service", "alerts.example.yml");
/** Made by Prometheus itself. */
const OF_PROMETHEUS = ["up"];

interface Rules {
  groups: { rules: { alert: string; expr: string }[] }[];
}

describe("the example alerts", () => {
  const rules = (parse(readFileSync(FILE, "utf8")) as Rules).groups.flatMap((group) => group.rules);
  let dir = "";
  let hub: Hub;
  let text = "";
  let metrics = new Map<string, string>();

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-alerts-"));
    const config = parseConfig("{http: {port: 0, metricsToken: '${TOKEN}'}, inputs: {broker: {port: 0}}}", {
      TOKEN: "t",
    });
    hub = await startHub({
      config: { ...config, dataDir: dir, flows: { ...config.flows, enabled: false } },
      ...{ clock: realClock, log: pino({ level: "silent" }) },
    });
    text = await (await fetch(`${hub.url}/metrics`, { headers: { authorization: "Bearer t" } })).text();
    metrics = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]));
  });
  after(async () => {
    await hub.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it("name only metrics that /metrics has", () => {
    const known = [...metrics.keys(), ...OF_PROMETHEUS];
    for (const { alert, expr } of rules) {
      const names = expr
        .replace(/\{[^}]*\}|\[[^\]]*\]/g, " ")
        .match(/\b[a-z][a-z0-9_]*\b(?!\()/gi)!
        .filter((name) => name.includes("_") || name === "up");
      const asked = names.filter((name) => !/^(predict_linear)$/.test(name));
      assert.ok(asked.length > 0, alert);
      assert.deepEqual(
        asked.filter((name) => !known.includes(name)),
        [],
        alert,
      );
    }
  });

  it("name only labels and states that the metrics have", () => {
    for (const { expr } of rules)
      for (const [, metric, label, value] of expr.matchAll(/(aryk_\w+)\{(\w+)="(\w+)"\}/g))
        assert.match(text, new RegExp(`^${metric}\\{[^}]*${label}="${value}"`, "m"), expr);
  });

  it("are sound in promtool's eyes", function () {
    const checked = spawnSync("promtool", ["check", "rules", FILE], { encoding: "utf8" });
    if (checked.error !== undefined) {
      console.log("      skipped: promtool not installed (Debian package: prometheus)");
      return this.skip();
    }
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  });

  it("and the metrics are named as Prometheus asks: base units, _total on counters and on nothing else", () => {
    const own = [...metrics].filter(([name]) => name.startsWith("aryk_"));
    assert.ok(own.length > 20);
    for (const [name, type] of own) {
      assert.match(name, /^[a-z][a-z0-9_]*$/);
      assert.equal(name.endsWith("_total"), type === "counter", name);
      assert.doesNotMatch(name, /_(ms|milliseconds|minutes|hours|days|kb|mb|mib|percent)(_|$)/, name);
      assert.match(text, new RegExp(`^# HELP ${name} \\S`, "m"));
    }
  });

  it("a counter is shown as it stands, however often it is asked for", async () => {
    const one = { name: "aryk_x_total" as const, help: "x", type: "counter" as const, labels: [] };
    const registry = metricsRegistry([{ ...one, read: () => [{ labels: {}, value: 7 }] }]);
    for (let i = 0; i < 2; i++) assert.match(await registry.metrics(), /^aryk_x_total 7$/m);
  });
});
