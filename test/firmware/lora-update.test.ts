/**
 * An image over LoRaWAN, as far as radio, sender, slots and loader go: the module's bytes, the hub's own offers and
 * pieces, the air time of board and gateway. Nothing of it runs in real time.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { airtimeMs, FRAME_BYTES } from "../../firmware/node/airtime.js";
import { KIND_PIECE, PORT, PORT_ASKING, readArray } from "../../firmware/wire/binary.js";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import type { Hello, Reading } from "../../firmware/wire/pack.js";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { buildLoader } from "../../hardware/flash-image.js";
import { SteppedClock } from "../../hub/clock.js";
import { ackOf, commandOf, readMessage } from "../../hub/inputs/lora/message.js";
import { createShare } from "../../hub/inputs/lora/share.js";
import { noteReported } from "../../hub/orders/reported.js";
import { Registry } from "../../hub/registry.js";
import { ImageStore } from "../../hub/updates/images.js";
import { startUpdates } from "../../hub/updates/start.js";
import { APP_KEY, BOARD, BOARD_KEY, startLoraPost } from "../rig/modems/lora-post.js";
import type { LoraPost } from "../rig/modems/lora-post.js";
import { smallNetwork } from "../rig/modems/radio-network.js";
import { createRn2483Sim } from "../rig/modems/rn2483.js";
import { VmLoader } from "../rig/vm-loader.js";
import { VmStorage } from "../rig/vm-storage.js";

const START = 1_790_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ROLLOUT = "0a0a0a0a";
const OLD = 'run("old");';
/** Long enough for some pieces at the slowest rate, with all that a piece may hold. */
const NEW = `run("new"); // ~ 0a0b0c0d,12345678,,\n${"// as long as an image is not, but longer than a message\n".repeat(12)}`;
const readings = (seq: number): Reading[] => [{ property: DISTANCE, ok: true, value: 1000 + seq }];
const failed = (error: unknown): void => {
  throw error;
};

