/**
 * The hub's clock is set while boards talk to it by way of a Mosquitto and of a shared serial line, which have no
 * connection that the hub could close: they learn the new time from the answers to what they send anyway.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";
import { SerialPort } from "serialport";
import { createHubTime } from "../../firmware/node/time.js";
import { DOWNLINK_MAX, parseLine, toSerial } from "../../firmware/wire/line.js";
import { packBody } from "../../firmware/wire/pack.js";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { SteppedClock } from "../../hub/clock.js";
import { parseConfig } from "../../hub/config.js";
import { startHub, type Hub } from "../../hub/main.js";
import type { PackEntry } from "../../hub/model.js";
import { layCable, needSocat } from "../rig/pty.js";
import { macWith, sealedBoard } from "../rig/sealed-board.js";
import { until } from "../rig/sealed.js";
import { need, startMosquitto, type RunningServer } from "../rig/servers.js";

const NOW = Date.UTC(2026, 2, 1, 8);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MOUNT_MM = 3000;
const HELLO = { image: "underpass", version: "1", reset: "power", waiting: 0 };
/** One behind each input under water, one dry. */
const POSTS = ["mqtt-wet", "mqtt-dry", "serial-wet", "serial-dry"];

/** A board with the firmware's own idea of the time. It keeps a line until its sealed answer has come. */
class Post {
  readonly lines: string[] = [];
  readonly unanswered = new Map<string, { line: string; sentMs: number }>();
  readonly #hubTime = createHubTime();
  readonly #board;
  readonly #mac;

  constructor(
    readonly name: string,
    key: Uint8Array,
    /** A clock that counts, whatever the hub's says. */
    readonly uptimeMs: () => number,
    readonly put: (line: string) => void,
  ) {
    this.#board = sealedBoard(name, "k1", key, "0a0b0c0d", 1);
    this.#mac = macWith(key);
  }

  greet(): void {
    const uptimeMs = this.uptimeMs();
    this.#send(0, uptimeMs, this.#board.hello(uptimeMs, HELLO));
  }

  measure(depthMm: number): void {
    const uptimeMs = this.uptimeMs();
    const seq = this.lines.length + 1;
    const body = packBody([{ property: DISTANCE, ok: true, value: MOUNT_MM - depthMm }]);
    const line = this.#board.line("pack", seq, uptimeMs, this.#hubTime.field(uptimeMs), body);
    this.lines.push(line);
    this.#send(seq, uptimeMs, line);
  }

  hear(text: string, withCrc: boolean): void {
    const parsed = parseLine(text, withCrc, DOWNLINK_MAX);
    if (!parsed.ok || parsed.line.board !== this.name) return;
    const { line } = parsed;
    assert.equal(line.tag, this.#mac(line.sealed));
    const sent = this.unanswered.get(`${line.seq} ${line.uptimeMs}`);
    if (sent === undefined) return;
    this.unanswered.delete(`${line.seq} ${line.uptimeMs}`);
    this.#hubTime.learn(line, sent.sentMs, this.uptimeMs());
  }

  /** What it would write beside a reading of this moment. */
  now(): number {
    return Number(this.#hubTime.field(this.uptimeMs()).split("/")[0]);
  }

  #send(seq: number, uptimeMs: number, line: string): void {
    this.unanswered.set(`${seq} ${uptimeMs}`, { line, sentMs: uptimeMs });
    this.put(line);
  }
}

const wet = ({ name }: Post): boolean => name.endsWith("wet");

/** A hub with its Mosquitto and its serial line, and the posts on both. */
class City {
  readonly clock: SteppedClock;
  readonly #dir = mkdtempSync(join(tmpdir(), "aryk-clock-inputs-"));
  readonly #cable = layCable();
  #mosquitto: RunningServer | undefined;
  #client: MqttClient | undefined;
  #far: SerialPort | undefined;
  #hub: Hub | undefined;
  posts: Post[] = [];
  /** What the clock showed when each line was sent. */
  readonly #sentAt = new Map<string, number>();

