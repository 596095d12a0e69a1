import assert from "node:assert/strict";
import { SET_FILE } from "../../firmware/node/settings.js";
import { seal, unsealed } from "../../firmware/wire/line.js";
import type { Image } from "../../hardware/image.js";
import { askBoard } from "../../hub/orders/asks.js";
import { driftOf } from "../../hub/registry/drift.js";
import { askForSettings } from "../../hub/registry/settings.js";
import { builtImage } from "../rig/built.js";
import { keyedPost, POST } from "../rig/keyed-post.js";
import type { KeyedPost } from "../rig/keyed-post.js";
import { macWith } from "../rig/sealed-board.js";

const MINUTE = 60_000;
const field = (line: string, n: number): string => line.split(" ")[n];
const typeOf = (line: string): string => field(line, 1);

describe("a post that is asked for something", () => {
  let image: Image;
  let periodS: number;
  let p: KeyedPost;
  before(async () => {
    image = await builtImage("underpass");
  });
  beforeEach(async () => {
    p = keyedPost(image);
    await p.run(10_000);
    periodS = p.registry.reported(POST)?.period ?? 0;
    assert.ok(periodS > 0, "it says how often it measures");
  });
  afterEach(() => p.close());

  const set = (settings: Record<string, number | null>): number =>
    askForSettings(p.registry, new Map([[POST, new Map(Object.entries(settings))]]), p.clock.now(), "anna");
  const drift = () => driftOf(p.registry.boards()[0])?.kind ?? null;
  const packs = () => p.up.map(({ line }) => line).filter((line) => typeOf(line) === "pack");
  /** Seconds between its last packs. */
  const pauses = (): number[] => {
    const at = packs().map((line) => Number(field(line, 4)) / 1000);
    return at.slice(1).map((one, i) => Math.round(one - at[i]));
  };
  const flash = () => p.board().storage.read(SET_FILE);
  const nothingLost = () => {
    assert.equal(p.board().waiting(), 0);
    for (const stream of p.journal.ranges(POST)) assert.deepEqual(stream.missing, []);
    assert.ok(p.up.every(({ accepted }) => ["stored", "duplicate", "heard"].includes(accepted.outcome)));
  };

  it("takes a setting, measures by it, and says that it has it, also after its supply failed", async () => {
    set({ drySeconds: 20 });
    await p.run(2000 * periodS);
    assert.deepEqual([drift(), p.registry.reported(POST)?.set, p.registry.reported(POST)?.period], [null, 1, 20]);
    assert.ok(
      pauses().some((one) => one < 20),
      "the pause that was under way is not waited for",
    );
    await p.run(2 * MINUTE);
    assert.deepEqual(pauses().slice(-4), [20, 20, 20, 20]);
    p.restart();
    await p.run(2 * MINUTE);
    assert.deepEqual([pauses().slice(-4), p.registry.reported(POST)?.set], [[20, 20, 20, 20], 1]);
    set({ drySeconds: null });
    await p.run(1000 * periodS * 4);
    assert.equal(pauses().at(-1), periodS);
    nothingLost();
  });

  it("is left alone by an order that was recorded, damaged, is another board's, too long, or not the hub's", async () => {
    const recorded: string[] = [];
    p.between((line) => {
      if (typeOf(line) !== "command") return [line];
      recorded.push(line);
      return [];
    });
    set({ drySeconds: 20 });
    await p.run(3000 * periodS);
    assert.ok(recorded.length >= 2);
    const [old, last] = [recorded[0], recorded.at(-1)!];
    const untouched = flash();
    const text = last.slice(0, last.lastIndexOf(" ") + 1);
    const key = p.registry.keyOf(POST, "k1")!;
    const foreign = unsealed("command", "up-0002", field(last, 3), Number(field(last, 4)), "-", field(last, 6));
    for (const forged of [
      old,
      last.slice(0, -1) + (last.endsWith("0") ? "1" : "0"),
      last.slice(0, 100),
      last.replace("=20", "=30"),
      seal(text, "k1", macWith(Buffer.alloc(32, 1))),
      seal(foreign, "k1", macWith(key)),
      seal(text.replace("=20", "=20,zeroMm=4000".repeat(8)), "k1", macWith(key)),
      seal(text.replace("set,", "sot,"), "k1", macWith(key)),
      seal(text.replace("set,1,", "set,,"), "k1", macWith(key)),
    ])
      p.say(forged);
    await p.run(1);
    assert.equal(flash(), untouched);
    // The same, whole and in time, is the one that counts; said once more it changes nothing.
    p.say(last);
    const taken = flash();
    assert.notEqual(taken, untouched);
    p.say(last);
    p.between((line) => [line]);
    await p.run(2 * MINUTE);
    assert.deepEqual([flash(), drift(), pauses().at(-1)], [taken, null, 20]);
    nothingLost();
  });

  for (const bytes of [0, 1, 6, 29, 38, 39, 41, 60, 79])
    it(`comes to what it was asked when its supply fails after ${bytes} of the bytes that keep two settings`, async () => {
      // The other is none that this image knows: it is kept all the same.
      p.registry.add([{ kind: "desired", board: POST, rev: 1, name: "fanSeconds", value: 10 }], "anna");
      set({ drySeconds: 20 });
      let armed = true;
      p.between((line) => {
        if (typeOf(line) === "command" && armed) p.cutAfter(bytes);
        armed &&= typeOf(line) !== "command";
        return [line];
      });
      await p.run(1000 * periodS);
      p.restart();
      await p.run(2000 * periodS);
      assert.deepEqual([drift(), p.registry.reported(POST)?.set], ["refused", 2]);
      assert.equal(pauses().at(-1), 20);
      nothingLost();
    });

  it("says by name what it cannot be set to", async () => {
    p.registry.add([{ kind: "desired", board: POST, rev: 1, name: "fanSeconds", value: 10 }], "anna");
    await p.run(2000 * periodS);
    assert.deepEqual([drift(), p.registry.reported(POST)?.refused], ["refused", "fanSeconds"]);
    nothingLost();
  });

  it("refuses what its set-up hides, and the hub sees that it does", async () => {
    await p.close();
    p = keyedPost(image, { periodS: 40 });
    await p.run(10_000);
    set({ drySeconds: 20 });
    await p.run(5 * MINUTE);
    const { period, refused, set: has } = p.registry.reported(POST)!;
    assert.deepEqual([drift(), has, refused, period], ["refused", 1, "drySeconds", 40]);
    assert.deepEqual(pauses().slice(-3), [40, 40, 40]);
    nothingLost();
  });

  it("tests itself in a round that starts at once, and reports", async () => {
    await p.run(1000 * periodS);
    askBoard(p.registry, POST, "test", "anna");
    await p.run(2000 * periodS);
    const report = p.registry.asks(POST)[0].answer?.report as Record<string, unknown>;
    assert.deepEqual(report.readings, { distance: 2000, "distance-spread": 0, temperature: 12.5, humidity: 80 });
    assert.deepEqual([report.flash, report.waiting, report.signalDbm], ["ok", 1, null]);
    const [free, all] = report.heap as [number, number];
    assert.ok(free > 0 && free < all);
    assert.equal(p.up.filter(({ line }) => typeOf(line) === "reply").length, 1);
    assert.ok(pauses().some((pause) => pause < periodS));
    nothingLost();
  });

  it("restarts once when it is asked to, and says why it did", async () => {
    askBoard(p.registry, POST, "reboot", "anna");
    await p.run(6000 * periodS);
    assert.equal(p.board().starts(), 2);
    assert.ok(p.registry.asks(POST)[0].answer);
    const hellos = p.up.filter(({ line }) => typeOf(line) === "hello").map(({ line }) => line);
    assert.match(hellos.at(-1) ?? "", /"reset":"reboot"/);
    nothingLost();
  });
});
