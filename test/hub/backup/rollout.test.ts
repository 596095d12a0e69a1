import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { slotsSay } from "../../../firmware/node/slots.js";
import { buildLoader, offerOf } from "../../../hardware/flash-image.js";
import { makeBackup } from "../../../hub/backup/make.js";
import type { Manifest } from "../../../hub/backup/make.js";
import { restoreBackup } from "../../../hub/backup/restore.js";
import { SteppedClock } from "../../../hub/clock.js";
import { SetupError } from "../../../hub/errors.js";
import { ImageStore, IMAGES_MOST } from "../../../hub/updates/images.js";
import { startUpdates } from "../../../hub/updates/start.js";
import type { Updates } from "../../../hub/updates/start.js";
import { boardTalk } from "../../rig/board-talk.js";
import type { BoardTalk } from "../../rig/board-talk.js";
import { VmLoader } from "../../rig/vm-loader.js";
import { keepHub, type KeptHub } from "./rig.js";

const START = 1_800_000_000_000;
const BOARD = "b-u1";
const ROLLOUT = "0a0a0a0a";
const OLD = 'run("old");';
const NEW = 'run("new"); // an image of many pieces: ' + "x".repeat(900);
const { id: IMAGE } = offerOf(NEW);
const FACTS = { image: "underpass", version: "2", added: START, by: "test" };
const unusable = (what: RegExp) => (e: unknown) =>
  e instanceof SetupError && e.code === "BACKUP_UNUSABLE" && what.test(e.message);

