/** The nodes inside Node-RED (its own test helper), against the real API, journal and register. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNodes } from "../../flows/build.js";
import arykHub from "../../flows/nodes/aryk-hub.js";
import claimNotice from "../../flows/nodes/aryk-notice.js";
import noticeDone from "../../flows/nodes/aryk-notice-done.js";
import readings from "../../flows/nodes/aryk-readings.js";
import register from "../../flows/nodes/aryk-register.js";
import routeNode from "../../flows/nodes/aryk-route.js";
import rule from "../../flows/nodes/aryk-rule.js";
import type { Message } from "../../flows/red.js";
import type { FlowNode } from "../../flows/tabs.js";
import type { Work } from "../../flows/session.js";
import type { Notice, Transition } from "../../hub/alerts/protocol.js";
import { projectRoot } from "../../hub/root.js";
import { depthPack, startHubSide, TOKEN, UNDERPASS, until, type HubSide } from "./rig.js";

/** What is used here of Node-RED's test helper, which brings no types. */
interface Helper {
  init(runtime: string): void;
  startServer(done: () => void): void;
  stopServer(done: () => void): void;
  load(nodes: unknown[], flow: object[]): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): TestNode | null;
  log(): { args: { level: number; msg: unknown }[][] };
}
interface TestNode {
  on(event: "input", fn: (msg: Message) => void): void;
  on(event: "call:status", fn: (call: { args: { text?: string }[] }) => void): void;
  send(msg: Message): void;
  receive(msg: Message): void;
}
const require = createRequire(import.meta.url);
const helper = require("node-red-node-test-helper") as Helper;

const NODES = [arykHub, claimNotice, noticeDone, readings, register, routeNode, rule];
const LINE = { kinds: [], districts: [], types: [], minLevel: 1, channel: "branch", to: "duty", language: "kk" };

/** The chain of the packaged tabs, short: each node wired to the next, and a helper node at the end. */
function chain(settings: object = {}, roster: unknown = [LINE]): FlowNode[] {
  return [
    { id: "the-hub", type: "aryk-hub" },
    { id: "in", type: "aryk-readings", hub: "the-hub", commitWithinS: 5, wires: [["flood"]] },
    { id: "flood", type: "aryk-rule", hub: "the-hub", rule: "flood", only: "", settings, wires: [["route"]] },
    { id: "route", type: "aryk-route", hub: "the-hub", roster, wires: [["register"]] },
    { id: "register", type: "aryk-register", hub: "the-hub", wires: [["out"]] },
    { id: "out", type: "helper" },
  ];
}

