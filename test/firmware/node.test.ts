import assert from "node:assert/strict";
import { createMb7389Sim } from "../../firmware/sensors/mb7389/sim.js";
import type { Scene } from "../../firmware/sensors/mb7389/sim.js";
import { createSht31Sim } from "../../firmware/sensors/sht31/sim.js";
import { i2cBus } from "../../firmware/sensors/sim.js";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import type { Image } from "../../hardware/image.js";
import { siteType } from "../../hardware/sites.js";
import { SteppedClock } from "../../hub/clock.js";
import { builtImage } from "../rig/built.js";
import { farHub, typeOf } from "../rig/far-hub.js";
import { startBoard, waitingLines } from "../rig/vm-board.js";
import type { Board, BoardOptions } from "../rig/vm-board.js";

const KEY = Buffer.alloc(32, 5);
const START = 1_790_000_000_000;

function post(image: Image, scene: () => Scene, over: Partial<BoardOptions> = {}) {
  const clock = new SteppedClock(START);
  const hub = farHub(KEY, "k1", () => clock.now() + 7_000_000);
  const printed: string[] = [];
  const options: BoardOptions = {
    image,
    clock,
    config: { board: "underpass-1", keyId: "k1", key: KEY.toString("hex"), uplink: {} },
    uarts: { uart1: createMb7389Sim(scene) },
    i2cs: {
      i2c1: i2cBus([
        createSht31Sim(
          () => ({ temperatureC: 12.5, humidityPercent: 80 }),
          () => clock.now(),
        ),
      ]),
    },
    serial: hub.serial,
    print: (text) => printed.push(text),
    ...over,
  };
  const boot = (again: Partial<BoardOptions> = {}): Board => startBoard({ ...options, ...again });
  return { clock, hub, printed, boot };
}

const packs = (lines: string[]) => lines.filter((line) => typeOf(line) === "pack");

function bodyOf(line: string): { n: string; v?: number; vs?: string }[] {
  const parsed = parseLine(line, false, UPLINK_MAX);
  assert.ok(parsed.ok, line);
  return JSON.parse(parsed.line.body);
}

