/** One board, or one stranger, that floods the hub: it is slowed down or left unheard, and nobody else notices. */
import assert from "node:assert/strict";
import { connect as tcp, type Socket } from "node:net";
import { MqttClient, connectAsync } from "mqtt";
import { pino } from "pino";
import { SerialPort } from "serialport";
import { toSerial } from "../../firmware/wire/line.js";
import { startBroker, type Broker, type BrokerOptions } from "../../hub/inputs/broker.js";
import { startMqtt } from "../../hub/inputs/mqtt.js";
import { startSerial } from "../../hub/inputs/serial.js";
import { Rates } from "../../hub/inputs/transport/rate.js";
import { layCable, needSocat } from "../rig/pty.js";
import { RawClient } from "../rig/raw-mqtt.js";
import { memoryDoor, packLine, until, type Door } from "../rig/sealed.js";
import { need, startMosquitto } from "../rig/servers.js";

const log = pino({ level: "silent" });
/** A rate that never gives a token back within a test. */
const NEVER = 1e-6;
const FORGED = Buffer.alloc(32, 9);

describe("a flood", () => {
  describe("of one board at the embedded broker", () => {
    let door: Door;
    let broker: Broker;
    const clients: RawClient[] = [];

    async function start(more: Partial<BrokerOptions>): Promise<void> {
      door = memoryDoor();
      const authenticate = (board: string, password: string): boolean => password === "secret-" + board;
      broker = await startBroker({ host: "127.0.0.1", port: 0, authenticate, ...more }, door.accept, log);
    }

    async function open(board: string): Promise<RawClient> {
      const client = await RawClient.open(broker.port, board);
      clients.push(client);
      return client;
    }

    afterEach(async () => {
      for (const client of clients.splice(0)) client.end();
      await broker.stop();
    });

    it("is not read on, and the others are acknowledged as ever", async () => {
      // The window of lines that wait for their commit is another guard: here it must not help.
      await start({ rate: { perSecond: NEVER, burst: 50 }, window: 100_000 });
      const flooder = await open("flooder");
      const all = 3000;
      for (let seq = 1; seq <= all; seq++) flooder.publish(seq, packLine("flooder", seq));
      for (const name of ["post-1", "post-2", "post-3"]) {
        const post = await open(name);
        for (let seq = 1; seq <= 20; seq++) {
          post.publish(seq, packLine(name, seq));
          await until(`PUBACK ${seq} of ${name}`, () => post.got("puback").length === seq);
        }
      }
      assert.equal(broker.stats().faults["too-fast"], 1);
      const heard = [...door.stored.keys()].filter((key) => key.startsWith("flooder/")).length;
      // What the kernel had handed over in one piece is still taken.
      assert.ok(heard >= 50 && heard < all / 2, `${heard} of the flooder's lines`);
      assert.equal(flooder.closed, false);
    });

    it("loses nothing by it: a backlog comes in at its rate", async () => {
      await start({ rate: { perSecond: 2000, burst: 20 } });
      const board = await open("post-1");
      for (let seq = 1; seq <= 1000; seq++) board.publish(seq, packLine("post-1", seq));
      await until("every PUBACK", () => board.got("puback").length === 1000);
      assert.equal(door.stored.size, 1000);
      assert.ok(broker.stats().faults["too-fast"] >= 1);
    });

    it("is not seen in boards of one address that lose their links, are silent, or are sent away to say hello anew", async () => {
      await start({ failures: { perSecond: NEVER, burst: 2 }, keepaliveLimitS: 1 });
      const names = ["post-1", "post-2", "post-3", "post-4"];
      const talking = await Promise.all(names.map(open));
      broker.greetAnew();
      await until("all are sent away", () => talking.every((client) => client.closed));
      door.hold();
      const cut = await Promise.all(names.map(open));
      cut.forEach((client, i) => {
        for (let seq = 1; seq <= 4; seq++) client.publish(seq, packLine(names[i], seq));
      });
      await until("every line", () => door.calls.length === 16);
      for (const client of cut) client.end();
      await until("all are gone", () => broker.stats().connections === 0);
      door.release();
      await until("every commit", () => broker.stats().inFlight === 0);
      const mute = await Promise.all(names.map(open));
      await until("all have been silent for too long", () => mute.every((client) => client.closed));
      const again = await open("post-1");
      await again.ping();
      assert.deepEqual(broker.stats().faults, { "greet-anew": 4, silent: 4 });
    });

    it("stays slow when it connects anew", async () => {
      await start({ rate: { perSecond: NEVER, burst: 5 } });
      const first = await open("flooder");
      for (let seq = 1; seq <= 6; seq++) first.publish(seq, packLine("flooder", seq));
      await until("the limit", () => broker.stats().faults["too-fast"] === 1);
      await open("flooder");
      await until("the first one's end", () => first.closed);
      clients[1].publish(7, packLine("flooder", 7));
      await until("the limit again", () => broker.stats().faults["too-fast"] === 2);
    });
  });

  describe("of strangers of one address", () => {
    let broker: Broker;
    const sockets: Socket[] = [];

    async function start(more: Partial<BrokerOptions>): Promise<void> {
      const authenticate = (board: string, password: string): boolean => password === "secret-" + board;
      broker = await startBroker({ host: "127.0.0.1", port: 0, authenticate, ...more }, memoryDoor().accept, log);
    }

    function knock(localAddress: string): Socket & { over?: boolean } {
      const socket: Socket & { over?: boolean } = tcp({ host: "127.0.0.1", port: broker.port, localAddress });
      socket.on("error", () => undefined);
      socket.on("close", () => (socket.over = true));
      sockets.push(socket);
      return socket;
    }

    /** Whether a board with the right password is let in from that address. */
    async function letIn(board: string, localAddress: string): Promise<boolean> {
      const options = { username: board, password: "secret-" + board, reconnectPeriod: 0, connectTimeout: 10_000 };
      const client = new MqttClient(() => knock(localAddress), options);
      client.on("error", () => undefined);
      const answer = await new Promise<boolean>((resolve) => {
        client.once("connect", () => resolve(true));
        client.once("close", () => resolve(false));
      });
      if (!answer) await client.endAsync(true);
      return answer;
    }

    afterEach(async () => {
      for (const socket of sockets.splice(0)) socket.destroy();
      await broker.stop();
    });

    it("that say nothing leaves room for other addresses, and for boards that were let in", async () => {
      await start({ strangersPerAddress: 5, maxConnections: 20 });
      for (let i = 0; i < 8; i++) assert.equal(await letIn(`post-${i}`, "127.0.0.1"), true);
      const silent = Array.from({ length: 12 }, () => knock("127.0.0.2"));
      await until("seven closed", () => silent.filter(({ over }) => over === true).length === 7);
      assert.equal(broker.stats().faults["address-strangers"], 7);
      assert.equal(await letIn("post-9", "127.0.0.1"), true);
    });

    it("that fail is closed unheard for a while, and nobody else is", async () => {
      await start({ failures: { perSecond: NEVER, burst: 3 } });
      const wrong = async (): Promise<void> => {
        const client = new MqttClient(() => knock("127.0.0.2"), {
          username: "post-1",
          password: "x",
          reconnectPeriod: 0,
        });
        client.on("error", () => undefined);
        await new Promise<void>((resolve) => client.once("close", () => resolve()));
        await client.endAsync(true);
      };
      for (let i = 0; i < 5; i++) await wrong();
      assert.deepEqual([broker.stats().faults["bad-password"], broker.stats().faults["address-failures"]], [3, 2]);
      assert.equal(await letIn("post-1", "127.0.0.2"), false);
      assert.equal(await letIn("post-1", "127.0.0.1"), true);
    });
  });

  it("of one board behind a Mosquitto gets no ack line for what is too much, and does not hold up the others", async function () {
    need(this, "mosquitto");
    const mosquitto = await startMosquitto();
    const door = memoryDoor();
    const options = { url: mosquitto.url, clientId: "hub", rate: { perSecond: NEVER, burst: 5 } };
    const input = startMqtt(options, door.accept, log);
    const client = await connectAsync(mosquitto.url, { reconnectPeriod: 0 });
    try {
      await until("the subscription", () => input.stats().connected);
      const acks = new Map<string, number>();
      client.on("message", (topic) => acks.set(topic, (acks.get(topic) ?? 0) + 1));
      await client.subscribeAsync("aryk/+/down", { qos: 1 });
      const say = (board: string, line: string) => client.publishAsync(`aryk/${board}/up`, line, { qos: 1 });
      for (let seq = 1; seq <= 20; seq++) await say("flooder", packLine("flooder", seq));
      // Lines with a forged seal must not use up what is the board's own.
      for (let seq = 1; seq <= 20; seq++) await say("post-1", packLine("post-1", seq, 1000, FORGED));
      for (let seq = 1; seq <= 3; seq++) await say("post-1", packLine("post-1", seq));
      await until("the ack lines", () => acks.get("aryk/post-1/down") === 3 && acks.get("aryk/flooder/down") === 5);
      assert.deepEqual([input.stats().faults["too-fast"], input.stats().stored], [15, 8]);
      assert.deepEqual(input.stats().connects, 1);
    } finally {
      await client.endAsync(true);
      await input.stop();
      await mosquitto.dispose();
    }
  });

  it("of one board on a shared serial line is not answered, and the others are", async function () {
    needSocat(this);
    const cable = layCable();
    const door = memoryDoor();
    await cable.plug();
    const options = { path: cable.near, backoffBaseMs: 10, backoffCapMs: 40, rate: { perSecond: NEVER, burst: 25 } };
    const input = startSerial(options, door.accept, log);
    const far = new SerialPort({ path: cable.far, baudRate: 57_600 });
    try {
      let heard = "";
      far.on("data", (chunk: Buffer) => (heard += chunk.toString("latin1")));
      await until("the port is open", () => input.stats().open);
      for (let seq = 1; seq <= 40; seq++) far.write(toSerial(packLine("flooder", seq)));
      for (let seq = 1; seq <= 20; seq++) far.write(toSerial(packLine("post-1", seq, 1000, FORGED)));
      for (let seq = 1; seq <= 3; seq++) far.write(toSerial(packLine("post-1", seq)));
      await until("the answers", () => heard.split("\n").length === 29);
      assert.equal(heard.split(" ack post-1 ").length - 1, 3);
      assert.deepEqual([input.stats().faults["too-fast"], input.stats().stored], [15, 28]);
    } finally {
      await new Promise<void>((resolve) => far.close(() => resolve()));
      await input.stop();
      await cable.dispose();
    }
  });

  it("of invented names takes no memory for ever", () => {
    let now = 0;
    const rates = new Rates({ perSecond: 10, burst: 5 }, () => now);
    for (let name = 0; name < 100_000; name++) {
      now += 1;
      rates.take("name-" + name);
    }
    assert.ok(rates.size <= 1024, `${rates.size} names`);
    for (let i = 0; i < 100; i++) rates.take("flooder");
    // Debt is bounded by a burst, and paid at the rate.
    assert.equal(rates.waitMs("flooder"), 600);
    now += 599;
    assert.ok(rates.waitMs("flooder") > 0);
    now += 2;
    assert.equal(rates.waitMs("flooder"), 0);
    for (const name of ["forged-1", "forged-2"]) {
      const before = rates.size;
      rates.take(name);
      rates.giveBack(name);
      assert.equal(rates.size, before);
    }
  });
});
