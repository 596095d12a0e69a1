/** The real Node-RED in its own process, against the real API, journal and register. About 15 s. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { readBatch } from "../../hub/alerts/batch.js";
import { runRules } from "../../hub/alerts/index.js";
import { RuleStates } from "../../hub/alerts/rule-states.js";
import { Register } from "../../hub/alerts/register.js";
import {
  startFlowsProcess,
  type FlowsAddress,
  type FlowsProcess,
  type FlowsProcessOptions,
} from "../../hub/flows-process.js";
import { projectRoot } from "../../hub/root.js";
import { program } from "../rig/program.js";
import { depthPack, processOptions, SITES, startHubSide, START, UNDERPASS, until, type HubSide } from "./rig.js";

/** A flood that comes, goes and comes back: depths of one post, minute by minute. */
const STORM = [0, 5, 25, 50, 80, 110, 140, 165, 170, 160, 120, 80, 40, ...Array(18).fill(5), 30, 60, 90, 120, 155, 160];

/** What the rules make of the storm, one reading at a time, without Node-RED. */
async function expected(): Promise<string[]> {
  const hub = await startHubSide();
  const register = Register.open(join(hub.dir, "reference.sqlite"), hub.clock);
  try {
    const fence = register.takeFence("reference");
    for (const depth of STORM) {
      await nextMinute(hub, depth);
      const { to, ...batch } = readBatch(hub.journal, register.resume(hub.journal.head()), 100, hub.clock.now(), START);
      const evaluations = runRules(batch, new RuleStates(register.states()), SITES);
      register.commit({ fence, cursor: to, now: batch.now, evaluations, notices: [] });
    }
    return told(register);
  } finally {
    register.close();
    await hub.stop();
  }
}

async function nextMinute(hub: HubSide, depthMm: number): Promise<void> {
  hub.clock.advance(60_000);
  await hub.journal.append(depthPack(UNDERPASS, hub.clock.now(), depthMm));
}

const told = (register: Register) =>
  register.transitions().map((t) => `${t.site} ${t.kind} ${t.step} ${t.level} r${t.revision}`);
