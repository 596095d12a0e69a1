import assert from "node:assert/strict";
import mqtt from "mqtt-packet";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import type { Broker, BrokerOptions } from "../../../hub/inputs/broker.js";
import { startBroker } from "../../../hub/inputs/broker.js";
import { RawClient } from "../../rig/raw-mqtt.js";
import { helloLine, memoryDoor, packLine, POISON_MM, until } from "../../rig/sealed.js";
import type { Door } from "../../rig/sealed.js";

const log = pino({ level: "silent" });
const BOARD = "post-1";

describe("hub/inputs/broker", () => {
  let door: Door;
  let broker: Broker;
  const clients: RawClient[] = [];

  async function start(more: Partial<BrokerOptions> = {}): Promise<void> {
    door = memoryDoor();
    const authenticate = (board: string, password: string): boolean => password === "secret-" + board;
    broker = await startBroker({ host: "127.0.0.1", port: 0, authenticate, ...more }, door.accept, log);
  }

  async function open(username = BOARD, more?: Partial<mqtt.IConnectPacket>): Promise<RawClient> {
    const client = await RawClient.open(broker.port, username, more);
    clients.push(client);
    return client;
  }

  afterEach(async () => {
    door.release();
    for (const client of clients.splice(0)) client.end();
    await broker.stop();
  });

  it("sends PUBACK only after the commit", async () => {
    await start();
    const client = await open();
    door.hold();
    client.publish(11, packLine(BOARD, 1));
    await until("the line", () => door.calls.length === 1);
    await client.ping();
    assert.equal(client.got("puback").length, 0);
    assert.equal(broker.stats().inFlight, 1);
    door.release();
    await until("PUBACK", () => client.got("puback").length === 1);
    assert.equal(client.got("puback")[0].messageId, 11);
    assert.equal(door.stored.size, 1);
    assert.deepEqual(door.calls[0], { line: packLine(BOARD, 1), source: "mqtt", board: BOARD });
  });

  it("acknowledges duplicates and dead letters, so that they do not come back", async () => {
    await start();
    const client = await open();
    client.publish(1, packLine(BOARD, 1));
    client.publish(2, packLine(BOARD, 1));
    client.publish(3, packLine(BOARD, 2, POISON_MM));
    await until("three PUBACKs", () => client.got("puback").length === 3);
    const { stored, duplicate, dead, faults } = broker.stats();
    assert.deepEqual(
      { stored, duplicate, dead, faults },
      { stored: 1, duplicate: 1, dead: 1, faults: { "dead:invalid": 1 } },
    );
  });

  it("gives no PUBACK for a line that is not authentic, and lets the board's other lines through", async () => {
    await start();
    const client = await open();
    client.publish(1, packLine(BOARD, 1, 1000, Buffer.alloc(32, 9)));
    client.publish(2, Buffer.from([0xff, 0xfe, 0x00]));
    client.publish(3, "x".repeat(1100));
    client.publish(4, packLine(BOARD, 2));
    await until("a PUBACK", () => client.got("puback").length === 1);
    await client.ping();
    assert.deepEqual(
      client.got("puback").map((packet) => packet.messageId),
      [4],
    );
    assert.deepEqual(broker.stats().faults, { "bad-seal": 1, "not-ascii": 1, "too-long": 1 });
    assert.equal(client.closed, false);
  });

  it("closes a connection that sends nothing but refused lines", async () => {
    await start({ refusedLimit: 3 });
    const client = await open();
    for (let id = 1; id <= 3; id++) client.publish(id, "nonsense");
    await until("the close", () => client.closed);
    assert.equal(broker.stats().faults["refused-limit"], 1);
  });

  it("closes without PUBACK when the journal cannot commit, and takes the resend", async () => {
    await start();
    const first = await open();
    door.fail(true);
    first.publish(5, packLine(BOARD, 1));
    await until("the close", () => first.closed);
    assert.equal(first.got("puback").length, 0);
    assert.equal(broker.stats().failed, 1);
    door.fail(false);
    const second = await open();
    second.publish(6, packLine(BOARD, 1));
    await until("PUBACK", () => second.got("puback").length === 1);
    assert.equal(door.stored.size, 1);
  });

  it("lets in only a board that knows its password", async () => {
    await start();
    for (const [username, password] of [
      ["post-1", "wrong"],
      ["POST!", "secret-POST!"],
      ["", ""],
    ]) {
      const client = await open(username, { password: Buffer.from(password) });
      await until("the close", () => client.closed);
      assert.equal((client.packets[0] as mqtt.IConnackPacket).returnCode, 5);
    }
    assert.equal(broker.stats().faults["bad-password"], 3);
    assert.equal(broker.online(BOARD), false);
  });

  it("lets a board publish only under its own name and listen only to its own", async () => {
    await start();
    const client = await open();
    client.listen("#");
    await until("SUBACK", () => client.got("suback").length === 1);
    client.listen("aryk/post-2/down");
    await until("SUBACK", () => client.got("suback").length === 2);
    client.listen(`aryk/${BOARD}/down`);
    await until("SUBACK", () => client.got("suback").length === 3);
    assert.deepEqual(
      client.got("suback").map((packet) => (packet as mqtt.ISubackPacket).granted),
      [[128], [128], [1]],
    );
    client.publish(9, packLine("post-2", 1), "aryk/post-2/up");
    await until("the close", () => client.closed);
    assert.equal(door.calls.length, 0);
    assert.deepEqual(broker.stats().faults, { "foreign-subscription": 2, "foreign-topic": 1 });
  });

  it("answers a hello with the ack line, which carries the time, and sends downlinks to a board that listens", async () => {
    await start();
    const client = await open();
    assert.equal(broker.send(BOARD, "too early"), false);
    client.listen(`aryk/${BOARD}/down`);
    client.publish(1, helloLine(BOARD));
    await until("the ack line", () => client.got("publish").length === 1);
    const ack = client.got("publish")[0] as mqtt.IPublishPacket;
    assert.match(
      ack.payload.toString(),
      /^aryk1 ack post-1 0a0b0c0d\.1\.0 500 1700000000000\/h0 ok,receipts k1\.[0-9a-f]{32}$/,
    );
    assert.equal(ack.topic, `aryk/${BOARD}/down`);
    assert.equal(ack.qos, 1);
    const order = client.packets.map((packet) => packet.cmd);
    assert.ok(order.indexOf("puback") < order.indexOf("publish"), "PUBACK goes before the ack line");
    assert.equal(broker.send(BOARD, "a command"), true);
    assert.equal(broker.send(BOARD, "x".repeat(201)), false);
    assert.equal(broker.send("post-2", "nobody"), false);
    await until("the command", () => client.got("publish").length === 2);
  });

  it("answers a pack by PUBACK alone, and by the ack line where there is no PUBACK", async () => {
    await start();
    const client = await open();
    client.listen(`aryk/${BOARD}/down`);
    client.publish(1, packLine(BOARD, 1));
    client.publish(0, packLine(BOARD, 2), undefined, 0);
    await until("the ack line", () => client.got("publish").length === 1);
    await client.ping();
    assert.equal(client.got("puback").length, 1);
    assert.match(
      (client.got("publish")[0] as mqtt.IPublishPacket).payload.toString(),
      /^aryk1 ack post-1 0a0b0c0d\.1\.2 /,
    );
    assert.equal(client.got("publish").length, 1);
  });

  it("keeps nothing for anybody: no retained line, no session, no QoS 2, no will", async () => {
    await start();
    const client = await open(BOARD, {
      clean: false,
      will: { topic: `aryk/${BOARD}/up`, payload: packLine(BOARD, 9), qos: 1, retain: true },
    });
    client.listen(`aryk/${BOARD}/down`);
    client.publish(1, packLine(BOARD, 1));
    client.publish(0, packLine(BOARD, 2), undefined, 0);
    await until("both lines", () => door.stored.size === 2);
    client.publish(2, packLine(BOARD, 3), undefined, 2);
    await until("the close", () => client.closed);
    const again = await open(BOARD, { clean: false });
    assert.equal((again.packets[0] as mqtt.IConnackPacket).sessionPresent, false);
    await again.ping();
    assert.equal(again.got("publish").length, 0);
    assert.equal(door.calls.length, 2);
    assert.deepEqual(broker.stats().faults, { "qos-0": 1, "qos-2": 1 });
  });

  it("drops clients that say nothing, that promise a huge packet, and that come too many", async () => {
    await start({ connectTimeoutMs: 100, maxConnections: 1 });
    const mute = new RawClient(broker.port);
    await until("the mute one is in", () => broker.stats().connections === 1);
    const second = new RawClient(broker.port);
    await until("the second is turned away", () => second.closed);
    await until("the mute one is dropped", () => mute.closed && broker.stats().connections === 0);
    const client = await open(BOARD, { keepalive: 0 });
    client.raw(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f, 0, 1, 2]));
    await until("the close", () => client.closed);
    await until("the count", () => broker.stats().faults["packet-too-long"] === 1);
    assert.equal(broker.stats().faults["no-connect"], 1);
    assert.ok(broker.stats().faults["too-many-connections"] >= 1);
  });

  it("counts every way in which a connection breaks the protocol after its login", async () => {
    await start();
    const suback = Buffer.from([0x90, 3, 0, 1, 0]);
    const bothQos = Buffer.from([0x36, 2, 0, 0]);
    const secondConnect = mqtt.generate({ cmd: "connect", clientId: "x", clean: true });
    for (const [index, bytes] of [suback, bothQos, secondConnect].entries()) {
      const client = await open();
      client.raw(bytes);
      await until("the close", () => client.closed);
      await until("the count", () => broker.stats().faults["bad-packet"] === index + 1);
    }
    const cut = await open();
    cut.end();
    await until("all are gone", () => broker.stats().connections === 0);
    assert.deepEqual(broker.stats().faults, { "bad-packet": 3 });
  });

  it("drops a board whose keep-alive runs out", async () => {
    await start({ keepaliveLimitS: 1 });
    const client = await open(BOARD, { keepalive: 0 });
    await until("the close", () => client.closed);
    assert.equal(broker.stats().faults["silent"], 1);
  });

  it("makes a board wait whose lines outrun the disk, and loses none", async () => {
    await start({ window: 8 });
    const client = await open();
    door.hold();
    for (let seq = 1; seq <= 2000; seq++) client.publish(seq, packLine(BOARD, seq));
    await until("the window is full", () => broker.stats().faults["window-full"] > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(door.calls.length < 700, `one chunk of the socket at the most is under way, not ${door.calls.length}`);
    door.release();
    await until("all PUBACKs", () => client.got("puback").length === 2000);
    assert.equal(door.stored.size, 2000);
  });

  it("lets a new connection of a board take the place of the old one", async () => {
    await start();
    const old = await open();
    const young = await open();
    await until("the old one is closed", () => old.closed);
    young.publish(1, packLine(BOARD, 1));
    await until("PUBACK", () => young.got("puback").length === 1);
    assert.equal(broker.online(BOARD), true);
    young.end();
    await until("offline", () => !broker.online(BOARD));
  });

  it("serves an ordinary MQTT client", async () => {
    await start();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const client = await connectAsync(url, { username: BOARD, password: "secret-" + BOARD, reconnectPeriod: 0 });
    try {
      const many = Array.from({ length: 500 }, (_, i) => packLine(BOARD, i + 1));
      await Promise.all(many.map((line) => client.publishAsync(`aryk/${BOARD}/up`, line, { qos: 1 })));
      assert.equal(door.stored.size, 500);
    } finally {
      await client.endAsync(true);
    }
  });

  it("stops while a commit is under way, after that commit", async () => {
    await start();
    const client = await open();
    door.hold();
    client.publish(1, packLine(BOARD, 1));
    await until("the line", () => door.calls.length === 1);
    const stopped = broker.stop();
    door.release();
    await stopped;
    assert.equal(door.stored.size, 1);
    await until("the close", () => client.closed);
  });
});