  constructor(at: number) {
    this.clock = new SteppedClock(at);
  }

  get hub(): Hub {
    assert.ok(this.#hub !== undefined);
    return this.#hub;
  }

  async start(): Promise<void> {
    const { clock } = this;
    const mosquitto = (this.#mosquitto = await startMosquitto());
    await this.#cable.plug();
    const settings = {
      inputs: { broker: { enabled: false }, mqtt: [{ url: mosquitto.url }], serial: [{ path: this.#cable.near }] },
      http: { port: 0 },
      flows: { enabled: false },
    };
    const config = { ...parseConfig(JSON.stringify(settings), {}), dataDir: this.#dir };
    // There are no flows: the hub's own watch judges, and at once.
    config.flows.staleSeconds = 0.05;
    const hub = (this.#hub = await startHub({ config, clock, log: pino({ enabled: false }) }));
    const names = { kk: "a", ru: "a", en: "a" };
    hub.registry.import(
      {
        format: "aryk-registry/1",
        sites: POSTS.map((id) => ({ id, type: "underpass", names, district: "a", lat: 43, lon: 76 })),
        boards: POSTS.map((id) => ({ board: id, assignments: [{ site: id, from: 0, by: "t" }] })),
        calibrations: POSTS.map((site) => {
          const params = { mountHeightMm: MOUNT_MM };
          return { site, property: "water-depth", model: "level-depth", params, from: 0, by: "t", note: "" };
        }),
      },
      "t",
    );
    const client = (this.#client = await connectAsync(mosquitto.url, { reconnectPeriod: 0 }));
    const far = (this.#far = new SerialPort({ path: this.#cable.far, baudRate: 57_600 }));
    await until("both inputs", () => hub.inputs.components.every((one) => one.check().length === 0));
    this.posts = POSTS.map((name) => {
      const key = hub.registry.keyOf(name, "k1") as Uint8Array;
      const put = name.startsWith("mqtt")
        ? (line: string): void => void client.publish(`aryk/${name}/up`, line, { qos: 1 })
        : (line: string): void => void far.write(toSerial(line));
      return new Post(name, key, () => clock.steady(), put);
    });
    const hear = (text: string, withCrc: boolean): void => this.posts.forEach((post) => post.hear(text, withCrc));
    client.on("message", (_topic, payload) => hear(payload.toString("latin1"), false));
    await client.subscribeAsync("aryk/+/down", { qos: 1 });
    let heard = "";
    far.on("data", (chunk: Buffer) => {
      const lines = (heard + chunk.toString("latin1")).split("\n");
      heard = lines.pop() as string;
      for (const line of lines) hear(line.replace(/\r$/, ""), true);
    });
    for (const post of this.posts) post.greet();
    await this.#answers();
  }

  async stop(): Promise<void> {
    await this.#client?.endAsync(true);
    const far = this.#far;
    if (far?.isOpen === true) await new Promise<void>((resolve) => far.close(() => resolve()));
    await this.#hub?.stop();
    await this.#cable.dispose();
    await this.#mosquitto?.dispose();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #answers(): Promise<void> {
    return until("every answer", () => this.posts.every(({ unanswered }) => unanswered.size === 0));
  }

  /** A minute passes, and every post brings what it measures. */
  async minute(depthMm: (post: Post) => number): Promise<void> {
    this.clock.advance(MINUTE);
    for (const post of this.posts) {
      post.measure(depthMm(post));
      this.#sentAt.set(post.lines[post.lines.length - 1], this.clock.now());
    }
    await this.#answers();
  }

  /** Until the rules have judged everything, and were told what time it is; then what stands. */
  async judged(): Promise<string[]> {
    const { register, journal } = this.hub;
    await until("the rules", () => register.cursor()?.id === journal.head().id);
    const now = this.clock.now();
    await until("the rules' tick", () => register.heartbeat().judgedTo === now);
    const alarms = register.alarms({ active: true });
    return alarms.map(({ site, kind, level }) => `${site} ${kind} ${level}`).sort();
  }

  /** Every pack must stand in the journal once, with the time at which it was sent. */
  packs(): PackEntry[] {
    const stored = this.hub.journal.read(0, 10_000).filter((entry) => entry.kind === "pack");
    assert.deepEqual(stored.map(({ line }) => line).sort(), this.posts.flatMap(({ lines }) => lines).sort());
    return stored;
  }

  /** How far the time used for a pack is from that at which it was sent. */
  offMs(entry: PackEntry): number {
    return entry.time - (this.#sentAt.get(entry.line) as number);
  }
}

/** Why the time of packs is in doubt: before the step, the first of each post after it, and the others. */
type Whys = (string | undefined)[][];

/** Water comes to one of the two underpasses of each input; then the clock is set, and the city goes on. */
async function story(at: number, stepMs: number): Promise<Whys> {
  const city = new City(at);
  try {
    await city.start();
    const { register } = city.hub;
    for (let n = 0; n < 11; n++) await city.minute((post) => (wet(post) ? n * 20 : 0));
    const flooded = ["mqtt-wet flood 3", "serial-wet flood 3"];
    assert.deepEqual(await city.judged(), flooded);
    const acts = register.transitions().length;
    const before = city.packs().length;

    city.clock.step(stepMs);
    city.clock.advance(1000);
    await city.judged();
    for (let n = 0; n < 4; n++) {
      await city.minute((post) => (wet(post) ? 200 : 0));
      for (const post of city.posts)
        assert.ok(Math.abs(post.now() - city.clock.now()) < 1000, `${post.name} has the new time`);
    }
    assert.deepEqual(await city.judged(), flooded);
    assert.equal(register.transitions().length, acts, "the step raised and cleared nothing");

    // Real water is noticed as ever.
    for (let n = 1; n <= 10; n++) await city.minute((post) => (wet(post) ? 200 : n * 20));
    assert.deepEqual(await city.judged(), POSTS.map((site) => `${site} flood 3`).sort());
    const packs = city.packs();
    for (const entry of packs)
      assert.ok(Math.abs(city.offMs(entry)) < 2000, `${entry.board} ${entry.seq} is ${city.offMs(entry)} ms off`);
    const whys = (from: number, to?: number) => [...new Set(packs.slice(from, to).map(({ timeWhy }) => timeWhy))];
    const first = before + POSTS.length;
    return [whys(0, before), whys(before, first), whys(first)];
  } finally {
    await city.stop();
  }
}

describe("a hub whose clock is set, with boards behind a Mosquitto and on a serial line", function () {
  this.timeout(60_000);
  const YEAR_2000 = Date.UTC(2000, 0, 1);
  /** They take seconds of waiting and little work, so that all begin at once. */
  let back: Promise<Whys>;
  let ahead: Promise<Whys>;
  let timeService: Promise<Whys>;

  before(function () {
    need(this, "mosquitto");
    needSocat(this);
    back = story(NOW, -HOUR);
    ahead = story(NOW, 24 * HOUR);
    timeService = story(YEAR_2000, NOW - YEAR_2000);
    // Each is awaited by its own test.
    void Promise.allSettled([back, ahead, timeService]);
  });

  it("back by an hour: they have the new time, readings are flagged, no alarm moves, nothing is lost or doubled", async () => {
    assert.deepEqual(await back, [[undefined], ["node-clock-ahead"], ["hub-clock-stepped"]]);
  });

  it("ahead by a day: the same", async () => {
    assert.deepEqual(await ahead, [[undefined], ["node-clock-astray"], ["hub-clock-stepped"]]);
  });

  it("by a time service after a start in the year 2000: the same, and then no reading is in doubt", async () => {
    assert.deepEqual(await timeService, [["hub-clock-unsure"], ["node-clock-unset"], [undefined]]);
  });
});