describe("backup and restore in the middle of a rollout", function () {
  this.timeout(60_000);
  let dir: string;
  let loader: string;
  let clock: SteppedClock;
  let running: { hub: KeptHub; updates: Updates }[];
  let board: VmLoader;
  const at = (...names: string[]): string => join(dir, ...names);

  before(async () => (loader = await buildLoader()));
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-rollout-"));
    clock = new SteppedClock(START);
    running = [];
    board = new VmLoader(OLD, loader);
    mkdirSync(at("first"));
    new ImageStore(at("first")).add(NEW, FACTS);
    const { hub, talk } = open("first");
    hub.registry.addBoard(BOARD, "test");
    hub.registry.add([{ kind: "rollout", rollout: ROLLOUT, image: IMAGE, does: "start", why: "" }], "test");
    // Some pieces only.
    talk.run(board.start(), 1, 5);
    assert.deepEqual(hub.registry.rollout(ROLLOUT)?.offers.get(BOARD)?.outcome, null);
    await stop();
  });
  afterEach(async () => {
    await stop();
    rmSync(dir, { recursive: true });
  });

  function open(name: string): { hub: KeptHub; updates: Updates; talk: BoardTalk } {
    const hub = keepHub(at(name), clock, { last: 0 });
    const updates = startUpdates(hub.registry, clock, at(name), (error) => {
      throw error;
    });
    running.push({ hub, updates });
    return { hub, updates, talk: boardTalk({ board: BOARD, registry: hub.registry, clock, updates: () => updates }) };
  }
  async function stop(): Promise<void> {
    for (const { hub, updates } of running.splice(0)) {
      updates.stop();
      await hub.stop();
    }
  }
  /** Lets the manifest name other files. */
  function say(made: string, files: Manifest["files"]): void {
    const manifest = JSON.parse(readFileSync(join(made, "manifest.json"), "utf8")) as Manifest;
    writeFileSync(join(made, "manifest.json"), JSON.stringify({ ...manifest, files }));
  }
  const backUp = () => makeBackup(at("first"), at("backups"), new Date(), "test");
  const restore = (made: string) => restoreBackup(at("second"), made, new Date(clock.now()));
  /** The board goes on where it is, to the end. */
  function finish({ hub, talk }: ReturnType<typeof open>): void {
    talk.run(board.start(), 2);
    const trial = board.start();
    assert.equal(trial.ran, "new");
    trial.boot.trial = false;
    talk.run(trial, 3);
    assert.equal(hub.registry.rollout(ROLLOUT)?.offers.get(BOARD)?.outcome?.result, "good");
    assert.equal(slotsSay(trial.post.hal).runs, IMAGE);
  }

  it("goes on where the board is, on a new machine, with the very image", () => {
    const { dir: made, manifest } = backUp();
    const names = manifest.files.map(({ name }) => name);
    for (const name of [`images/${IMAGE}.js`, `images/${IMAGE}.json`]) {
      assert.ok(names.includes(name), name);
      assert.equal(statSync(join(made, name)).mode & 0o077, 0, name);
    }
    rmSync(at("first"), { recursive: true });
    restore(made);
    const second = open("second");
    assert.deepEqual(new ImageStore(at("second")).list(), [{ ...offerOf(NEW), ...FACTS }]);
    // The first thing it asks for is not the beginning.
    const start = board.start();
    second.talk.greet(start, 2);
    second.talk.exchange(start, second.talk.line("pack", 1, "[]", 2));
    assert.ok((start.said().at ?? 0) > 0, JSON.stringify(start.said()));
    finish(second);
    assert.deepEqual(second.updates.component.check(), []);
  });

  it("says that the image is missing where it was altered before the backup, and goes on once it is made anew", () => {
    writeFileSync(at("first", "images", `${IMAGE}.js`), NEW + " ");
    const { dir: made, manifest } = backUp();
    assert.ok(!manifest.files.some(({ name }) => name.startsWith("images/")));
    assert.deepEqual(new ImageStore(at("first")).broken(), [IMAGE]);
    restore(made);
    const second = open("second");
    const [reason, ...more] = second.updates.component.check();
    assert.deepEqual([reason.code, more], ["image-missing", []]);
    assert.match(reason.message, new RegExp(`${ROLLOUT} stands still: its image ${IMAGE} .*aryk update add`));
    const start = board.start();
    second.talk.run(start, 2);
    assert.equal(start.rebooted(), false);
    new ImageStore(at("second")).add(NEW, FACTS);
    clock.advance(61_000);
    assert.deepEqual(second.updates.component.check(), []);
    finish(second);
  });

  it("is refused with an image that is not what its name says, or one too many, and touches nothing", () => {
    const { dir: made, manifest } = backUp();
    const code = join(made, "images", `${IMAGE}.js`);
    const other = 'run("other");';
    const sha256 = createHash("sha256").update(other).digest("hex");
    writeFileSync(code, other);
    assert.throws(() => restore(made), unusable(/is not what was backed up/));
    // Whoever can alter the manifest as well does not get the image past its name.
    say(
      made,
      manifest.files.map((file) => (file.name === `images/${IMAGE}.js` ? { ...file, sha256 } : file)),
    );
    assert.throws(() => restore(made), unusable(/is not the image that its name says/));
    writeFileSync(code, NEW);
    say(
      made,
      manifest.files.filter(({ name }) => !name.endsWith(".json")),
    );
    assert.throws(() => restore(made), unusable(/is not the image that its name says/));
    for (const name of ["images/../../x.js", "images/0a0a0a0a.js.js", "images/0A0A0A0A.js", "x/0a0a0a0a.js"]) {
      say(made, [...manifest.files, { name, bytes: 1, sha256, format: null }]);
      assert.throws(() => restore(made), unusable(/a file that no hub has/), name);
    }
    const many = Array.from({ length: IMAGES_MOST + 1 }, (_, i) => `images/${i.toString(16).padStart(8, "0")}.js`);
    for (const name of many) writeFileSync(join(made, name), other);
    say(
      made,
      many.map((name) => ({ name, bytes: other.length, sha256, format: null })),
    );
    assert.throws(() => restore(made), unusable(/names 501 images/));
    assert.deepEqual(readdirSync(at("second")), ["journal.sqlite.lock"]);
  });

  it("moves images aside for those that come; where none come, those that are there stay", () => {
    const { dir: made, manifest } = backUp();
    const { id: later } = new ImageStore(at("first")).add('run("later");', FACTS);
    const { aside } = restoreBackup(at("first"), made, new Date());
    assert.equal(new ImageStore(at("first")).of(later), undefined);
    assert.equal(readFileSync(join(aside!, "images", `${later}.js`), "latin1"), 'run("later");');
    // A backup of a former version.
    rmSync(join(made, "images"), { recursive: true });
    say(
      made,
      manifest.files.filter(({ name }) => !name.startsWith("images/")),
    );
    restoreBackup(at("first"), made, new Date(Date.now() + 1));
    finish(open("first"));
  });
});
