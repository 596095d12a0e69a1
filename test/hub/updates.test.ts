import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { slotsSay } from "../../firmware/node/slots.js";
import { buildLoader, offerOf } from "../../hardware/flash-image.js";
import { SteppedClock } from "../../hub/clock.js";
import { Registry } from "../../hub/registry.js";
import type { Rollout } from "../../hub/registry/rollouts.js";
import { ImageStore } from "../../hub/updates/images.js";
import { actOnRollout, startRollout } from "../../hub/updates/acts.js";
import type { Act } from "../../hub/updates/progress.js";
import { decide, PROOF_PACKS, ringSizes } from "../../hub/updates/rings.js";
import type { Candidate } from "../../hub/updates/rings.js";
import { startUpdates } from "../../hub/updates/start.js";
import type { Updates } from "../../hub/updates/start.js";
import { boardTalk } from "../rig/board-talk.js";
import type { BoardTalk } from "../rig/board-talk.js";
import { VmLoader } from "../rig/vm-loader.js";

const T0 = Date.UTC(2026, 10, 1);
const DAY = 86_400_000;
const IMAGE = 'run("new"); // ~ an image\n// of two lines, which is longer than one piece can be: ' + "x".repeat(60);

function rollout(offers: Rollout["offers"] = new Map()): Rollout {
  return { id: "0a0a0a0a", image: "0b0b0b0b", does: "start", why: "", at: T0, by: "test", offers };
}
function candidate(board: string, more: Partial<Candidate> = {}): Candidate {
  return { board, heard: T0, periodS: 300, packs: 0, faults: 0, faultsBefore: 0, ...more };
}
const good = (at = T0) => ({ at: T0, outcome: { result: "good" as const, why: "", at } });
const fleet = (count: number) => Array.from({ length: count }, (_, i) => candidate(`b-${i}`));

describe("the rings of a rollout", () => {
  it("are one board, one in twenty, all", () => {
    assert.deepEqual(ringSizes(100), [1, 5, 100]);
    assert.deepEqual(ringSizes(5400), [1, 270, 5400]);
    assert.deepEqual(ringSizes(1), [1, 1, 1]);
    assert.deepEqual(ringSizes(0), [0, 0, 0]);
  });

  it("move on when every board has proved itself, and not before", () => {
    const all = fleet(100);
    const first = decide(rollout(), all, T0 + 1000, T0).offer;
    assert.equal(first.length, 1);
    const offered = rollout(new Map([["b-0", { at: T0, outcome: null }]]));
    assert.deepEqual(decide(offered, all, T0 + 1000, T0).offer, []);
    const proved = rollout(new Map([["b-0", good()]]));
    assert.deepEqual(decide(proved, all, T0 + 1000, T0).offer, []);
    all[0].packs = PROOF_PACKS;
    assert.equal(decide(proved, all, T0 + 1000, T0).offer.length, 4);
    all[0].packs = 0;
    assert.equal(decide(proved, all, T0 + DAY - 1, T0).offer.length, 0);
    all.forEach((one) => (one.heard = T0 + DAY));
    assert.equal(decide(proved, all, T0 + DAY, T0).offer.length, 4);
  });

  it("begin with a board that is heard just now", () => {
    const away = [candidate("b-0", { heard: null }), candidate("b-1", { heard: T0 - 2 * DAY })];
    assert.deepEqual(decide(rollout(), away, T0, T0).offer, []);
    assert.deepEqual(decide(rollout(), [...away, candidate("b-2")], T0, T0).offer, ["b-2"]);
  });

  it("stop at the first board that went back, and say why, until somebody has seen it", () => {
    const outcome = { result: "back" as const, why: "crash", at: T0 + 5 };
    const failed = rollout(new Map([["b-0", { at: T0, outcome }]]));
    assert.equal(decide(failed, fleet(9), T0 + 10, T0).stop, "b-0: back, crash");
    failed.at = T0 + 8;
    assert.equal(decide(failed, fleet(9), T0 + 10, T0).stop, "");
  });

  it("stop when a board has many more faults than before, or is not heard any more", () => {
    const offers = new Map([["b-0", good()]]);
    const worse = candidate("b-0", { packs: 20, faults: 0.5, faultsBefore: 0.1 });
    assert.equal(decide(rollout(offers), [worse], T0 + 1000, T0).outcomes[0].outcome, "worse");
    const same = candidate("b-0", { packs: 20, faults: 0.5, faultsBefore: 0.45 });
    assert.deepEqual(decide(rollout(offers), [same], T0 + 1000, T0).outcomes, []);
    const quiet = candidate("b-0", { heard: T0 + 1000, packs: 3 });
    const later = decide(rollout(offers), [quiet], T0 + 2 * DAY, T0);
    assert.equal(later.outcomes[0].outcome, "silent");
    assert.notEqual(later.stop, "");
    const rare = candidate("b-0", { heard: T0 + 1000, packs: 3, periodS: 86_400 });
    assert.deepEqual(decide(rollout(offers), [rare], T0 + 2 * DAY, T0).outcomes, []);
  });

  it("do not wait for boards that are away, nor take a hub that was away for boards that were", () => {
    const offers = new Map<string, Rollout["offers"] extends Map<string, infer O> ? O : never>([
      ["b-0", good()],
      ["b-1", { at: T0, outcome: null }],
    ]);
    const all = [
      candidate("b-0", { packs: 20, heard: T0 + 2 * DAY }),
      candidate("b-1", { heard: null }),
      candidate("b-2"),
    ];
    all[2].heard = T0 + 2 * DAY;
    assert.deepEqual(decide(rollout(offers), all, T0 + 2 * DAY, T0).offer, ["b-2"]);
    assert.deepEqual(decide(rollout(offers), all, T0 + 2 * DAY, T0 + 2 * DAY - 1000).offer, []);
  });
});

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
    updates = startUpdates(registry, clock, dir, (error) => {
      throw error;
    });
    return id;
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
    updates.source.after?.(talk.line("pack", 1, "[]", 1));
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
