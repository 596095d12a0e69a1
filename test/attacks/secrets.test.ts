/**
 * A real hub with a secret in every place that has room for one, its log at its most talkative, among others who refuse
 * it and repeat its words: no secret may stand in the log, in an answer, in the flows' files or on the command line.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { stringify } from "yaml";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { parseConfig } from "../../hub/config.js";
import { startBroker } from "../../hub/inputs/broker.js";
import { projectRoot } from "../../hub/root.js";
import { mqttPassword } from "../../hub/secrets.js";
import { certificate } from "../rig/certificate.js";
import { until } from "../hub/api/setup.js";
import { program } from "../rig/program.js";
import { sealedBoard } from "../rig/sealed-board.js";
import { freePort } from "../rig/servers.js";
import { fillHouse } from "./house.js";
import { formsOf, leaks } from "./leaks.js";
import { startOthers, type Others } from "./others.js";

/** Marks that are written otherwise in URLs, JSON and base64; nothing that a header cannot carry. */
const made = (name: string): string => {
  const random = createHash("sha256").update(name).digest("hex");
  return `${random.slice(0, 16)}/+&%"${random.slice(16, 28)}=${name}`;
};
const ADMIN = made("admin");
const ENV = {
  METRICS_TOKEN: made("metrics"),
  MQTT_PASSWORD: made("mqtt"),
  INFLUX_TOKEN: made("influx-token"),
  INFLUX_PASSWORD: made("influx-password"),
  WEBHOOK_SECRET: made("webhook"),
  HEARTBEAT_TOKEN: made("heartbeat"),
};
const PATHS = { HOOK_PATH: "hook-9f8e7d6c5b4a-0011", BEAT_PATH: "beat-1a2b3c4d5e6f-2233" };

describe("finding a secret", () => {
  const secret = made("example");
  it("works in every form, also inside something longer", () => {
    const forms = [
      secret,
      secret.slice(5, 25),
      JSON.stringify({ secret }),
      encodeURIComponent(secret),
      Buffer.from(secret).toString("hex"),
      JSON.stringify([...Buffer.from(secret)]),
      ...["", "u:", "us:", "use:"].flatMap((user) =>
        (["base64", "base64url"] as const).map((form) => Buffer.from(`${user}${secret}:end`).toString(form)),
      ),
    ];
    for (const form of forms) assert.ok(leaks(`before ${form} after`, new Map([["it", secret]])).length > 0, form);
    assert.deepEqual(leaks(made("other"), new Map([["it", secret]])), []);
    assert.ok([...formsOf(Buffer.alloc(32, 7)).values()].flat().every((word) => word.length >= 14));
  });
});

