import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MqttClient } from "mqtt";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import type { MqttInput, MqttOptions } from "../../../hub/inputs/mqtt.js";
import { startMqtt } from "../../../hub/inputs/mqtt.js";
import type { Door } from "../../rig/sealed.js";
import { memoryDoor, packLine, until } from "../../rig/sealed.js";
import type { RunningServer } from "../../rig/servers.js";
import { freePort, need, startMosquitto } from "../../rig/servers.js";

const log = pino({ level: "silent" });
const BOARD = "post-1";
const UP = `aryk/${BOARD}/up`;
const QUEUES = ["max_queued_messages 0", "max_inflight_messages 0"];

describe("hub/inputs/mqtt with a real mosquitto", function () {
  this.timeout(60_000);
  let mosquitto: RunningServer;
  let door: Door;
  let inputs: MqttInput[] = [];
  let clients: MqttClient[] = [];
  let clientId = 0;

  function start(more: Partial<MqttOptions> = {}): MqttInput {
    const options = { url: mosquitto.url, clientId: "hub-" + clientId, backoffBaseMs: 50, backoffCapMs: 200 };
    const input = startMqtt({ ...options, ...more }, door.accept, log);
    inputs.push(input);
    return input;
  }

  async function connected(input: MqttInput): Promise<void> {
    await until("the subscription", () => input.stats().connected, 30_000);
  }

  /** A board that talks to mosquitto, and what it hears on its down topic. */
  async function board(): Promise<{
    client: MqttClient;
    heard: string[];
    publish(from: number, to: number): Promise<void>;
  }> {
    const client = await connectAsync(mosquitto.url, { reconnectPeriod: 0 });
    clients.push(client);
    const heard: string[] = [];
    client.on("message", (_topic, payload) => heard.push(payload.toString()));
    await client.subscribeAsync(`aryk/${BOARD}/down`, { qos: 1 });
    async function publish(from: number, to: number): Promise<void> {
      const seqs = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      await Promise.all(seqs.map((seq) => client.publishAsync(UP, packLine(BOARD, seq), { qos: 1 })));
    }
    return { client, heard, publish };
  }

  before(async function () {
    need(this, "mosquitto");
    mosquitto = await startMosquitto(["allow_anonymous true", ...QUEUES, "autosave_interval 1"]);
  });

  after(() => mosquitto?.dispose());

  beforeEach(() => {
    door = memoryDoor();
    clientId++;
  });

  afterEach(async () => {
    door.release();
    for (const input of inputs) await input.stop();
    for (const client of clients) await client.endAsync(true);
    inputs = [];
    clients = [];
    await mosquitto.start();
  });

  it("stores what boards publish and answers with the ack line", async () => {
    const input = start();
    await connected(input);
    const { heard, publish } = await board();
    assert.equal(input.send(BOARD, "nobody heard it yet"), false);
    await publish(1, 3);
    await until("the ack lines", () => heard.length === 3);
    assert.match(heard[0], /^aryk1 ack post-1 0a0b0c0d\.1\.1 /);
    assert.deepEqual(door.calls[0], { line: packLine(BOARD, 1), source: mosquitto.url, board: BOARD });
    assert.equal(input.send(BOARD, "a command"), true);
    await until("the command", () => heard.includes("a command"));
    assert.equal(input.stats().stored, 3);
  });

  it("has many lines under way at once", async () => {
    await connected(start());
    door.hold();
    await (await board()).publish(1, 200);
    await until("all lines at the door", () => door.calls.length === 200);
    assert.equal(door.stored.size, 0);
    door.release();
    await until("all stored", () => door.stored.size === 200);
  });

  it("gets again what it had not acknowledged when it went away, and what came meanwhile", async () => {
    const { publish } = await board();
    const first = start({ stopBoundMs: 10 });
    await connected(first);
    door.hold();
    await publish(1, 20);
    await until("the lines", () => door.calls.length === 20);
    await first.stop();
    await publish(21, 40);
    const second = memoryDoor();
    inputs.push(startMqtt({ url: mosquitto.url, clientId: "hub-" + clientId }, second.accept, log));
    await until("all of them", () => second.stored.size === 40);
  });

  it("stops reading when the window is full, and loses nothing", async () => {
    const input = start({ window: 8 });
    await connected(input);
    door.hold();
    const { publish } = await board();
    await publish(1, 3000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(door.calls.length >= 8 && door.calls.length < 1000, `under way: ${door.calls.length}`);
    door.release();
    await until("all stored", () => door.stored.size === 3000);
    assert.equal(input.stats().connects, 1);
  });

  it("gives no PUBACK when the journal cannot commit, and gets the line again", async () => {
    const input = start();
    await connected(input);
    door.fail(true);
    const { publish } = await board();
    await publish(1, 5);
    await until("it came back", () => input.stats().faults["link:commit-failed"] >= 2);
    assert.equal(door.stored.size, 0);
    door.fail(false);
    await until("stored", () => door.stored.size === 5);
  });

  it("acknowledges away what is not authentic, too long or under a strange name", async () => {
    const input = start();
    await connected(input);
    const { client, publish } = await board();
    await client.publishAsync(UP, "nonsense", { qos: 1 });
    await client.publishAsync(UP, Buffer.alloc(5000), { qos: 1 });
    await client.publishAsync("aryk/NO_NAME/up", packLine(BOARD, 9), { qos: 1 });
    await client.publishAsync(UP, "nonsense too", { qos: 0 });
    await publish(1, 1);
    await until("the good one", () => door.stored.size === 1);
    assert.deepEqual(input.stats().faults, { "not-a-line": 2, "too-long": 1, "foreign-topic": 1 });
    await input.stop();
    const again = start();
    await connected(again);
    await publish(2, 2);
    await until("the next", () => door.stored.size === 2);
    assert.deepEqual(again.stats().faults, {});
    assert.equal(again.stats().lines, 1);
  });

  it("waits for a broker that starts later, and finds it again after it was killed", async () => {
    await mosquitto.stop();
    const input = start();
    await until("some attempts", () => input.stats().connects >= 3);
    await mosquitto.start();
    await connected(input);
    await (await board()).publish(1, 1);
    await until("stored", () => door.stored.size === 1);
    await mosquitto.kill9();
    await until("the loss is seen", () => !input.stats().connected);
    assert.equal(input.send(BOARD, "nothing"), false);
    await mosquitto.start();
    await connected(input);
    await (await board()).publish(2, 2);
    await until("stored", () => door.stored.size === 2);
    assert.ok(input.stats().faults["link:ECONNREFUSED"] >= 2);
  });

  it("ends a connection on which nothing answers any more", async () => {
    const input = start({ keepaliveS: 1, connectTimeoutMs: 500 });
    await connected(input);
    mosquitto.freeze();
    try {
      await until("the silence is seen", () => input.stats().faults["link:silent"] === 1);
    } finally {
      mosquitto.thaw();
    }
    await connected(input);
  });

  it("refuses a URL that is none", () => {
    for (const url of ["localhost:1883", "http://x", "mqtt:", ""])
      assert.throws(() => startMqtt({ url, clientId: "x" }, door.accept, log), { code: "MQTT_URL" });
  });
});

describe("hub/inputs/mqtt with TLS and passwords", function () {
  this.timeout(60_000);
  const dir = mkdtempSync(join(tmpdir(), "aryk-tls-"));
  let mosquitto: RunningServer | undefined;

  before(async function () {
    need(this, "mosquitto");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    const files = ["-keyout", join(dir, "key.pem"), "-out", join(dir, "cert.pem")];
    const make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    execFileSync("openssl", [...make, ...subject, ...files], { stdio: "ignore" });
    const passwords = join(dir, "passwords");
    execFileSync("mosquitto_passwd", ["-b", "-c", passwords, "hub", "right"], { stdio: "ignore" });
    const tls = [`certfile ${join(dir, "cert.pem")}`, `keyfile ${join(dir, "key.pem")}`];
    mosquitto = await startMosquitto(["allow_anonymous false", `password_file ${passwords}`, ...tls, ...QUEUES]);
  });

  after(async () => {
    await mosquitto?.dispose();
    rmSync(dir, { recursive: true, force: true });
  });

  it("speaks TLS, and only with a broker that it can trust and a password that is right", async () => {
    const url = mosquitto!.url.replace("mqtt:", "mqtts:");
    const ca = readFileSync(join(dir, "cert.pem"), "utf8");
    const common = { url, username: "hub", backoffBaseMs: 20, backoffCapMs: 50 };
    const door = memoryDoor();
    const right = startMqtt({ ...common, clientId: "a", password: "right", ca }, door.accept, log);
    const wrong = startMqtt({ ...common, clientId: "b", password: "wrong", ca }, door.accept, log);
    const stranger = startMqtt({ ...common, clientId: "c", password: "right" }, door.accept, log);
    try {
      await until("the right one", () => right.stats().connected);
      await until("the wrong one tried twice", () => wrong.stats().faults["link:connect-refused-5"] >= 2);
      const untrusted = "link:DEPTH_ZERO_SELF_SIGNED_CERT";
      await until("the untrusted one tried twice", () => stranger.stats().faults[untrusted] >= 2);
      const client = await connectAsync(url, { username: "hub", password: "right", ca });
      await client.publishAsync(UP, packLine(BOARD, 1), { qos: 1 });
      await until("stored", () => door.stored.size === 1);
      await client.endAsync(true);
    } finally {
      for (const input of [right, wrong, stranger]) await input.stop();
    }
  });

  it("comes back for ever to a broker that is not there", async () => {
    const url = `mqtts://127.0.0.1:${await freePort()}`;
    const input = startMqtt({ url, clientId: "d", backoffBaseMs: 1, backoffCapMs: 4 }, memoryDoor().accept, log);
    await until("many attempts", () => input.stats().connects > 50);
    await input.stop();
    const { connects } = input.stats();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(input.stats().connects, connects);
  });
});
