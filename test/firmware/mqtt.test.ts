import assert from "node:assert/strict";
import mqttPacket from "mqtt-packet";
import { pino } from "pino";
import type { Hal, StreamEvents } from "../../firmware/node/hal.js";
import * as packets from "../../firmware/node/mqtt-packet.js";
import { createMqtt } from "../../firmware/node/uplink-mqtt.js";
import { createMb7389Sim } from "../../firmware/sensors/mb7389/sim.js";
import type { Image } from "../../hardware/image.js";
import { SteppedClock } from "../../hub/clock.js";
import { startBroker } from "../../hub/inputs/broker.js";
import type { Broker } from "../../hub/inputs/broker.js";
import { startMqtt } from "../../hub/inputs/mqtt.js";
import { builtImage } from "../rig/built.js";
import { typeOf } from "../rig/far-hub.js";
import { KEY, memoryDoor, until } from "../rig/sealed.js";
import type { Door } from "../rig/sealed.js";
import { freePort, need, startMosquitto } from "../rig/servers.js";
import { startBoard } from "../rig/vm-board.js";
import type { Board } from "../rig/vm-board.js";

const hex = (bytes: string) => Buffer.from(bytes, "latin1").toString("hex");
const reference = (packet: mqttPacket.Packet) => mqttPacket.generate(packet).toString("hex");

function reader(maxBytes = 264) {
  const seen: [number, number, string][] = [];
  let broken = 0;
  const r = packets.createPacketReader(
    maxBytes,
    (type, flags, rest) => seen.push([type, flags, rest]),
    () => broken++,
  );
  return { ...r, seen, broken: () => broken };
}

describe("MQTT packets", () => {
  it("are those of the reference implementation", () => {
    const connect = { cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, keepalive: 240 } as const;
    assert.equal(
      hex(packets.connectPacket("post-1", "post-1", "s3cret", 240)),
      reference({ ...connect, clientId: "post-1", username: "post-1", password: Buffer.from("s3cret") }),
    );
    assert.equal(hex(packets.connectPacket("post-1", "", "", 240)), reference({ ...connect, clientId: "post-1" }));
    for (const [length, dup] of [
      [0, false],
      [100, true],
      [600, false],
      [1018, true],
    ] as const) {
      const payload = "x".repeat(length);
      assert.equal(
        hex(packets.publishPacket("aryk/post-1/up", payload, 40_000, dup)),
        reference({ cmd: "publish", topic: "aryk/post-1/up", payload, qos: 1, messageId: 40_000, dup, retain: false }),
      );
    }
    assert.equal(
      hex(packets.subscribePacket("aryk/post-1/down", 1)),
      reference({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "aryk/post-1/down", qos: 1 }] }),
    );
    assert.equal(hex(packets.pubackPacket(513)), reference({ cmd: "puback", messageId: 513 }));
    assert.equal(hex(packets.PINGREQ_PACKET), reference({ cmd: "pingreq" }));
    assert.equal(hex(packets.DISCONNECT_PACKET), reference({ cmd: "disconnect" }));
  });

  const long = packets.publishPacket("aryk/post-1/down", "y".repeat(200), 9, false);
  const stream = "\x20\x02\x00\x00" + packets.pubackPacket(7) + long + "\xd0\x00" + packets.pubackPacket(8);

  it("are read however the stream is cut", () => {
    const whole = reader();
    whole.push(stream);
    assert.deepEqual(
      whole.seen.map(([type]) => type),
      [2, 4, 3, 13, 4],
    );
    assert.equal(packets.wordAt(whole.seen[4][2], 0), 8);
    for (let cut = 1; cut < stream.length; cut++) {
      const parts = reader();
      parts.push(stream.slice(0, cut));
      parts.push(stream.slice(cut));
      assert.deepEqual(parts.seen, whole.seen, `cut at ${cut}`);
    }
    const bytes = reader();
    for (const byte of stream) bytes.push(byte);
    assert.deepEqual(bytes.seen, whole.seen);
  });

  it("end the stream when they are too long, or their length is none, and nothing is held back", () => {
    for (const bad of [packets.publishPacket("t", "z".repeat(300), 1, false), "\x30\xff\xff\xff\xff\xff"]) {
      const r = reader();
      r.push("\xd0\x00" + bad);
      r.push(stream);
      assert.equal(r.broken(), 1);
      assert.equal(r.seen.length, 1);
      assert.equal(r.held(), 0);
    }
  });

  it("are never held back beyond one, on endless noise", () => {
    const r = reader();
    let most = 0;
    for (let i = 0; i < 20_000; i++) {
      r.push(String.fromCharCode((i * 197) & 255));
      most = Math.max(most, r.held());
    }
    assert.ok(most <= 264, `${most} bytes held`);
  });
});