describe("the nodes in Node-RED", () => {
  let hub: HubSide;
  let statuses: string[];
  const load = async (flow: FlowNode[]) => {
    // What lies on no tab and has no place is a set-up node to Node-RED.
    const placed = flow.map((n) => (n.type === "aryk-hub" ? n : { ...n, z: "tab", x: 1, y: 1 }));
    await helper.load(NODES, [{ id: "tab", type: "tab", label: "test" }, ...placed]);
    for (const { id } of flow)
      helper.getNode(id)?.on("call:status", ({ args }) => {
        if (args[0].text !== undefined) statuses.push(args[0].text);
      });
  };
  const node = (id: string): TestNode => {
    const found = helper.getNode(id);
    assert.ok(found, `node ${id} is there`);
    return found;
  };
  const errors = () =>
    helper
      .log()
      .args.filter(([entry]) => entry.level === 20)
      .map(([entry]) => String((entry.msg as Error).message ?? entry.msg));
  const rise = async () => {
    for (const depth of [0, 25, 50, 75, 100, 125, 150, 160]) {
      hub.clock.advance(60_000);
      await hub.journal.append(depthPack(UNDERPASS, hub.clock.now(), depth));
    }
  };

  before(async () => {
    helper.init(require.resolve("node-red"));
    await new Promise<void>((resolve) => helper.startServer(resolve));
  });
  after(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(async () => {
    hub = await startHubSide();
    statuses = [];
    process.env["ARYK_HUB_URL"] = hub.url;
    process.env["ARYK_FLOWS_TOKEN"] = TOKEN;
  });
  afterEach(async () => {
    await helper.unload();
    delete process.env["ARYK_HUB_URL"];
    delete process.env["ARYK_FLOWS_TOKEN"];
    await hub.stop();
  });

  it("carry readings to the register and send on what that changed, with statuses that fit under a node", async () => {
    await load(chain());
    const seen: Transition[] = [];
    node("out").on("input", (msg) => void seen.push(msg.payload as Transition));
    await rise();
    await until("both transitions came out", () => seen.length >= 2, 15_000);
    assert.deepEqual(
      seen.map((t) => `${t.kind} ${t.step} ${t.level}`),
      ["flood raise 2", "flood escalate 3"],
    );
    assert.equal(hub.register.outbox().list().length, 2);
    assert.deepEqual(errors(), []);
    assert.ok(statuses.some((text) => text.startsWith("committed")));
    assert.deepEqual(
      statuses.filter((text) => text.length >= 20),
      [],
    );
  });

  it("let nothing pass when thresholds or roster are wrong: no commit is what the hub notices", async () => {
    for (const flow of [chain({ onMm: "much" }), chain({}, [{ ...LINE, language: "de" }])]) {
      await load(flow);
      const out: unknown[] = [];
      node("register").on("input", (msg) => void out.push(msg));
      await hub.journal.append(depthPack(UNDERPASS, hub.clock.now(), 10));
      await until("the batch was refused", () => errors().length >= 2, 15_000);
      assert.match(errors()[0], /onMm of rule flood must be like|language is none of/);
      assert.deepEqual(out, []);
      assert.equal(hub.journal.cursor("flows").id, 0);
      await helper.unload();
    }
  });

  it("take nothing for a batch that is none", async () => {
    await load(chain().filter((n) => n.type !== "aryk-readings"));
    for (const id of ["flood", "route", "register"]) node(id).receive({ payload: 7 });
    await until("three errors", () => errors().length === 3, 15_000);
    assert.deepEqual([...new Set(errors())], ["This message carries no batch of readings."]);
  });

  it("let a batch go round once: a copy by another wire commits nothing", async () => {
    const flow = chain();
    flow.find((n) => n.id === "route")!["wires"] = [["register", "second"]];
    await load([...flow, { id: "second", type: "aryk-register", hub: "the-hub", wires: [[]] }]);
    const numbers: number[] = [];
    node("second").on("input", (msg) => void numbers.push((msg.payload as Work).number));
    await rise();
    await until("all is committed", () => hub.register.cursor()?.id === hub.journal.head().id, 15_000);
    assert.ok(numbers.length > 0);
    assert.deepEqual(
      hub.register.transitions().map((t) => t.level),
      [2, 3],
    );
  });

  it("refuse a second intake on one hub, and say when there is no hub", async () => {
    await load([...chain(), { id: "twin", type: "aryk-readings", hub: "the-hub", commitWithinS: 5, wires: [[]] }]);
    assert.match(errors()[0], /readings node for this hub already/);
    await helper.unload();
    delete process.env["ARYK_FLOWS_TOKEN"];
    await load(chain());
    assert.match(errors()[0], /ARYK_HUB_URL and ARYK_FLOWS_TOKEN/);
  });

  it("make a branch a channel: claimed, handed over or failed, and told to the register", async () => {
    const branch = [
      {
        id: "claim",
        type: "aryk-notice",
        hub: "the-hub",
        channel: "branch",
        everyS: 1,
        leaseS: 60,
        wires: [["gateway"]],
      },
      { id: "gateway", type: "helper", wires: [["done"]] },
      { id: "done", type: "aryk-notice-done", hub: "the-hub", outcome: "auto", wires: [] },
    ];
    await load([...chain(), ...branch]);
    const gateway = node("gateway");
    const got: Notice[] = [];
    gateway.on("input", (msg) => {
      got.push(msg["notice"] as Notice);
      gateway.send({ ...msg, statusCode: (msg["notice"] as Notice).level === 3 ? 200 : 503, providerId: "p1" });
    });
    await rise();
    const states = () =>
      new Map(
        hub.register
          .outbox()
          .list()
          .map((n) => [n.level, n]),
      );
    await until(
      "both are settled",
      () => states().get(3)?.state === "sent" && states().get(2)?.state === "retry",
      15_000,
    );
    assert.equal(states().get(3)?.providerId, "p1");
    assert.equal(states().get(2)?.error, "HTTP 503");
    assert.ok(got.every((n) => n.to === "duty" && n.key.endsWith(":branch:duty")));
    node("done").receive({ payload: "lost its lease" });
    await until("an error", () => errors().length > 0, 15_000);
    assert.match(errors()[0], /msg\._notice was lost/);
  });
});

describe("the built nodes", () => {
  let dir: string;
  before(async () => void (dir = await mkdtemp(join(tmpdir(), "aryk-nodes-"))));
  after(() => rm(dir, { recursive: true, force: true }));

  it("are one CommonJS file each, with dialog, help and words, named in one manifest", async () => {
    await buildNodes(dir);
    const manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as {
      "node-red": { nodes: Record<string, string> };
    };
    const names = Object.keys(manifest["node-red"].nodes);
    assert.deepEqual(
      names.sort(),
      readdirSync(join(projectRoot(), "flows/nodes"))
        .filter((f) => f.endsWith(".ts"))
        .map((f) => f.slice(0, -3))
        .sort(),
    );
    const files = await readdir(dir, { recursive: true });
    const load = createRequire(join(dir, "package.json"));
    for (const name of names) {
      assert.equal(typeof load(`./${name}.js`), "function", name);
      for (const file of [`${name}.html`, `locales/en-US/${name}.html`, `locales/en-US/${name}.json`])
        assert.ok(files.includes(file), file);
      const html = readFileSync(join(dir, `${name}.html`), "utf8");
      const words = JSON.parse(readFileSync(join(dir, `locales/en-US/${name}.json`), "utf8")) as object;
      for (const [, path] of html.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)) {
        const word = path
          .split(".")
          .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], words);
        assert.equal(typeof word, "string", `${name}: ${path}`);
      }
    }
  });
});
