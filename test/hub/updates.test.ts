import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { slotsSay } from "../../firmware/node/slots.js";
import { buildLoader, offerOf } from "../../hardware/flash-image.js";
import { SteppedClock } from "../../hub/clock.js";
import { Registry } from "../../hub/registry.js";
import { ImageStore } from "../../hub/updates/images.js";
import { actOnRollout, startRollout } from "../../hub/updates/acts.js";
import type { Act } from "../../hub/updates/progress.js";
import { PROOF_PACKS } from "../../hub/updates/rings.js";
import { startUpdates } from "../../hub/updates/start.js";
import type { Updates } from "../../hub/updates/start.js";
import { boardTalk } from "../rig/board-talk.js";
import type { BoardTalk } from "../rig/board-talk.js";
import { VmLoader } from "../rig/vm-loader.js";

const T0 = Date.UTC(2026, 10, 1);
const IMAGE = 'run("new"); // ~ an image\n// of two lines, which is longer than one piece can be: ' + "x".repeat(60);

describe("images on their way to boards", () => {
  let dir: string;
  let loader: string;
  let registry: Registry;
  let clock: SteppedClock;
  let updates: Updates;
  let talk: BoardTalk;
  const BOARD = "b-1";
  const OLD = 'run("old");';

  before(async () => (loader = await buildLoader()));
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-updates-"));
    clock = new SteppedClock(T0);
    registry = Registry.open(join(dir, "registry.sqlite"), clock);
    registry.addBoard(BOARD, "test");
    talk = boardTalk({ board: BOARD, registry, clock, updates: () => updates });
  });
  afterEach(() => {
    updates.stop();
    registry.close();
    rmSync(dir, { recursive: true, force: true });
  });

  function begin(code: string): string {
    const { id } = new ImageStore(dir).add(code, { image: "underpass", version: "2", added: T0, by: "test" });
    registry.add([{ kind: "rollout", rollout: "0a0a0a0a", image: id, does: "start", why: "" }], "test");
    listen();
    return id;
  }
  /** As the hub's start does. */
  function listen(): void {
    updates = startUpdates(registry, clock, dir, (error) => {
      throw error;
    });
  }
  const outcome = () => registry.rollout("0a0a0a0a")?.offers.get(BOARD)?.outcome?.result;

  it("reach a board whose turn it is, piece by piece, and a pack of the new image makes it good", () => {
    const id = begin(IMAGE);
    const b = new VmLoader(OLD, loader);
    talk.run(b.start(), 1);
    const trial = b.start();
    assert.equal(trial.ran, "new");
    assert.equal(outcome(), undefined);
    trial.boot.trial = false;
    // A pack of the start before proves nothing.
    talk.greet(trial, 2);
    talk.exchange(trial, talk.line("pack", 5, "[]", 1));
    clock.advance(61_000);
    assert.equal(outcome(), undefined);
    talk.run(trial, 2);
    assert.equal(outcome(), "good");
    assert.equal(slotsSay(trial.post.hal).runs, id);
  });

  it("are not sent again to a board that went back, and the hub says so", () => {
    begin(IMAGE);
    const b = new VmLoader(OLD, loader);
    talk.run(b.start(), 1);
    b.start();
    b.start();
    const after = b.start();
    assert.equal(after.ran, "old");
    talk.run(after, 5);
    assert.equal(outcome(), "back");
    assert.equal(registry.rollout("0a0a0a0a")?.does, "stop");
    assert.match(updates.component.check()[0].message, /b-1: back, crash/);
    assert.equal(updates.source.after?.(talk.line("pack", 9, "[]", 5)), undefined);
  });

  it("are tried again where they were given up once somebody says that the rollout goes on", () => {
    const id = begin(IMAGE);
    const b = new VmLoader(OLD, loader);
    talk.run(b.start(), 1);
    b.start();
    b.start();
    talk.run(b.start(), 5);
    assert.equal(registry.rollout("0a0a0a0a")?.does, "stop");
    const resume = { rollout: "0a0a0a0a", act: "resume" as const, why: "", by: "somebody" };
    actOnRollout(registry, new ImageStore(dir), resume);
    clock.advance(61_000);
    // What it still says of the first time is no news.
    const old = b.start();
    talk.greet(old, 5);
    assert.equal(registry.rollout("0a0a0a0a")?.does, "resume");
    talk.run(old, 5);
    const again = b.start();
    assert.equal(again.ran, "new");
    talk.run(again, 6);
    assert.equal(outcome(), "good");
    assert.equal(slotsSay(again.post.hal).runs, id);
  });

  it("are not blamed for what became of another image", () => {
    begin(IMAGE);
    const start = new VmLoader(OLD, loader).start();
    talk.greet(start, 1);
    clock.advance(61_000);
    const hello = { image: "underpass", version: "1", reset: "power", waiting: 0, ...slotsSay(start.post.hal) };
    updates.source.greeted?.(talk.line("hello", 0, "{}", 2), { ...hello, back: "crash", has: "0d0d0d0d:900" });
    clock.advance(61_000);
    assert.equal(outcome(), undefined);
    assert.equal(registry.rollout("0a0a0a0a")?.does, "start");
  });

  const HELLO = { image: "underpass", version: "1", reset: "power", waiting: 0, slot: 0, period: 60 };
  function greet(boot: number, runs: string): void {
    registry.add([{ kind: "reported", board: BOARD, image: "underpass", version: "1", runs, slot: 0 }], "hub");
    updates.source.greeted?.(talk.line("hello", 0, "{}", boot), { ...HELLO, runs });
    clock.advance(61_000);
  }
  /** So many packs of a board: of their four records, `bad` are faults. */
  function packs(boot: number, count: number, bad = 1): void {
    const records = [1, 2, 3, 4].map((i) => `{"n":"p${i}",${i <= bad ? '"vs":"!timeout"' : '"v":2100'}}`);
    const body = `[${records.join()}]`;
    for (let seq = 1; seq <= count; seq++) {
      updates.source.heard?.(talk.line("pack", seq, body, boot), "stored");
      clock.advance(61_000);
    }
  }
  const restarts = {
    "before the board takes it": ["offered"],
    "when the board has taken it": ["taken"],
    twice: ["offered", "taken"],
  };
  for (const [when, after] of Object.entries(restarts))
    for (const bad of [1, 4])
      it(`are judged by the faults before them, ${bad === 1 ? "as many" : "far fewer"}, also when the hub restarts ${when}`, () => {
        const restart = (): void => {
          updates.stop();
          clock.advance(1000);
          listen();
          clock.advance(1000);
        };
        registry.add([{ kind: "reported", board: BOARD, image: "underpass", version: "1", runs: "0c0c0c0c" }], "hub");
        listen();
        greet(1, "0c0c0c0c");
        packs(1, 30);
        updates.stop();
        const { id } = new ImageStore(dir).add(IMAGE, { image: "underpass", version: "2", added: T0, by: "test" });
        listen();
        packs(1, 1);
        registry.add([{ kind: "rollout", rollout: "0a0a0a0a", image: id, does: "start", why: "" }], "test");
        clock.advance(61_000);
        assert.ok(registry.rollout("0a0a0a0a")?.offers.has(BOARD));
        if (after.includes("offered")) restart();
        greet(2, id);
        packs(2, 2, bad);
        assert.equal(outcome(), "good");
        if (after.includes("taken")) restart();
        packs(2, PROOF_PACKS + 1, bad);
        assert.equal(outcome(), bad === 1 ? "good" : "worse");
      });

  it("are never good by packs that were buried, and worse by a few", () => {
    const id = begin(IMAGE);
    greet(1, "0c0c0c0c");
    updates.source.heard?.(talk.line("pack", 1, "[]", 1), "stored");
    clock.advance(61_000);
    greet(2, id);
    for (let seq = 1; seq <= PROOF_PACKS; seq++) {
      for (const fate of ["dead", "duplicate"] as const)
        updates.source.heard?.(talk.line("pack", seq, '[{"n":"strange","u":"x","v":1}]', 2), fate);
      clock.advance(61_000);
    }
    const { outcome: what, at } = registry.rollout("0a0a0a0a")!.offers.get(BOARD)!;
    assert.ok(at > 0);
    assert.equal(what?.result, "worse");
    assert.equal(registry.rollout("0a0a0a0a")?.does, "stop");
  });

  it("are taken back from a board that runs them when somebody says so", () => {
    const id = begin(IMAGE);
    const b = new VmLoader(OLD, loader);
    talk.run(b.start(), 1);
    const trial = b.start();
    talk.run(trial, 2);
    assert.equal(outcome(), "good");
    registry.add([{ kind: "rollout", rollout: "0a0a0a0a", image: id, does: "back", why: "smells" }], "test");
    clock.advance(61_000);
    talk.exchange(trial, talk.line("pack", 9, "[]", 2));
    for (const timer of trial.timers.splice(0)) if (timer.ms <= 1000) timer.fn();
    assert.ok(trial.rebooted());
    assert.equal(b.start().ran, "old");
  });

  it("are for boards of their kind that have slots", () => {
    begin(IMAGE);
    registry.add([{ kind: "reported", board: BOARD, image: "underpass", version: "1" }], "hub");
    updates.source.heard?.(talk.line("pack", 1, "[]", 1), "stored");
    clock.advance(61_000);
    assert.equal(registry.rollout("0a0a0a0a")?.offers.size, 0);
    registry.add([{ kind: "reported", board: BOARD, image: "eco-post", version: "1", runs: "0c0c0c0c" }], "hub");
    clock.advance(61_000);
    assert.equal(registry.rollout("0a0a0a0a")?.offers.size, 0);
    registry.add([{ kind: "reported", board: BOARD, image: "underpass", version: "1", runs: "0c0c0c0c" }], "hub");
    clock.advance(61_000);
    assert.equal(registry.rollout("0a0a0a0a")?.offers.size, 1);
  });

  it("go one rollout at a time to boards of one kind, also when one is resumed", () => {
    begin(IMAGE);
    const images = new ImageStore(dir);
    const next = images.add('run("next");', { image: "underpass", version: "3", added: T0, by: "test" });
    assert.throws(() => startRollout(registry, images, next, "test"), { code: "ROLLOUT_RUNS" });
    const act = (rollout: string, what: Act) =>
      actOnRollout(registry, images, { rollout, act: what, why: "", by: "t" });
    act("0a0a0a0a", "stop");
    const second = startRollout(registry, images, next, "test");
    assert.throws(() => act("0a0a0a0a", "resume"), { code: "ROLLOUT_RUNS" });
    assert.throws(() => act("0a0a0a0a", "stop"), { code: "ROLLOUT_STANDS" });
    assert.throws(() => act("0f0f0f0f", "stop"), { code: "NO_ROLLOUT" });
    act(second, "stop");
    act("0a0a0a0a", "resume");
    assert.equal(registry.rollout("0a0a0a0a")?.does, "resume");
  });

  it("are kept by what they are: one that was altered on the disk is not there", () => {
    begin(IMAGE);
    const images = new ImageStore(dir);
    const { id } = offerOf(IMAGE);
    assert.equal(images.of(id)?.version, "2");
    assert.equal(images.list().length, 1);
    writeFileSync(join(dir, "images", `${id}.js`), IMAGE + " ");
    assert.equal(new ImageStore(dir).of(id), undefined);
    assert.equal(new ImageStore(dir).of("../../x"), undefined);
    assert.throws(() => images.add("é", { image: "x", version: "1", added: T0, by: "t" }), { code: "IMAGE_UNFIT" });
  });
});