describe("the way to a broker that is away", () => {
  it("is tried again for what is new, half a minute after the last attempt at the soonest", () => {
    const clock = new SteppedClock(0);
    const dialled: number[] = [];
    const hal = {
      uptimeMs: () => clock.now(),
      after: (ms: number, fn: () => void) => clock.after(ms, fn),
      random: () => 0.999,
      print: () => undefined,
      connect: (_network: unknown, _host: string, _port: number, events: StreamEvents) => {
        dialled.push(clock.now());
        clock.after(10, events.closed);
        return { write: () => undefined, close: () => undefined };
      },
    } as unknown as Hal;
    const config = { board: "post-1", keyId: "k1", key: KEY.toString("hex"), uplink: { host: "hub" } };
    const uplink = createMqtt(hal, config, 30_000);
    const nothing = () => undefined;
    uplink.start({ up: nothing, down: nothing, line: nothing });
    clock.advance(4000);
    // A pause that is shorter anyway stays as it is.
    assert.ok(uplink.wanted);
    assert.equal(dialled.length, 2);
    uplink.wanted();
    clock.advance(5000);
    assert.equal(dialled.length, 3);
    clock.advance(7_200_000);
    const last = dialled.at(-1)!;
    const attempts = dialled.length;
    assert.ok(last - dialled.at(-2)! > 250_000);
    clock.advance(10_000);
    uplink.wanted();
    const wantedAt = clock.now();
    clock.advance(29_000);
    assert.equal(dialled.length, attempts + 1, String(dialled.slice(-3)));
    assert.equal(dialled.at(-1), Math.max(wantedAt, last + 30_000));
    clock.advance(200_000);
    assert.equal(dialled.length, attempts + 1);
  });

  it("is tried less and less often where a broker answers and no hub does", () => {
    const clock = new SteppedClock(0);
    const dialled: number[] = [];
    let ended = 0;
    const hal = {
      uptimeMs: () => clock.now(),
      after: (ms: number, fn: () => void) => clock.after(ms, fn),
      random: () => 0.5,
      print: () => undefined,
      connect: (_network: unknown, _host: string, _port: number, events: StreamEvents) => {
        dialled.push(clock.now());
        clock.after(10, () => events.open());
        return {
          write: (bytes: string) => {
            const type = bytes.charCodeAt(0) >> 4;
            if (type === 1) clock.after(10, () => events.data("\x20\x02\x00\x00"));
            if (type === 8) clock.after(10, () => events.data("\x90\x03" + bytes.substr(2, 2) + "\x01"));
          },
          close: () => {
            ended++;
            clock.after(0, () => events.closed());
          },
        };
      },
    } as unknown as Hal;
    const config = { board: "post-1", keyId: "k1", key: KEY.toString("hex"), uplink: { host: "hub" } };
    const uplink = createMqtt(hal, config, 30_000);
    // The sender waits for its answer for half a minute, and then gives the connection up.
    const up = () => void clock.after(30_000, () => uplink.unanswered());
    uplink.start({ up, down: () => undefined, line: () => undefined });
    clock.advance(2 * 3_600_000);
    assert.ok(dialled.length > 10 && dialled.length < 40, `${dialled.length} connections in two hours`);
    assert.ok(ended >= dialled.length - 1);
  });
});