const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("the flows' process", function () {
  this.timeout(120_000);
  let hub: HubSide;
  let flows: FlowsProcess | null;
  let lines: string[];

  beforeEach(async () => {
    hub = await startHubSide();
    lines = [];
    flows = null;
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") console.log(lines.join("\n"));
    await flows?.stop();
    await hub.stop();
  });

  const start = async (mode: "headless" | "editor", options: Partial<FlowsProcessOptions> = {}) => {
    flows = startFlowsProcess({ ...processOptions(hub, lines), mode, ...options });
    await until("the flows run", () => flows?.state() === "running");
    return flows;
  };
  const caughtUp = () => hub.register.cursor()?.id === hub.journal.head().id;
  const call = (
    address: FlowsAddress,
    path: string,
    options: { secret?: string; upgrade?: boolean; body?: object } = {},
  ) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const body = options.body === undefined ? undefined : JSON.stringify(options.body);
      const headers = {
        ...(options.secret === undefined ? {} : { [address.header]: options.secret }),
        ...(body === undefined ? {} : { "content-type": "application/json", "node-red-deployment-type": "nodes" }),
        ...(options.upgrade
          ? {
              connection: "Upgrade",
              upgrade: "websocket",
              "sec-websocket-version": "13",
              "sec-websocket-key": "YXJ5ay1mbG93cy10ZXN0cw==",
            }
          : {}),
      };
      const method = body === undefined ? "GET" : "POST";
      const sent = request({ host: address.host, port: address.port, path, method, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on("upgrade", (_response, socket) => {
        socket.destroy();
        resolve({ status: 101, text: "" });
      });
      sent.on("error", reject);
      sent.end(body);
    });

  it("turns a flood into the transitions of the rules, none lost or repeated, though it is killed and hangs on the way", async () => {
    const reference = await expected();
    assert.ok(reference.length >= 4, reference.join());
    const running = await start("headless", { answerWithinMs: 2000 });
    for (const [minute, depth] of STORM.entries()) {
      await nextMinute(hub, depth);
      if (minute === 5 || minute === 33) {
        // At once: the batch is on its way through the chain, or its commit is, or its answer.
        const pid = running.pid()!;
        process.kill(pid, minute === 5 ? "SIGKILL" : "SIGSTOP");
        await until("it is up again", () => running.state() === "running" && running.pid() !== pid);
      }
      await until("the batch is committed", caughtUp);
    }
    assert.deepEqual(told(hub.register), reference);
    assert.equal(running.restarts(), 2);
    const told3 = hub.register
      .outbox()
      .list()
      .filter((n) => n.channel === "cap-folder");
    assert.ok(told3.length >= 2 && told3.every((n) => n.kind === "flood" && n.language === "kk"));
  });

  it("beats once a tick when nothing is measured, and raises what time alone brings about", async () => {
    await start("headless");
    await until("it is open", () => hub.register.fence() > 0);
    for (const depth of [0, 25, 50, 80]) {
      await nextMinute(hub, depth);
      await until("the batch is committed", caughtUp);
    }
    const before = hub.register.heartbeat().steadyMs;
    hub.clock.advance(20 * 60_000);
    await until("the silent post is unknown", () =>
      hub.register.alarms({ active: true }).some((a) => a.kind === "unknown"),
    );
    assert.ok(hub.register.heartbeat().steadyMs > before);
    assert.ok(
      hub.register.alarms({ active: true }).some((a) => a.kind === "flood"),
      "missing data clears nothing",
    );
  });

  it("lets nobody in without the secret: no page, no socket, and headless not even a page for its parent", async () => {
    process.env["INFLUX_TOKEN"] = "not-for-the-flows";
    const running = await start("headless").finally(() => delete process.env["INFLUX_TOKEN"]);
    const address = running.address()!;
    const { secret } = address;
    if (existsSync("/proc")) {
      const environment = await readFile(`/proc/${running.pid()}/environ`, "utf8");
      assert.match(environment, /ARYK_HUB_URL/);
      assert.doesNotMatch(environment, /INFLUX_TOKEN/);
    }
    for (const path of ["/", "/health", "/flows", "/flows/editor", "/flows/editor/flows"]) {
      assert.equal((await call(address, path)).status, 401, path);
      assert.equal((await call(address, path, { secret: secret.slice(1) + "x" })).status, 401, path);
      if (path !== "/health") assert.equal((await call(address, path, { secret })).status, 404, path);
    }
    for (const path of ["/comms", "/flows/editor/comms"]) {
      assert.equal((await call(address, path, { upgrade: true })).status, 401);
      assert.equal((await call(address, path, { upgrade: true, secret })).status, 404);
    }
    assert.deepEqual(JSON.parse((await call(address, "/health", { secret })).text).state, "running");
  });

  it("shows its editor to its parent only, and writes a changed threshold to the file of its tab", async () => {
    const address = (await start("editor")).address()!;
    const { secret } = address;
    const editor = "/flows/editor";
    for (const path of [`${editor}/`, `${editor}/flows`, `${editor}/settings`])
      assert.equal((await call(address, path)).status, 401, path);
    assert.equal((await call(address, `${editor}/comms`, { upgrade: true })).status, 401);
    assert.equal((await call(address, `${editor}/comms`, { upgrade: true, secret })).status, 101);
    assert.equal((await call(address, `${editor}/`, { secret })).status, 200);

    const settings = JSON.parse((await call(address, `${editor}/settings`, { secret })).text) as Record<
      string,
      unknown
    >;
    assert.equal((settings["arykRuleDefaults"] as { flood: { holdS: number } }).flood.holdS, 900);
    assert.doesNotMatch(JSON.stringify(settings), new RegExp(secret));
    assert.equal((await call(address, `${editor}/nodes`, { secret, body: { module: "left-pad" } })).status, 404);

    const flowsNow = JSON.parse((await call(address, `${editor}/flows`, { secret })).text) as { id: string }[];
    const changed = flowsNow.map((n) =>
      n.id === "flood-rule" ? { ...n, settings: { onMm: [10, 100, 150, 300] } } : n,
    );
    assert.equal((await call(address, `${editor}/flows`, { secret, body: changed })).status, 204);
    const city = join(hub.dir, "flows", "tabs");
    assert.match(await readFile(join(city, "20-flood.json"), "utf8"), /"onMm"/);
    const packaged = join(projectRoot(), "flows", "tabs");
    for (const name of ["10-intake.json", "50-notify.json", "90-errors.json"])
      assert.equal(await readFile(join(city, name), "utf8"), await readFile(join(packaged, name), "utf8"), name);

    // The new threshold is at work without a restart.
    for (const depth of [0, 12, 14, 15]) await nextMinute(hub, depth);
    await until("level 1 at 1 cm", () => told(hub.register).some((t) => t.includes("flood raise 1")));
    await until("the batch is committed", caughtUp);

    // A cut wire: nothing is committed, and nothing is skipped when it is mended.
    const cut = changed.map((n) => (n.id === "flood-in" ? { ...n, wires: [[]] } : n));
    assert.equal((await call(address, `${editor}/flows`, { secret, body: cut })).status, 204);
    for (const depth of [40, 65, 90, 115, 140, 160, 165]) await nextMinute(hub, depth);
    assert.ok(!caughtUp());
    assert.equal((await call(address, `${editor}/flows`, { secret, body: changed })).status, 204);
    await until("level 3 after the mending", () => told(hub.register).some((t) => t.includes("flood escalate 3")));
  });

  it("opens the editor without running the flows when they end the process again and again", async () => {
    const bomb = [
      { id: "tab-bomb", type: "tab", label: "bomb", disabled: false },
      {
        id: "fuse",
        type: "inject",
        z: "tab-bomb",
        props: [],
        once: true,
        onceDelay: "0",
        wires: [["charge"]],
        x: 1,
        y: 1,
      },
      {
        id: "charge",
        type: "function",
        z: "tab-bomb",
        func: 'Promise.reject(new Error("bang"));',
        outputs: 0,
        wires: [],
        x: 1,
        y: 1,
      },
    ];
    const city = join(hub.dir, "flows", "tabs");
    await mkdir(city, { recursive: true });
    await writeFile(join(city, "99-bomb.json"), JSON.stringify(bomb));
    flows = startFlowsProcess({ ...processOptions(hub, lines), mode: "editor", safeModeAfter: 2 });
    await until("the safe mode", () => flows?.state() === "safe-mode");
    assert.equal(flows.restarts(), 2);
    const { secret } = flows.address()!;
    // Right after its start the editor may still be reading the tabs.
    for (const end = Date.now() + 15_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const { status } = await call(flows.address()!, "/flows/editor/flows", { secret });
      if (status === 200) break;
      assert.ok(Date.now() < end, `the editor answers ${status}`);
    }
    assert.ok(lines.some((line) => line.includes("bang")));
  });

  it("ends when its parent is killed and could tell it nothing", async () => {
    const options = { ...processOptions(hub, lines), log: undefined };
    const parent = spawn(process.execPath, [...program("test/flows/parent"), JSON.stringify(options)], {
      stdio: ["ignore", "pipe", "inherit"],
      cwd: projectRoot(),
    });
    const pid = await new Promise<number>((resolve, reject) => {
      parent.stdout.on("data", (chunk: Buffer) => {
        const found = /running (\d+)/.exec(chunk.toString());
        if (found !== null) resolve(Number(found[1]));
      });
      parent.once("exit", () => reject(new Error("The parent ended by itself.")));
    });
    assert.ok(alive(pid));
    parent.kill("SIGKILL");
    await until("the child is gone", () => !alive(pid));
  });
});
