/** Every board comes back at once after an outage: all are served, none loses or doubles a pack, and nothing stays behind. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as tcp } from "node:net";
import mqtt from "mqtt-packet";
import { pino } from "pino";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { derive } from "../../hub/calibration/index.js";
import { realClock } from "../../hub/clock.js";
import { startBroker, type Broker } from "../../hub/inputs/broker.js";
import { boardLogin } from "../../hub/join.js";
import { Journal } from "../../hub/journal.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { mqttPassword } from "../../hub/secrets.js";
import { sealedBoard, type SealedBoard } from "../rig/sealed-board.js";
import { until } from "../rig/sealed.js";

const BOARDS = 600;

interface Post {
  name: string;
  password: Buffer;
  board: SealedBoard;
  waiting: string[];
  acked: string[];
}

describe("a reconnect of all boards at once", () => {
  let dir: string;
  let journal: Journal;
  let registry: Registry;
  let broker: Broker | undefined;
  let posts: Post[];

  before(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-storm-"));
    registry = Registry.open(join(dir, "registry.sqlite"), realClock);
    const names = Array.from({ length: BOARDS }, (_, i) => `post-${i}`);
    const boards = names.map((board) => ({ board, assignments: [] }));
    registry.import({ format: "aryk-registry/1", sites: [], boards, calibrations: [] }, "test");
    posts = names.map((name): Post => {
      const key = registry.keyOf(name, "k1");
      assert.ok(key !== undefined);
      const password = Buffer.from(mqttPassword(name, key));
      return { name, password, board: sealedBoard(name, "k1", key, "0badcafe", 1), waiting: [], acked: [] };
    });
    journal = Journal.open(join(dir, "journal.sqlite"));
  });

  after(async () => {
    await broker?.stop();
    await journal.close();
    registry.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function open(port: number): Promise<Broker> {
    const quality = createQuality();
    const { accept } = createPipeline({ clock: realClock, journal, registry, quality, derive, derivedOf: () => [] });
    const options = { host: "127.0.0.1", port, authenticate: boardLogin(registry), stopBoundMs: 0 };
    return startBroker({ ...options, rate: { perSecond: 50, burst: 1000 } }, accept, pino({ level: "silent" }));
  }

  /** Connects, brings what waits, newest first, and goes when the last PUBACK has come; false if it was cut off. */
  function visit(post: Post, port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = tcp(port, "127.0.0.1");
      const parser = mqtt.parser();
      const say = (packet: mqtt.Packet): void => void socket.write(mqtt.generate(packet));
      const { name: username, password } = post;
      parser.on("packet", (packet) => {
        if (packet.cmd === "connack" && packet.returnCode === 0)
          [...post.waiting].reverse().forEach((payload, i) => {
            const head = { cmd: "publish" as const, qos: 1 as const, dup: false, retain: false, messageId: i + 1 };
            say({ ...head, topic: `aryk/${username}/up`, payload });
          });
        if (packet.cmd !== "puback") return;
        const [line] = post.waiting.splice(-1);
        post.acked.push(line);
        if (post.waiting.length === 0) socket.end();
      });
      socket.on("data", (chunk) => parser.parse(chunk));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(post.waiting.length === 0));
      say({ cmd: "connect", clientId: username, clean: true, keepalive: 60, username, password });
    });
  }

  it("serves 600 of them twice, the hub's end in the middle of it included", async function () {
    this.timeout(60_000);
    const measure = (): void =>
      posts.forEach(({ board, waiting }) => {
        for (let i = 0; i < 2; i++) waiting.push(board.pack([{ property: DISTANCE, ok: true, value: 1000 }], 1, null));
      });
    measure();
    broker = await open(0);
    const { port } = broker;
    const first = Promise.all(posts.map((post) => visit(post, port)));
    const some = broker;
    await until("a part of them", () => some.stats().stored > BOARDS / 2);
    await broker.stop();
    const cutOff = (await first).filter((served) => !served).length;
    measure();
    broker = await open(port);
    const again = await Promise.all(posts.map((post) => visit(post, port)));
    assert.equal(again.filter((served) => served).length, BOARDS, `${cutOff} were cut off before`);
    assert.deepEqual(broker.stats().faults, {});
    const stored = journal.read(0, 100_000).flatMap((entry) => (entry.kind === "pack" ? [entry.line] : []));
    assert.equal(stored.length, 4 * BOARDS);
    assert.deepEqual(stored.sort(), posts.flatMap(({ acked }) => acked).sort());
    const here = broker;
    await until("every connection's end", () => here.stats().connections === 0);
  });
});