describe("attack: secrets told by mistake", function () {
  this.timeout(180_000);
  let dir: string;
  let others: Others;
  const children: ChildProcess[] = [];
  const secrets = new Map<string, string | Buffer>([...Object.entries(ENV), ...Object.entries(PATHS)]);

  /** Runs the command line; keeps all that it says. */
  function aryk(config: object, words: string[], input = "") {
    const file = join(dir, `${words.join("-")}.yaml`);
    writeFileSync(file, stringify(config));
    const address = `http://127.0.0.1:${others.webPort}`;
    const urls = { HOOK_URL: `${address}/${PATHS.HOOK_PATH}`, BEAT_URL: `${address}/${PATHS.BEAT_PATH}` };
    const child = spawn(process.execPath, [...program("hub/cli/main"), "-c", file, ...words], {
      ...{ cwd: projectRoot(), stdio: "pipe" },
      env: { ...process.env, ...ENV, ...urls },
    });
    children.push(child);
    const held = { child, said: "", exit: once(child, "exit") as Promise<[number | null]> };
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (held.said += chunk.toString()));
    child.stdin.end(input);
    return held;
  }

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-secrets-"));
    others = await startOthers();
  });
  after(() => {
    for (const child of children) child.kill("SIGKILL");
    others.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  it("none stands in the log, in answers, health, metrics, the flows' files or what commands say", async function () {
    if (!existsSync("/proc/self/environ")) {
      console.log("      skipped: what the hub gives its flows can be read on Linux only");
      return this.skip();
    }
    const data = join(dir, "data");
    mkdirSync(data);
    const { keyId, key } = await fillHouse(data, ADMIN);
    secrets.set("the admin's password", ADMIN);
    secrets.set("the board's key", key).set("the board's password", mqttPassword("up-1", key));
    const { cert, key: tlsKey } = certificate(dir);
    for (const [i, line] of readFileSync(tlsKey, "utf8").split("\n").entries())
      if (line.length > 40) secrets.set(`line ${i} of the TLS key`, line);
    const web = `http://127.0.0.1:${others.webPort}`;
    const brokerPort = await freePort();
    const config = {
      ...{ dataDir: data, log: { level: "trace" }, http: { port: 0, metricsToken: "${METRICS_TOKEN}" } },
      inputs: {
        broker: { port: brokerPort, tlsCertFile: cert, tlsKeyFile: tlsKey },
        mqtt: [{ url: `mqtt://127.0.0.1:${others.brokerPort}`, username: "hub", password: "${MQTT_PASSWORD}" }],
      },
      outputs: {
        influxdb: [
          { version: "2", name: "two", url: web, org: "o", bucket: "b", token: "${INFLUX_TOKEN}" },
          { version: "1", name: "one", url: web, database: "d", username: "u", password: "${INFLUX_PASSWORD}" },
        ],
      },
      flows: { editor: true },
      alerts: { webhooks: [{ name: "duty", url: "${HOOK_URL}", format: "json", secret: "${WEBHOOK_SECRET}" }] },
      heartbeat: { url: "${BEAT_URL}", token: "${HEARTBEAT_TOKEN}", everySeconds: 5 },
    };
    const hub = aryk(config, ["start"]);
    // Meanwhile, what a command says that fails, and what stands in errors: a password for nobody, secrets where they
    // do not belong, half a TLS key.
    const command = aryk({ dataDir: data }, ["person", "password", "nobody"], ADMIN + "\n");
    const plain = { http: { metricsToken: ENV.METRICS_TOKEN }, heartbeat: { url: ENV.HEARTBEAT_TOKEN, token: ADMIN } };
    const half = { cert: readFileSync(cert, "utf8"), key: readFileSync(tlsKey, "utf8").slice(0, 700) };
    const door = { host: "127.0.0.1", port: 0, tls: half, authenticate: () => true };
    const errors: unknown[] = [];
    for (const fails of [
      async () => parseConfig(stringify(plain), ENV),
      async () => parseConfig(stringify({ ...config, heartbeat: { url: "${METRICS_TOKEN}" } }), ENV),
      () => startBroker(door, () => assert.fail(), pino({ level: "silent" })),
    ])
      await assert.rejects(fails, (error) => errors.push(error) > 0);

    const said = (): string => hub.said;
    await until("the hub and its flows", () => /"msg":"flows running"/.test(hub.said), 60_000).catch((error: Error) =>
      assert.fail(`${error.message}\n${said()}`),
    );
    const url = /Open (\S+)/.exec(hub.said)?.[1] ?? "";
    const flowsPid = Number(/"pid":(\d+),"port":\d+,"tookMs":\d+,"msg":"flows running"/.exec(hub.said)?.[1]);
    const flowsEnv = readFileSync(`/proc/${flowsPid}/environ`, "utf8").split("\0");
    for (const name of ["ARYK_FLOWS_TOKEN", "ARYK_FLOWS_SECRET", "ARYK_FLOWS_CREDENTIAL_SECRET"])
      secrets.set(name, flowsEnv.find((one) => one.startsWith(`${name}=`))!.slice(name.length + 1));
    const { flowsCredentials } = JSON.parse(readFileSync(join(data, "secrets.json"), "utf8")) as Record<string, string>;
    assert.equal(secrets.get("ARYK_FLOWS_CREDENTIAL_SECRET"), flowsCredentials);

    let answers = "";
    const ask = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
      const own = { origin: url, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers };
      const answer = await fetch(url + path, { method, headers: own, redirect: "manual", ...(body && { body }) });
      const text = await answer.text();
      const told = [...answer.headers].filter(([name]) => name !== "set-cookie");
      // What a login answers is for whoever logs in.
      if (answer.status !== 200 || path !== "/api/v1/login")
        answers += `${method} ${path} ${answer.status} ${JSON.stringify(told)}\n${text}\n`;
      return { status: answer.status, text, cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0]! };
    };
    const login = (name: string, password: string) =>
      ask("POST", "/api/v1/login", {}, JSON.stringify({ name, password }));
    const entered = await login("admin", ADMIN);
    assert.equal(entered.status, 200, entered.text);
    const { csrf } = JSON.parse(entered.text) as { csrf: string };
    secrets.set("the session", entered.cookie.slice(entered.cookie.indexOf("=") + 1)).set("its token", csrf);
    const me = { cookie: entered.cookie, "x-aryk-csrf": csrf };
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    const flowsToken = String(secrets.get("ARYK_FLOWS_TOKEN"));
    assert.equal((await ask("GET", "/metrics", bearer(ENV.METRICS_TOKEN))).status, 200);
    for (const [status, method, path, headers, body] of [
      [401, "POST", "/api/v1/login", {}, JSON.stringify({ name: "admin", password: ADMIN + "x" })],
      [401, "POST", "/api/v1/login", {}, JSON.stringify({ name: ADMIN, password: "mistyped into the name" })],
      [400, "POST", "/api/v1/login", {}, `{"name":"admin","password":${JSON.stringify(ADMIN)},,}`],
      [400, "POST", "/api/v1/login", {}, `${ADMIN}`],
      [400, "POST", "/api/v1/login", {}, JSON.stringify({ name: "admin", passwrod: ADMIN })],
      [403, "POST", "/api/v1/people", { ...me, "x-aryk-csrf": csrf + "x" }, "{}"],
      [400, "POST", "/api/v1/people", me, JSON.stringify({ name: "b", role: ADMIN, password: ADMIN })],
      [409, "POST", "/api/v1/people", me, JSON.stringify({ name: "admin", role: "viewer", password: ADMIN })],
      [403, "POST", "/api/v1/password", me, JSON.stringify({ current: ADMIN + "y", next: "another password" })],
      [400, "POST", "/api/v1/password", me, JSON.stringify({ current: ADMIN, next: ADMIN.slice(0, 11) })],
      [401, "GET", "/metrics", bearer(ENV.METRICS_TOKEN + "x")],
      [401, "POST", "/api/v1/flows/open", bearer(flowsToken + "x"), "{}"],
      [400, "POST", "/api/v1/flows/commit", bearer(flowsToken), "{}"],
      [200, "GET", "/healthz"],
      [404, "GET", "/nothing", me],
      ...[
        "/api/v1/health",
        "/api/v1/people",
        "/api/v1/seen",
        "/api/v1/boards",
        "/api/v1/rollouts",
        "/api/v1/alarms?all=true",
      ].map((path) => [200, "GET", path, me] as const),
      ...["/api/v1/transitions", "/api/v1/ledger?hours=true&missing=true", "/metrics"].map(
        (path) => [200, "GET", path, me] as const,
      ),
      ...["/", "/settings", "/flows", "/nodes", "/context/global"].map(
        (path) => [200, "GET", `/flows/editor${path}`, me] as const,
      ),
    ] as const) {
      const answer = await ask(method, path, { ...headers }, body);
      assert.equal(answer.status, status, `${method} ${path} ${answer.text}`);
    }

    const broker = {
      ...{ username: "up-1", ca: readFileSync(cert, "utf8"), reconnectPeriod: 0, connectTimeout: 10_000 },
    };
    const mqtts = `mqtts://127.0.0.1:${brokerPort}`;
    await assert.rejects(connectAsync(mqtts, { ...broker, password: `${mqttPassword("up-1", key)}x` }));
    const client = await connectAsync(mqtts, { ...broker, password: mqttPassword("up-1", key) });
    const mm = [{ property: DISTANCE, ok: true as const, value: 1 }];
    const [right, wrong] = [key, Buffer.alloc(32, 1)].map((k) => sealedBoard("up-1", keyId, k, "0a0b0c0d", 1));
    const lines = [right!.pack(mm, 1, null), wrong!.pack(mm, 2, null), "nonsense", right!.line("pack", 9, 1, "-", "[")];
    for (const line of lines) client.publish("aryk/up-1/up", line, { qos: 1 });
    await until("the lines are judged", async () =>
      /aryk_lines_dead_total\{[^}]*} [1-9]/.test((await ask("GET", "/metrics", me)).text),
    );
    client.end(true);
    hub.child.kill("SIGHUP");
    // Each was really used: whoever was to get it got it.
    const basic = Buffer.from(`u:${ENV.INFLUX_PASSWORD}`).toString("base64");
    const used = [ENV.INFLUX_TOKEN, ENV.HEARTBEAT_TOKEN].map((text) => JSON.stringify(text).slice(1, -1));
    for (const word of [...used, basic, ENV.MQTT_PASSWORD, PATHS.HOOK_PATH, PATHS.BEAT_PATH, "x-aryk-signature"])
      await until(`somebody was sent ${word}`, () => others.got.includes(word), 30_000);
    const words = (): string => hub.said;
    for (const what of [/influxdb-two: not written/, /influxdb-one: not written/, /heartbeat does not reach/])
      await until(`the log says ${what}`, () => what.test(words()), 30_000);
    await ask("GET", "/api/v1/health", me);
    await ask("GET", "/metrics", me);
    const cmdlines = [hub.child.pid!, flowsPid].map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8")).join("\n");
    await ask("POST", "/api/v1/logout", me, "{}");
    hub.child.kill("SIGTERM");
    assert.deepEqual(await hub.exit, [0, null], hub.said);

    assert.match(hub.said, /"level":20/, "the log is at its most talkative");
    const files = readdirSync(data, { recursive: true, encoding: "utf8" })
      .filter((name) => /^(flows|cap)\//.test(name) && statSync(join(data, name)).isFile())
      .map((name) => `${name}\n${readFileSync(join(data, name), "latin1")}`);
    assert.ok(files.length > 3, "the flows have files");
    assert.notEqual((await command.exit)[0], 0);
    assert.match(command.said, /nobody is named nobody/);
    const raised = inspect(errors, { depth: 9, showHidden: true, maxStringLength: null });
    const told = { log: hub.said, answers, command: command.said, errors: raised, cmdlines };
    for (const [where, text] of Object.entries({ ...told, files: files.join("\n") }))
      assert.deepEqual(leaks(text, secrets), [], where);
  });
});