describe("an image over LoRaWAN", function () {
  this.timeout(60_000);
  let loader: string;
  let dir: string;
  let stop: () => void;

  before(async () => (loader = await buildLoader()));
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "aryk-lora-update-"))));
  afterEach(() => {
    stop();
    rmSync(dir, { recursive: true, force: true });
  });

  function lay(code: string, dataRate: number, key = BOARD_KEY) {
    const clock = new SteppedClock(START);
    const registry = Registry.open(join(dir, "registry.sqlite"), clock);
    registry.addBoard(BOARD, "test");
    const { id } = new ImageStore(dir).add(code, { image: "underpass", version: "2", added: START, by: "test" });
    registry.add([{ kind: "rollout", rollout: ROLLOUT, image: id, does: "start", why: "" }], "test");
    const updates = startUpdates(registry, clock, dir, failed);
    const reported = noteReported(registry, clock, failed);
    const known = new Set<string>();
    const share = createShare(() => clock.steady());
    const downs: { kind: unknown; onAirMs: number }[] = [];
    const asked = { words: 0, answers: 0 };
    const network = smallNetwork(APP_KEY, ({ port, data, dataRate: rate }) => {
      const message = readMessage(BOARD, data);
      assert.ok(message.ok, JSON.stringify(message));
      const parsed = parseLine(message.line, false, UPLINK_MAX);
      assert.ok(parsed.ok);
      const { line } = parsed;
      const { by } = message;
      if (line.seq > 0) known.add(`${line.boot}.${line.seq}`);
      const hello = line.type === "hello" ? (JSON.parse(line.body) as Hello) : null;
      const isWord = line.type === "reply" && line.seq === 0;
      for (const source of [reported, updates.source]) {
        if (hello !== null) source.greeted?.(line, hello);
        if (isWord) source.said?.(line);
      }
      if (port !== PORT_ASKING) return;
      updates.source.heard?.(line, isWord ? "heard" : "stored");
      const body = updates.source.after?.(line);
      const order = body === undefined ? undefined : commandOf(by, BOARD, body, rate, key);
      const send = (down: Buffer): void => {
        network.queue.push({ port: PORT, data: down });
        const kind = readArray(down.toString("latin1"))?.[0];
        downs.push({ kind, onAirMs: airtimeMs(rate, FRAME_BYTES + down.length) });
      };
      if (isWord) asked.words++;
      const isPiece = order !== undefined && readArray(order.toString("latin1"))?.[0] === KIND_PIECE;
      if (isPiece && !share.take("gateway", rate, order.length)) return;
      if (isWord) asked.answers++;
      if (order === undefined || !isWord) send(ackOf(by, (seq) => known.has(`${by.boot}.${seq}`)));
      if (order !== undefined) send(order);
    });
    const module = createRn2483Sim({ network });
    module.hardOfHearing(dataRate);
    const storage = new VmStorage(256 * 1024);
    const board = new VmLoader(OLD, loader);
    let loaded = board.start();
    const power = (): LoraPost =>
      startLoraPost({
        ...{ clock, storage, readings, start: loaded },
        part: module.make,
        periodMs: 5 * MINUTE,
        random: () => 0.5,
      });
    let post = power();
    const ran: string[] = [loaded.ran];
    stop = () => {
      post.stop();
      updates.stop();
      reported.stop();
      registry.close();
    };
    /** Power goes, and comes. */
    const restart = (): void => {
      post.stop();
      loaded = board.start();
      ran.push(loaded.ran);
      post = power();
    };
    return {
      ...{ clock, module, registry, network, downs, asked, ran, id, restart },
      outcome: () => registry.rollout(ROLLOUT)?.offers.get(BOARD)?.outcome,
      /** Time passes; what restarts itself comes up again. Ends early when something has become of the image. */
      pass(ms: number, until = () => false): void {
        for (const end = clock.now() + ms; clock.now() < end && !until(); clock.advance(MINUTE))
          if (loaded.rebooted()) restart();
      },
    };
  }

  for (const [name, dataRate] of [
    ["SF7", 5],
    ["SF9", 3],
    ["SF12", 0],
  ] as const)
    it(`comes in pieces at ${name}, is tried, found good, and the hub is told`, () => {
      const l = lay(NEW, dataRate);
      l.pass(72 * HOUR, () => l.outcome() !== undefined && l.outcome() !== null);
      assert.deepEqual(
        l.outcome()?.result,
        "good",
        `${l.clock.now() - START} ms ${JSON.stringify(l.asked)} ${l.ran.join()}`,
      );
      assert.deepEqual(l.ran, ["old", "new"]);
      l.pass(2 * HOUR);
      assert.equal(l.registry.reported(BOARD)?.runs, l.id);
      assert.equal(l.registry.reported(BOARD)?.slot, 1);
      // A gateway's half of its 1 % is the most that pieces take, and no word is answered by more than one message.
      const pieces = l.downs.filter(({ kind }) => kind === KIND_PIECE);
      const onAirMs = pieces.reduce((sum, { onAirMs: ms }) => sum + ms, 0);
      assert.ok(onAirMs <= (l.clock.now() - START) / 200 + pieces[0].onAirMs);
      assert.ok(l.asked.answers <= l.asked.words);
      assert.ok(l.network.queue.length <= 2, `${l.network.queue.length} wait at the network`);
    });

  it("goes on where it was when power and radio go and come again", () => {
    const l = lay(NEW, 3);
    for (let i = 0; i < 40 && l.ran.at(-1) === "old"; i++) {
      l.pass(7 * MINUTE + i * 11_000, () => l.ran.at(-1) !== "old");
      if (l.ran.at(-1) !== "old") break;
      if (i % 3 === 0) l.module.resetNow();
      else l.restart();
    }
    l.pass(24 * HOUR, () => l.outcome()?.result !== undefined);
    assert.equal(l.outcome()?.result, "good", l.ran.join());
    assert.ok(l.ran.length > 3, "the power hardly went");
    assert.equal(l.ran.at(-1), "new");
    const bytes = l.downs.filter(({ kind }) => kind === KIND_PIECE).length;
    assert.ok(bytes < 3 * Math.ceil(NEW.length / 98) + l.ran.length, `${bytes} pieces`);
  });

  it("is not taken from who cannot seal for this board", () => {
    const l = lay(NEW, 5, Buffer.alloc(32, 9));
    l.pass(12 * HOUR);
    assert.deepEqual(l.ran, ["old"]);
    assert.equal(l.asked.words, l.downs.filter(({ kind }) => kind === KIND_PIECE).length + 1);
  });

  it("is left when the network hears it and none of its packs reaches the hub's disk", () => {
    const l = lay(NEW, 5);
    l.network.answer = () => (l.ran.at(-1) === "new" ? undefined : l.network.queue.shift());
    l.pass(24 * HOUR, () => l.ran.length > 1);
    assert.deepEqual(l.ran, ["old", "new"]);
    l.pass(59 * MINUTE);
    assert.deepEqual(l.ran, ["old", "new"]);
    l.pass(5 * MINUTE);
    assert.deepEqual(l.ran, ["old", "new", "old"]);
    l.pass(6 * HOUR, () => l.outcome()?.result !== undefined);
    assert.deepEqual({ result: l.outcome()?.result, why: l.outcome()?.why }, { result: "back", why: "silent" });
  });
});
