/**
 * MQTT as bytes: one connection at a time that breaks the protocol, among others that say nothing or stop in the middle
 * of a packet, while a board that does everything right is served throughout.
 */
import assert from "node:assert/strict";
import { connect as tcp, type Socket } from "node:net";
import mqtt from "mqtt-packet";
import { pino } from "pino";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { boardLogin } from "../../hub/join.js";
import { startBroker, type Broker } from "../../hub/inputs/broker.js";
import { mqttPassword } from "../../hub/secrets.js";
import { RawClient } from "../rig/raw-mqtt.js";
import { sealedBoard } from "../rig/sealed-board.js";
import { openCore, type Core } from "./core.js";
import { goodPack } from "./lines.js";
import { mutated, mutatedBytes, NASTY } from "./mutate.js";
import type { Random } from "./random.js";
import { until, type Report, type Running, type Target } from "./target.js";

const ATTACKS_A_STEP = 12;
const PACKS_A_STEP = 20;
const LURKERS = 24;
/** The good board; the others are stolen ones: their keys are right, what they say is not. */
const GOOD = "good-1";
const STOLEN = "b-nowhere";
/** Faults of connections that wait in the background, not of the one that is being tried. */
const BACKGROUND = ["no-connect", "silent", "window-full", "qos-0"];

/** Packets of every kind, some of them only a broker may send, some of MQTT 5. */
function packets(random: Random, core: Core, line: string): mqtt.Packet[] {
  const username = random.chance(0.9) ? STOLEN : random.pick([GOOD, "B!", "", "a".repeat(300), ...NASTY]);
  const right = mqttPassword(STOLEN, core.keyOf(STOLEN));
  const topic = random.chance(0.8)
    ? `aryk/${STOLEN}/up`
    : random.pick(["aryk/good-1/up", "#", "$SYS/x", "aryk/+/up", "/"]);
  const messageId = random.pick([1, 2, 65535]);
  const qos = random.pick([0, 1, 1, 1, 1, 2] as const);
  const payload = random.chance(0.5)
    ? line
    : random.chance(0.5)
      ? mutated(random, line, [line])
      : random.bytes(random.size(3000));
  const connect: mqtt.Packet = {
    ...{ cmd: "connect", clientId: random.pick(["x", "", username, "\0"]), clean: random.chance(0.7) },
    ...{ keepalive: random.pick([0, 1, 30, 65535]), username },
    password: Buffer.from(random.chance(0.9) ? right : random.pick(NASTY)),
    ...(random.chance(0.1)
      ? { protocolVersion: random.pick([3, 5] as const), protocolId: random.pick(["MQTT", "MQIsdp"] as const) }
      : {}),
    ...(random.chance(0.1) ? { will: { topic, payload: "x", qos: 1 as const, retain: true } } : {}),
  };
  const publish: mqtt.Packet = {
    cmd: "publish",
    topic,
    payload,
    qos,
    messageId,
    dup: random.chance(0.2),
    retain: random.chance(0.2),
  };
  const rest: mqtt.Packet[] = [
    { cmd: "subscribe", messageId, subscriptions: [{ topic: `aryk/${STOLEN}/down`, qos: 1 }] },
    {
      cmd: "subscribe",
      messageId,
      subscriptions: Array.from({ length: 1 + random.size(40) }, () => ({
        topic: random.pick(["#", "+/+", "$share/a/b", topic]),
        qos: 2 as const,
      })),
    },
    { cmd: "unsubscribe", messageId, unsubscriptions: [topic, "#"] },
    { cmd: "pingreq" },
    { cmd: "puback", messageId },
    { cmd: "pubrec", messageId },
    { cmd: "pubrel", messageId },
    { cmd: "pubcomp", messageId },
    { cmd: "pingresp" },
    { cmd: "connack", returnCode: 0, sessionPresent: false },
    { cmd: "suback", messageId, granted: [1] },
    { cmd: "disconnect" },
    connect,
  ];
  const more = Array.from({ length: random.size(6) }, () => (random.chance(0.6) ? publish : random.pick(rest)));
  return random.chance(0.95) || more.length === 0 ? [connect, ...more] : more;
}

