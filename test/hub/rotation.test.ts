import assert from "node:assert/strict";
import { KEY_FILE } from "../../firmware/node/keys.js";
import { DOWNLINK_MAX, parseLine, seal, unsealed, UPLINK_MAX } from "../../firmware/wire/line.js";
import { rotateBody } from "../../firmware/wire/key.js";
import type { Image } from "../../hardware/image.js";
import { boardLogin } from "../../hub/join.js";
import { askForKey } from "../../hub/registry/rotation.js";
import { mqttPassword } from "../../hub/secrets.js";
import { builtImage } from "../rig/built.js";
import { keyedPost, POST } from "../rig/keyed-post.js";
import type { KeyedPost } from "../rig/keyed-post.js";
import { macWith, sealedBoard } from "../rig/sealed-board.js";

const PERIOD_MS = 60_000;
const field = (line: string, n: number): string => line.split(" ")[n];
const typeOf = (line: string): string => field(line, 1);
const keyIdOf = (line: string): string => field(line, 7).split(".")[0];

describe("a new key over the wire", () => {
  let image: Image;
  let p: KeyedPost;
  before(async () => {
    image = await builtImage("underpass");
  });
  beforeEach(() => {
    p = keyedPost(image);
  });
  afterEach(() => p.close());

  const keys = () => p.registry.boards()[0];
  const commands = () => p.down.filter((line) => typeOf(line) === "command");
  /** Every number that the board gave is with the hub, each stored once. */
  const nothingLost = () => {
    assert.equal(p.board().waiting(), 0);
    for (const stream of p.journal.ranges(POST)) assert.deepEqual(stream.missing, []);
    assert.ok(p.up.every(({ accepted }) => accepted.outcome === "stored" || accepted.outcome === "duplicate"));
  };

  it("is taken, answered by a hello that it seals, and stays through restarts; the old one is revoked", async () => {
    await p.run(1.5 * PERIOD_MS);
    assert.equal(commands().length, 0);
    assert.deepEqual(askForKey(p.registry, POST, "test"), { from: "k1", id: "k2" });
    assert.equal(keys().asked?.id, "k2");
    await p.run(2 * PERIOD_MS);
    const hellos = p.up.filter(({ line }) => typeOf(line) === "hello");
    assert.deepEqual(
      hellos.map(({ line }) => keyIdOf(line)),
      ["k1", "k2"],
    );
    assert.equal(keys().asked, null);
    assert.deepEqual(
      keys().keys.map((key) => [key.id, key.revoked]),
      [
        ["k1", true],
        ["k2", false],
      ],
    );
    assert.ok(p.up.filter(({ line }) => typeOf(line) === "pack" && keyIdOf(line) === "k2").length >= 1);
    p.restart();
    await p.run(2 * PERIOD_MS);
    assert.equal(keyIdOf(p.up.at(-1)!.line), "k2");
    nothingLost();
  });

  it("can follow another", async () => {
    for (const id of ["k2", "k3", "k4"]) {
      await p.run(PERIOD_MS);
      assert.equal(askForKey(p.registry, POST, "test").id, id);
      assert.throws(() => askForKey(p.registry, POST, "test"), { code: "ROTATION_ASKED" });
      await p.run(2 * PERIOD_MS);
      assert.equal(keys().current, id);
    }
    p.restart();
    await p.run(2 * PERIOD_MS);
    assert.equal(keyIdOf(p.up.at(-1)!.line), "k4");
    nothingLost();
  });

  it("is asked for again and again until the board has heard it, in at most 200 bytes", async () => {
    p.between((line) => (typeOf(line) === "command" ? [] : [line]));
    await p.run(PERIOD_MS);
    askForKey(p.registry, POST, "test");
    const asked: string[] = [];
    p.between((line) => {
      if (typeOf(line) !== "command") return [line];
      asked.push(line);
      return asked.length < 3 ? [] : [line];
    });
    await p.run(4 * PERIOD_MS);
    assert.equal(asked.length, 3);
    assert.equal(new Set(asked).size, 3, "each is bound to another line");
    assert.ok(asked.every((line) => line.length + 6 <= DOWNLINK_MAX));
    assert.equal(keys().current, "k2");
    nothingLost();
  });

  it("is not taken from a command that was recorded earlier, is damaged, another board's or not the hub's", async () => {
    const recorded: string[] = [];
    p.between((line) => {
      if (typeOf(line) !== "command") return [line];
      recorded.push(line);
      return [];
    });
    await p.run(PERIOD_MS);
    askForKey(p.registry, POST, "test");
    await p.run(3 * PERIOD_MS);
    const [old, last] = [recorded[0], recorded.at(-1)!];
    const flash = () => p.board().storage.read(KEY_FILE);
    const untouched = flash();
    const text = last.slice(0, last.lastIndexOf(" ") + 1);
    const other = unsealed("command", "up-0002", field(last, 3), Number(field(last, 4)), "-", field(last, 6));
    const key = p.registry.keyOf(POST, "k1")!;
    for (const forged of [
      old,
      last.slice(0, -1) + (last.endsWith("0") ? "1" : "0"),
      last.replace(",k2,", ",k9,"),
      seal(text, "k1", macWith(Buffer.alloc(32, 1))),
      seal(text, "k2", macWith(p.registry.keyOf(POST, "k2")!)),
      seal(other, "k1", macWith(key)),
      seal(text.replace("rotate,", "format,"), "k1", macWith(key)),
      seal(text.replace(",k2,", ",k1,"), "k1", macWith(key)),
    ])
      p.say(forged);
    await p.run(1);
    assert.equal(flash(), untouched);
    assert.equal(keys().current, "k1");
    // The same command, whole and in time, is the one that counts; said once more it changes nothing.
    p.say(last);
    assert.notEqual(flash(), untouched);
    const taken = flash();
    p.say(last);
    await p.run(2 * PERIOD_MS);
    assert.equal(flash(), taken);
    assert.equal(keys().current, "k2");
    nothingLost();
  });

  for (let bytes = 0; bytes <= 80; bytes += 8)
    it(`leaves one of the two keys when the supply fails after ${bytes} of the 80 bytes that keep it`, async () => {
      await p.run(PERIOD_MS);
      askForKey(p.registry, POST, "test");
      let armed = true;
      p.between((line) => {
        if (typeOf(line) === "command" && armed) p.cutAfter(bytes);
        armed &&= typeOf(line) !== "command";
        return [line];
      });
      await p.run(PERIOD_MS);
      p.restart();
      await p.run(3 * PERIOD_MS);
      assert.equal(keys().current, "k2");
      assert.equal(keyIdOf(p.up.at(-1)!.line), "k2");
      nothingLost();
    });

  it("leaves the old one in force for what waits in flash, and the board's login at a broker with it", async () => {
    const k1 = p.registry.keyOf(POST, "k1")!;
    p.board().stop();
    const old = sealedBoard("b2", "k1", p.registry.addBoard("b2", "test").key, "0a0b0c0d", 1);
    askForKey(p.registry, "b2", "test");
    const k2 = p.registry.keyOf("b2", "k2")!;
    const fresh = sealedBoard("b2", "k2", k2, "0a0b0c0d", 1);
    const login = boardLogin(p.registry);
    const b1 = p.registry.keyOf("b2", "k1")!;
    assert.notDeepEqual(b1, k1);
    const hello = (waiting: number) => ({ image: "underpass", version: "1", reset: "power", waiting });
    const first = await p.accept(fresh.hello(5000, hello(2)));
    assert.equal(first.outcome, "stored");
    const late = await p.accept(old.pack([], 4000, null));
    assert.equal(late.outcome, "dead");
    assert.ok("ack" in late && late.ack !== null && keyIdOf(late.ack) === "k2", "answered so that the board can tell");
    assert.ok(login("b2", mqttPassword("b2", b1)) && login("b2", mqttPassword("b2", k2)));
    await p.accept(fresh.hello(9000, hello(0)));
    assert.deepEqual(await p.accept(old.pack([], 4000, null)), { outcome: "refused", fault: "unknown-key" });
    assert.ok(!login("b2", mqttPassword("b2", b1)) && login("b2", mqttPassword("b2", k2)));
  });

  it("is not brought about by a hello that is replayed", async () => {
    const board = sealedBoard("b2", "k1", p.registry.addBoard("b2", "test").key, "0a0b0c0d", 1);
    const hello = board.hello(5000, { image: "underpass", version: "1", reset: "power", waiting: 0 });
    await p.accept(hello);
    askForKey(p.registry, "b2", "test");
    const fresh = sealedBoard("b2", "k2", p.registry.keyOf("b2", "k2")!, "0a0b0c0d", 1);
    await p.accept(fresh.hello(9000, { image: "underpass", version: "1", reset: "power", waiting: 4 }));
    assert.equal((await p.accept(hello)).outcome, "duplicate");
    assert.equal(p.registry.currentKey("b2")?.id, "k2");
  });

  it("is the same on both sides, and is named in the command alone", () => {
    askForKey(p.registry, POST, "test");
    const { nonce } = p.registry.askedKey(POST)!;
    const key = Buffer.from(p.registry.keyOf(POST, "k2")!).toString("hex");
    assert.equal(key.length, 64);
    assert.ok(!rotateBody("k2", nonce).includes(key.slice(0, 8)));
    const longest = unsealed(
      "command",
      "a".repeat(32),
      "ffffffff.4294967295.4294967295",
      999999999999999,
      "1782000000123/h0",
      rotateBody("k9999999", nonce),
    );
    const line = seal(longest, "k9999999", macWith(Buffer.alloc(32)));
    assert.ok(line.length + 6 <= DOWNLINK_MAX, String(line.length));
    assert.ok(parseLine(line, false, UPLINK_MAX).ok);
  });
});