describe("a post over MQTT", () => {
  const log = pino({ level: "silent" });
  const start = 1_790_000_000_000;
  let image: Image;
  let door: Door;
  let broker: Broker | null = null;
  let board: Board | null = null;
  let clock: SteppedClock | null = null;
  let ticking: NodeJS.Timeout;
  const printed: string[] = [];

  before(async () => {
    image = await builtImage("mesh-container", { board: "esp32", uplink: "mqtt", supply: "mains" });
  });
  beforeEach(() => {
    door = memoryDoor();
    printed.length = 0;
    // About 50 times as fast as the machine's, but never faster than what comes over the socket is read: a machine that
    // is busy with other things looks like no slow broker.
    ticking = setInterval(() => clock?.advance(50), 1);
  });
  afterEach(async () => {
    clearInterval(ticking);
    board?.stop();
    await broker?.stop();
    board = broker = clock = null;
  });

  const serve = async (port = 0, password = "s3cret"): Promise<Broker> =>
    (broker = await startBroker(
      { host: "127.0.0.1", port, authenticate: (name, given) => name === "container-1" && given === password },
      door.accept,
      log,
    ));

  const power = (port: number, wireless: { ssid?: string } = {}): Board =>
    (board = startBoard({
      image,
      clock: (clock = new SteppedClock(start)),
      config: {
        board: "container-1",
        keyId: "k1",
        key: KEY.toString("hex"),
        uplink: { host: "127.0.0.1", port, password: "s3cret", ...wireless },
        periodS: 8,
      },
      ...(wireless.ssid !== undefined && { wirelessDbm: -67 }),
      uarts: { uart1: createMb7389Sim(() => 900) },
      print: (text) => printed.push(text),
    }));

  const packs = () => [...door.stored.values()].filter((line) => typeOf(line) === "pack");
  const seqOf = (line: string): number => Number(line.split(" ")[3].split(".")[2]);

  it("says hello, then delivers every pack once, each settled by its PUBACK", async () => {
    const { port } = await serve();
    const post = power(port);
    await until("four packs", () => packs().length >= 4);
    await until("their PUBACKs", () => post.packs().acknowledged >= 4);
    assert.equal(typeOf(door.calls[0].line), "hello");
    assert.ok(post.waiting() <= 1);
    const ids = door.calls.map((call) => call.line.split(" ").slice(1, 4).join(" "));
    assert.equal(new Set(ids).size, ids.length);
  });

  it("says in its hello how strong its wireless network is, and nothing of the kind at a cable", async () => {
    const { port } = await serve();
    const helloOf = async (wireless: { ssid?: string }): Promise<{ signalDbm?: number }> => {
      const from = door.calls.length;
      power(port, wireless);
      const hello = (): string | undefined => door.calls.slice(from).find(({ line }) => typeOf(line) === "hello")?.line;
      await until("hello", () => hello() !== undefined);
      board?.stop();
      return JSON.parse(hello()!.split(" ")[6]) as object;
    };
    assert.equal((await helloOf({ ssid: "canal" })).signalDbm, -67);
    assert.equal((await helloOf({})).signalDbm, undefined);
  });

  it("has the hub's time from the answer to its hello", async () => {
    const { port } = await serve();
    power(port);
    await until("packs", () => packs().length >= 2);
    assert.match(packs()[1].split(" ")[5], /^1700\d{9}\/h\d+$/);
  });

  it("keeps its packs while there is no broker, comes back by itself, and sends the newest first", async () => {
    const { port } = await serve(await freePort());
    const post = power(port);
    await until("a pack", () => packs().length >= 1);
    await broker?.stop();
    await until("packs that wait", () => post.waiting() >= 4);
    const before = packs().length;
    await serve(port);
    await until("all of them", () => packs().length >= before + 4 && post.waiting() <= 1);
    const late = door.calls.filter((call) => typeOf(call.line) === "pack").slice(before);
    const seqs = late.map(({ line }) => seqOf(line));
    // What is measured meanwhile is newer still; what was not answered in time comes twice.
    const old = [...new Set(seqs)].filter((seq) => seq <= seqs[0]);
    assert.deepEqual(old.slice(0, 3), [seqs[0], seqs[0] - 1, seqs[0] - 2]);
  });

  it("sends the same bytes again when no PUBACK came, until one does", async () => {
    const { port } = await serve();
    power(port);
    await until("a pack", () => packs().length >= 1);
    door.fail(true);
    const from = door.calls.length;
    const tried = () => door.calls.slice(from).filter((call) => typeOf(call.line) === "pack");
    await until("a pack that the journal does not take", () => tried().length >= 1);
    door.fail(false);
    const line = tried()[0].line;
    await until("the same again", () => packs().includes(line));
    assert.ok(door.calls.filter((call) => call.line === line).length >= 2);
  });

  it("believes no receipt of a broker that is not the hub: its packs wait until the hub itself has them", async function () {
    this.timeout(30_000);
    need(this, "mosquitto");
    const mosquitto = await startMosquitto();
    const between = () =>
      startMqtt({ url: mosquitto.url, clientId: "hub", backoffBaseMs: 50, backoffCapMs: 200 }, door.accept, log);
    let hub = between();
    try {
      const post = power(Number(new URL(mosquitto.url).port));
      await until("two packs", () => packs().length >= 2);
      await hub.stop();
      await until("packs that wait", () => post.waiting() >= 4);
      hub = between();
      const holes = () => {
        const seqs = packs().map(seqOf);
        return seqs.length < 6 || Math.max(...seqs) > seqs.length;
      };
      await until("all of them, none left out", () => post.waiting() <= 1 && !holes());
    } finally {
      await hub.stop();
      await mosquitto.stop();
    }
  });

  it("says at the console that the broker refuses it, and goes on trying", async () => {
    const { port } = await serve(0, "another");
    const post = power(port);
    await until("two refusals", () => printed.filter((text) => text.startsWith("aryk broker refuses")).length >= 2);
    await until("a pack that waits", () => post.waiting() >= 1);
    assert.equal(door.calls.length, 0);
  });
});