/** What one connection sends: its login, and the rest, which may wait for the broker's answer. */
interface Attack {
  login: Buffer;
  rest: Buffer;
}

function attack(random: Random, core: Core, seq: number): Attack {
  const line = goodPack(random, core, STOLEN, seq, core.clock.now());
  const parts = packets(random, core, line).map((packet) => {
    try {
      return mqtt.generate(packet);
    } catch {
      return random.bytes(8); // what the generator itself refuses to make
    }
  });
  const login = parts[0]!;
  const rest = Buffer.concat(parts.slice(1));
  const whole = Buffer.concat(parts);
  const nothing = Buffer.alloc(0);
  switch (random.below(12)) {
    case 0:
      return { login: random.bytes(random.size(4000)), rest: nothing };
    case 1: {
      // A packet that promises up to 256 MB.
      const promise = Buffer.from([random.below(256), 0xff, 0xff, 0xff, random.pick([0x7f, 0xff])]);
      return { login, rest: Buffer.concat([promise, random.bytes(random.size(4000))]) };
    }
    case 2: // half of it
      return { login: whole.subarray(0, random.below(whole.length)), rest: nothing };
    case 3: {
      const others = ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\x02\0\x01", "SSH-2.0-x\r\n", "\0".repeat(64)];
      return { login: Buffer.from(random.pick(others), "latin1"), rest: nothing };
    }
    case 4:
    case 5: // good as far as MQTT goes
      return { login, rest };
    case 6: // the same over and over
      return { login, rest: Buffer.concat(Array<Buffer>(1 + random.below(200)).fill(parts.at(-1)!)) };
    case 7:
    case 8:
      return { login: mutatedBytes(random, login, parts), rest };
    default:
      return { login, rest: mutatedBytes(random, rest, parts) };
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Sends, and waits until the broker has done with it: closed it, answered a ping, or has nothing left to say. */
async function send(random: Random, broker: Broker, { login, rest }: Attack): Promise<"closed" | "open"> {
  const socket = tcp(broker.port, "127.0.0.1");
  let closed = false;
  let heard = 0;
  socket.on("error", () => undefined);
  socket.on("close", () => (closed = true));
  socket.on("data", () => heard++);
  socket.write(login);
  const end = performance.now() + 50;
  if (random.chance(0.7)) while (heard === 0 && !closed && performance.now() < end) await turn();
  for (let at = 0; at < rest.length && !closed;) {
    const to = random.chance(0.5) ? rest.length : at + 1 + random.below(rest.length);
    socket.write(rest.subarray(at, to));
    at = to;
    if (random.chance(0.2)) await turn();
  }
  // Broker and client share one event loop: a few quiet turns with nothing under way, and all is said.
  let quiet = 0;
  for (let before = -1; quiet < 4 && !closed;) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    const now = heard + broker.stats().lines;
    quiet =
      now === before && broker.stats().inFlight === 0 && socket.writableLength === 0 && !socket.connecting
        ? quiet + 1
        : 0;
    before = now;
  }
  if (closed) return "closed";
  if (random.chance(0.5)) socket.end();
  else socket.resetAndDestroy();
  await until("the socket is closed", () => closed);
  return "open";
}

/** True if the bytes end the connection in the protocol's own way: nothing is wrong with that. */
function saysGoodbye(bytes: Buffer): boolean {
  let goodbye = false;
  const parser = mqtt.parser();
  parser.on("packet", (packet) => (goodbye ||= packet.cmd === "disconnect"));
  parser.on("error", () => undefined);
  parser.parse(bytes);
  return goodbye;
}

function news(before: Record<string, number>, after: Record<string, number>): string | undefined {
  return Object.keys(after).find((name) => !BACKGROUND.includes(name) && after[name]! > (before[name] ?? 0));
}

async function tryOne(random: Random, report: Report, core: Core, broker: Broker, seq: number): Promise<void> {
  const tried = attack(random, core, seq);
  const bytes = Buffer.concat([tried.login, tried.rest]);
  report.feed(bytes);
  const before = broker.stats().faults;
  const end = await send(random, broker, tried);
  const fault = news(before, broker.stats().faults);
  if (fault !== undefined) report.fault(fault);
  else if (end === "open" || saysGoodbye(bytes)) report.fine();
  else report.unnamed("the broker closed the connection and counted nothing", bytes);
}

export const broker: Target = {
  name: "broker",
  share: 4,
  async start(report, dir): Promise<Running> {
    const core = openCore(dir);
    const key = core.addBoard(GOOD);
    const login = boardLogin(core.registry);
    const open = await startBroker(
      { host: "127.0.0.1", port: 0, authenticate: login, connectTimeoutMs: 2000, refusedLimit: 8 },
      core.accept,
      pino({ level: "silent" }),
    );
    const post = sealedBoard(GOOD, "k1", key, "0a0b0c0d", 1);
    const client = await RawClient.open(open.port, GOOD, {
      password: Buffer.from(mqttPassword(GOOD, key)),
      keepalive: 600,
    });
    const lurkers: Socket[] = [];
    let seq = 0;

    function lurk(random: Random): void {
      const socket = tcp(open.port, "127.0.0.1");
      socket.on("error", () => undefined);
      const bytes = attack(random, core, 1).login;
      if (random.chance(0.6)) socket.write(bytes.subarray(0, Math.min(bytes.length, random.below(12))));
      lurkers.push(socket);
      if (lurkers.length > LURKERS) lurkers.shift()!.destroy();
    }

    async function serve(): Promise<void> {
      const first = post.lastSeq() + 1;
      for (let i = 0; i < PACKS_A_STEP; i++) {
        const line = post.pack(
          [{ property: DISTANCE, ok: true, value: 1000 + (i % 100) }],
          core.clock.now() % 1e9,
          core.clock.now(),
        );
        client.publish((post.lastSeq() % 60_000) + 1, line);
      }
      await until("every PUBACK of the good board", () => client.closed || client.got("puback").length >= PACKS_A_STEP);
      if (client.closed) throw new Error("the good board lost its connection");
      const ids = new Set(client.got("puback").map((packet) => packet.messageId));
      for (let id = first; id <= post.lastSeq(); id++)
        assert.ok(ids.has((id % 60_000) + 1), `pack ${id} has its PUBACK`);
      client.packets.length = 0;
    }

    return {
      async step(random) {
        const served = serve();
        served.catch(() => undefined); // told below, when the attacks are over
        for (let i = 0; i < 3; i++) lurk(random);
        for (let i = 0; i < ATTACKS_A_STEP; i++) await tryOne(random, report, core, open, ++seq);
        await served;
        core.clock.advance(10_000);
      },
      async check() {
        for (const socket of lurkers.splice(0)) socket.destroy();
        await until("only the good board is left", () => open.stats().connections === 1);
        const { lines, stored, duplicate, dead, refused, failed, inFlight } = open.stats();
        assert.equal(stored + duplicate + dead + refused, lines);
        assert.deepEqual({ failed, inFlight }, { failed: 0, inFlight: 0 });
        assert.equal(core.stats().lines, lines, "the pipeline saw what the broker handed over");
        assert.ok(open.online(GOOD));
        const [stream] = core.journal.ranges(GOOD);
        assert.deepEqual(
          stream?.received,
          post.lastSeq() > 0 ? [[1, post.lastSeq()]] : undefined,
          "all packs of the good board",
        );
        await core.check();
      },
      async stop() {
        client.end();
        for (const socket of lurkers) socket.destroy();
        await open.stop();
        await core.stop();
      },
    };
  },
};