describe("a post", () => {
  let image: Image;
  before(async () => {
    image = await builtImage("underpass");
  });

  it("measures at once when a float moves, and not more often than every ten seconds however it chatters", async () => {
    // At a barrier the contact is closed while the float hangs.
    let closed = true;
    let changed: () => void = () => undefined;
    const float = { level: () => !closed, onChange: (fn: () => void) => void (changed = fn) };
    const p = post(await builtImage("underpass-barrier"), () => 2345, { pins: { contact1: float } });
    const board = p.boot();
    p.clock.advance(100_000);
    const before = packs(p.hub.lines).length;
    const move = (ms: number): void => {
      closed = !closed;
      changed();
      p.clock.advance(ms);
    };
    const floats = () => packs(p.hub.lines).map((line) => bodyOf(line).find((r) => r.n === "float")?.v);
    move(9000);
    assert.equal(packs(p.hub.lines).length, before + 1);
    assert.equal(floats().at(-1), 1);
    // Sooner than ten seconds after the round before: it is measured all the same, later.
    move(30_000);
    assert.equal(floats().at(-1), 0);
    const calm = packs(p.hub.lines).length;
    for (let i = 0; i < 300; i++) move(100);
    p.clock.advance(15_000);
    const rounds = packs(p.hub.lines).length - calm;
    assert.ok(rounds >= 1 && rounds <= 5, `${rounds} rounds in 45 s`);
    board.stop();
  });

  it("says hello first, then a pack every period with the medians of its samples", () => {
    const p = post(image, () => 2345);
    const board = p.boot();
    p.clock.advance(191_000);
    assert.equal(typeOf(p.hub.lines[0]), "hello");
    assert.equal(packs(p.hub.lines).length, 4);
    assert.deepEqual(
      bodyOf(packs(p.hub.lines)[1]).map((r) => [r.n, r.v]),
      [
        ["distance", 2345],
        ["distance-spread", 0],
        ["temperature", 12.5],
        ["humidity", 80],
      ],
    );
    assert.deepEqual(board.packs(), { sent: 4, acknowledged: 4 });
    assert.equal(board.waiting(), 0);
    assert.ok(board.idle());
    board.stop();
  });

  it("says what is new at once when the hub is back, however long it was away", () => {
    const p = post(image, () => 2345);
    const board = p.boot();
    p.clock.advance(100_000);
    for (let outage = 1; outage <= 8; outage++) {
      p.hub.listening = false;
      p.clock.advance(2_400_000 + outage * 7000);
      const before = packs(p.hub.lines).length;
      p.hub.listening = true;
      const since = p.clock.now();
      // The pause that grew meanwhile would last for two to five minutes; a round comes every minute.
      p.clock.advance(61_000);
      const [newest] = packs(p.hub.lines).slice(before);
      assert.ok(newest, `nothing came within a period of outage ${outage}`);
      const parsed = parseLine(newest, false, UPLINK_MAX);
      assert.ok(parsed.ok && parsed.line.uptimeMs > since - START - 61_000, newest);
      p.clock.advance(300_000);
    }
    board.stop();
  });

  it("takes the hub's time from the ack of its hello, and says how old that is", () => {
    const p = post(image, () => 2345);
    const board = p.boot();
    p.clock.advance(130_000);
    board.stop();
    const parsed = parseLine(packs(p.hub.lines)[2], false, UPLINK_MAX);
    assert.ok(parsed.ok);
    const [unixMs, age] = parsed.line.time.split("/");
    assert.equal(Number(unixMs), START + 7_000_000 + parsed.line.uptimeMs);
    assert.match(age, /^h\d+$/);
  });

  it("asks a time server that its set-up names, and says whose word its time is", async () => {
    const type = siteType("underpass")!;
    const mqtt = await builtImage(
      "underpass",
      type.builds.find((build) => build.uplink === "mqtt")!,
    );
    const asked: string[] = [];
    const hour = 3_600_000;
    const p = post(mqtt, () => 2345, {
      config: {
        ...{ board: "underpass-1", keyId: "k1", key: KEY.toString("hex") },
        periodS: 3600,
        // Nobody listens there: what it measures stays in flash.
        uplink: { host: "127.0.0.1", port: 1, ntp: "10.0.0.1" },
      },
      onDatagram: ({ host, port }, question, answer) => {
        asked.push(`${host}:${port}`);
        const bytes = Buffer.alloc(48);
        bytes.writeUInt16BE(0x2402);
        bytes.write(question.slice(40), 24, "latin1");
        for (const at of [32, 40]) bytes.writeUInt32BE((START + hour) / 1000 + 2_208_988_800, at);
        answer(bytes.toString("latin1"));
      },
    });
    const board = p.boot();
    p.clock.advance(7.5 * hour);
    board.stop();
    const [first, second] = waitingLines((name) => board.storage.read(name), mqtt.board.outboxSlots)
      .slice(0, 2)
      .map((line) => line.split(" "));
    assert.equal(first[5], "-");
    const [unixMs, from] = second[5].split("/");
    assert.equal(from[0], "s");
    assert.ok(Math.abs(Number(unixMs) - (START + hour) - Number(second[4])) < 60_000);
    assert.deepEqual(asked, ["10.0.0.1:123", "10.0.0.1:123"], "at the first round, and six hours later");
  });

  it("ignores an ack that is damaged, of another board, or not sealed with its key", () => {
    const p = post(image, () => 2345);
    const forger = farHub(Buffer.alloc(32, 6), "k1", () => p.clock.now());
    const honest = p.hub.ackOf.bind(p.hub);
    p.hub.ackOf = (text, withCrc) => {
      const ack = honest(text, withCrc);
      return ack === null ? null : ack.slice(0, -1) + (ack.endsWith("0") ? "1" : "0");
    };
    const board = p.boot();
    p.clock.advance(600_000);
    assert.equal(board.waiting(), 10);
    assert.equal(forger.lines.length, 0);
    p.hub.ackOf = honest;
    p.clock.advance(900_000);
    assert.equal(board.waiting(), 0);
    board.stop();
  });

  it("reports what a sensor failed with, by name", () => {
    for (const [scene, fault] of [
      ["broken", "!electrical"],
      ["too-near", "!obstacle"],
      ["nothing", "!no-echo"],
    ] as const) {
      const p = post(image, () => scene);
      const board = p.boot();
      p.clock.advance(30_000);
      board.stop();
      assert.deepEqual(bodyOf(packs(p.hub.lines)[0])[0], { n: "distance", vs: fault });
    }
  });

  it("goes on measuring when its sensors are gone", () => {
    const p = post(image, () => 2345, { uarts: {}, i2cs: {} });
    const board = p.boot();
    p.clock.advance(300_000);
    board.stop();
    assert.ok(packs(p.hub.lines).length >= 4);
    assert.deepEqual(
      bodyOf(packs(p.hub.lines)[0]).map((r) => r.vs),
      ["!timeout", "!bus", "!bus"],
    );
  });

  it("keeps packs through an outage and a power cut, and sends the same bytes, newest first", () => {
    const p = post(image, () => 2345);
    p.hub.listening = false;
    const first = p.boot();
    p.clock.advance(600_000);
    assert.equal(first.waiting(), 10);
    first.stop();
    p.hub.listening = true;
    const second = p.boot({ storage: first.storage });
    p.clock.advance(5_000);
    second.stop();
    const old = packs(p.hub.lines).filter((line) => line.split(" ")[3].split(".")[1] === "1");
    const seqs = old.map((line) => Number(line.split(" ")[3].split(".")[2]));
    assert.deepEqual(seqs, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert.match(p.hub.lines[0], /^aryk1 hello underpass-1 [0-9a-f]{8}\.2\.0 .*"waiting":10/);
  });

  it("starts again after an error that nobody caught, and says so", () => {
    const p = post(image, () => 2345);
    // A driver that is handed no text fails in its callback; the part does so once, a second into the second minute.
    let faults = 1;
    const board = p.boot({
      uarts: {
        uart1: (emit, time) => ({
          power: () => time.after(66_000, () => faults-- > 0 && emit(undefined as unknown as string)),
          receive: () => undefined,
        }),
      },
    });
    p.clock.advance(180_000);
    assert.equal(board.starts(), 2);
    board.stop();
    assert.ok(p.hub.lines.some((line) => typeOf(line) === "hello" && line.includes('"reset":"error"')));
  });

  it("starts again less often where every start ends in an error, and hears its hub meanwhile", () => {
    const p = post(image, () => 2345);
    const board = p.boot({
      uarts: {
        uart1: (emit, time) => {
          const fail = (): void => {
            emit(undefined as unknown as string);
            time.after(1000, fail);
          };
          return { power: () => time.after(1000, fail), receive: () => undefined };
        },
      },
    });
    p.hub.listening = false;
    p.clock.advance(60_000);
    // The first error is answered at once: it may be the only one.
    assert.equal(board.starts(), 2);
    p.hub.listening = true;
    p.clock.advance(120_000);
    assert.ok(p.hub.lines.some((line) => typeOf(line) === "hello" && line.includes('"reset":"error"')));
    assert.equal(board.starts(), 2);
    p.clock.advance(1_620_000);
    board.stop();
    assert.ok(board.starts() >= 6 && board.starts() <= 9, `${board.starts()} starts in half an hour`);
  });

  it("says at the console what is wrong with its set-up, and sends nothing", () => {
    const p = post(image, () => 2345);
    const board = p.boot({ config: { board: "Underpass 1", keyId: "k1", key: KEY.toString("hex"), uplink: {} } });
    p.clock.advance(100_000);
    board.stop();
    assert.deepEqual(p.printed, ["aryk aryk.cfg: board: 1-32 of a-z, 0-9 and -"]);
    assert.equal(p.hub.lines.length, 0);
  });
});
