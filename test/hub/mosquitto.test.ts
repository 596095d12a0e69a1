import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MqttClient } from "mqtt";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { SteppedClock } from "../../hub/clock.js";
import { startMqtt } from "../../hub/inputs/mqtt.js";
import { writeMosquitto } from "../../hub/mosquitto.js";
import { Registry } from "../../hub/registry.js";
import { mqttPassword } from "../../hub/secrets.js";
import { memoryDoor, packLine, until } from "../rig/sealed.js";
import { need, startMosquitto } from "../rig/servers.js";
import type { RunningServer } from "../rig/servers.js";
import { certificate } from "../rig/certificate.js";

const HUB = { username: "aryk-hub", password: "a hub's own password" };

describe("hub/mosquitto with a real mosquitto, over TLS", function () {
  this.timeout(60_000);
  let dir: string;
  let registry: Registry;
  let server: RunningServer;
  let ca: string;
  let clients: MqttClient[] = [];

  const open = async (username: string, password: string): Promise<MqttClient> => {
    const url = `mqtts://127.0.0.1:${server.port}`;
    const client = await connectAsync(url, { username, password, ca, reconnectPeriod: 0, clientId: "any" });
    clients.push(client);
    return client;
  };
  const passwordOf = (board: string) => mqttPassword(board, registry.keysOf(board)[0]);
  const openBoard = (board: string) => open(board, passwordOf(board));

  before(async function () {
    need(this, "mosquitto");
    dir = mkdtempSync(join(tmpdir(), "aryk-mosquitto-"));
    registry = Registry.open(join(dir, "registry.sqlite"), new SteppedClock(0));
    for (const board of ["up-1", "up-2"]) registry.addBoard(board, "test");
    const pem = certificate(dir);
    ca = readFileSync(pem.cert, "utf8");
    const options = { folder: join(dir, "broker"), hub: HUB, host: "127.0.0.1", port: 1, tls: pem };
    assert.equal(writeMosquitto(registry, options), 2);
    // The rig chooses the port; everything else is as the command wrote it.
    const lines = readFileSync(join(dir, "broker/aryk.conf"), "utf8").split("\n");
    server = await startMosquitto(lines.filter((line) => !/^(#|listener|per_listener|$)/.test(line)));
  });
  afterEach(() => {
    for (const client of clients) client.end(true);
    clients = [];
  });
  after(async () => {
    await server?.dispose();
    registry?.close();
    if (dir !== undefined) rmSync(dir, { recursive: true });
  });

  it("lets in the boards of the registry, and nobody else", async () => {
    assert.ok((await openBoard("up-1")).connected);
    await assert.rejects(open("up-1", passwordOf("up-2")), { code: 5 });
    await assert.rejects(open("up-3", "anything"), { code: 5 });
    await assert.rejects(connectAsync(`mqtts://127.0.0.1:${server.port}`, { ca, reconnectPeriod: 0 }), { code: 5 });
    await assert.rejects(connectAsync(`mqtt://127.0.0.1:${server.port}`, { reconnectPeriod: 0, connectTimeout: 2000 }));
  });

  it("lets a board publish and listen under its own topic only, and the hub hear all", async () => {
    const door = memoryDoor();
    const input = startMqtt(
      { url: `mqtts://127.0.0.1:${server.port}`, clientId: "hub", ca, ...HUB },
      door.accept,
      pino({ level: "silent" }),
    );
    try {
      await until("the subscription", () => input.stats().connected, 30_000);
      const [one, two] = [await openBoard("up-1"), await openBoard("up-2")];
      const heard: string[] = [];
      two.on("message", (topic) => heard.push(topic));
      const grants = await two.subscribeAsync("aryk/up-2/down", { qos: 1 });
      assert.equal(grants[0].qos, 1);
      // 2.0 grants what it will not deliver; the foreign acknowledgement below must not come.
      for (const topic of ["aryk/up-1/down", "aryk/+/down", "aryk/+/up", "#"])
        await two.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
      await two.publishAsync("aryk/up-1/up", packLine("up-1", 9), { qos: 1 });
      await two.publishAsync("aryk/up-1/down", "forged", { qos: 1 });
      await one.subscribeAsync("aryk/up-1/down", { qos: 1 });
      await one.publishAsync("aryk/up-1/up", packLine("up-1", 1), { qos: 1 });
      await two.publishAsync("aryk/up-2/up", packLine("up-2", 1), { qos: 1 });
      await until("both packs and an answer", () => door.stored.size === 2 && heard.length > 0);
      assert.deepEqual(
        door.calls.map((call) => call.board),
        ["up-1", "up-2"],
      );
      assert.deepEqual([...new Set(heard)], ["aryk/up-2/down"]);
    } finally {
      await input.stop();
    }
  });

  it("lets no board take another's place by its client name, and takes no long message", async () => {
    const [one, two] = [await openBoard("up-1"), await openBoard("up-2")];
    assert.ok(one.connected && two.connected, "both said the client name `any`");
    const hub = await open(HUB.username, HUB.password);
    const heard: number[] = [];
    hub.on("message", (_topic, payload) => heard.push(payload.length));
    await hub.subscribeAsync("aryk/+/up", { qos: 1 });
    for (const length of [1025, 1024]) await two.publishAsync("aryk/up-2/up", "x".repeat(length), { qos: 1 });
    await until("the message that is not too long", () => heard.length > 0);
    assert.deepEqual(heard, [1024]);
    assert.ok(one.connected);
  });

  it("follows the registry: a revoked board is shut out after a reload, whole files or none", async () => {
    const password = passwordOf("up-2");
    (await open("up-2", password)).end(true);
    registry.revokeKey("up-2", "k1", "test");
    const options = { folder: join(dir, "broker"), hub: HUB, host: "127.0.0.1", port: 1 };
    assert.equal(writeMosquitto(registry, options), 1);
    const pid = server.pid();
    assert.ok(pid !== null);
    process.kill(pid, "SIGHUP");
    // The reload takes a moment: until then the old password holds.
    let refused = false;
    for (let tries = 0; tries < 100 && !refused; tries++)
      await open("up-2", password).then(
        (client) => client.end(true),
        (error: { code?: number }) => (refused = error.code === 5),
      );
    assert.ok(refused);
    assert.ok((await openBoard("up-1")).connected);
    for (const name of ["passwords", "acl", "aryk.conf"])
      assert.equal(statSync(join(dir, "broker", name)).mode & 0o777, 0o600);
    assert.doesNotMatch(readFileSync(join(dir, "broker/passwords"), "utf8"), /a hub's own password/);
    assert.throws(() => writeMosquitto(registry, { ...options, hub: { ...HUB, username: "up-1" } }), {
      code: "MOSQUITTO_USER",
    });
  });

  it("writes hashes that mosquitto's own tool would", function () {
    let tool = false;
    try {
      execFileSync("mosquitto_passwd", ["--help"], { stdio: "ignore" });
      tool = true;
    } catch (error) {
      tool = (error as { code?: string }).code !== "ENOENT";
    }
    if (!tool) {
      console.log("      skipped: mosquitto_passwd is not installed");
      return this.skip();
    }
    const file = join(dir, "theirs");
    execFileSync("mosquitto_passwd", ["-c", "-b", file, "up-1", "secret"]);
    assert.match(readFileSync(file, "utf8"), /^up-1:\$7\$101\$[A-Za-z0-9+/=]{16}\$[A-Za-z0-9+/=]{88}\n$/);
    assert.match(
      readFileSync(join(dir, "broker/passwords"), "utf8"),
      /^up-1:\$7\$101\$[A-Za-z0-9+/]{16}\$[A-Za-z0-9+/=]{88}$/m,
    );
  });
});
