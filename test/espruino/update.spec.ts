/**
 * Images over the air on the real interpreter, through the real hub: a good one comes through a supply that fails again
 * and again, a bad one of each kind is left for the one before, and the hub is told which runs and why.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { pageOfFile, SLOT_AT } from "../../firmware/node/pages.js";
import { addVerdict, CODE_AT, headText, verdictsIn } from "../../firmware/node/verdicts.js";
import { offerOf, regionIn } from "../../hardware/flash-image.js";
import { buildImage } from "../../hardware/image.js";
import type { Image } from "../../hardware/image.js";
import { siteType } from "../../hardware/sites.js";
import { derive } from "../../hub/calibration/index.js";
import { realClock } from "../../hub/clock.js";
import { Journal } from "../../hub/journal.js";
import { startOrders } from "../../hub/orders/start.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { ImageStore } from "../../hub/updates/images.js";
import { startUpdates } from "../../hub/updates/start.js";
import { KEY, layBench } from "../rig/bench.js";
import type { Bench } from "../rig/bench.js";
import { interpreterFrom, laidOutFolder, startInterpreter } from "../rig/espruino.js";
import type { Interpreter } from "../rig/espruino.js";
import { needSocat } from "../rig/pty.js";
import { VmFlash } from "../rig/vm-flash.js";

const BOUND_MS = 600_000;
const NAME = "underpass";
const BOARD = `${NAME}-1`;
const ROLLOUT = "0a0a0a0a";
/** Ten minutes become three seconds: what waits for a minute or longer is shortened. */
const HASTE = "var st=setTimeout;global.setTimeout=function(f,t){return st(f,t>=60000?t/200:t)};\n";
/** Where the power goes in these is chance; every single write has its turn in update-cuts.spec.ts. */
const CUTS = 12;
/** Seconds between two packs of a board that takes an image in: nothing is obeyed in a round. */
const PERIOD_S = 20;

/**
 * Boards that are tried side by side: they wait most of the time, for rounds and answers. What plays a sensor's bytes
 * keeps a thread of Node's waiting, which has four unless it is told otherwise (package.json does).
 */
const SIDE_BY_SIDE = Math.max(1, Math.floor(Number(process.env.UV_THREADPOOL_SIZE ?? 4) / 4));

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + BOUND_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error("waited in vain: " + what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A hub that sends `code` to the one board it knows. */
function startHub(dir: string, code: string) {
  const registry = Registry.open(join(dir, "registry.sqlite"), realClock);
  const journal = Journal.open(join(dir, "journal.sqlite"));
  const key = KEY.toString("base64url");
  const { id } = new ImageStore(dir).add(code, { image: NAME, version: "new", added: Date.now(), by: "test" });
  registry.add(
    [
      { kind: "board", board: BOARD },
      { kind: "key", board: BOARD, id: "k1", key },
      { kind: "rollout", rollout: ROLLOUT, image: id, does: "start", why: "" },
    ],
    "test",
  );
  const failed = (error: unknown) => {
    throw error;
  };
  const updates = startUpdates(registry, realClock, dir, failed);
  const { orders, stop } = startOrders(registry, realClock, failed, { patient: [updates.source] });
  const deps = { clock: realClock, journal, registry, orders, quality: createQuality(), derive, derivedOf: () => [] };
  const { accept, stats } = createPipeline(deps);
  return {
    ...{ registry, journal, accept, stats, id },
    outcome: () => registry.rollout(ROLLOUT)?.offers.get(BOARD)?.outcome ?? null,
    resume: () => registry.add([{ kind: "rollout", rollout: ROLLOUT, image: id, does: "resume", why: "" }], "test"),
    async stop() {
      updates.stop();
      stop();
      await journal.close();
      registry.close();
    },
  };
}

/** Keeps the board powered: a restart that it asks for ends the interpreter on Linux. */
function keepOn(bench: Bench): { now(): Interpreter; printed(): string; stop(): void } {
  let running = bench.power();
  let before = "";
  const timer = setInterval(() => {
    if (!running.exited()) return;
    before += running.output();
    running = bench.power();
  }, 20);
  return { now: () => running, printed: () => before + running.output(), stop: () => clearInterval(timer) };
}

/** A good image, through a supply that fails again and again. */
async function tryGood(image: Image, bin: string, dir: string): Promise<void> {
  const newer = image.code.replaceAll(image.version, "9.9.9");
  assert.notEqual(newer, image.code);
  const hub = startHub(dir, newer);
  const bench = await layBench(siteType(NAME)!, image, bin, {
    real: hub.accept,
    metered: false,
    periodS: PERIOD_S,
  });
  try {
    await bench.listen(true);
    let board = bench.power();
    for (let cut = 0; cut < CUTS; cut++) {
      // From the first bytes of a start to the middle of a download; where it falls is chance.
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 5000));
      assert.doesNotMatch(board.output(), /OUT OF MEMORY|Uncaught|corrupt|no image|not laid out/);
      await bench.cut();
      board = bench.power();
    }
    await bench.cut();
    const on = keepOn(bench);
    await until("the new image to be good", () => {
      // Two cuts that fall into its trial are two crashes: somebody says that the rollout goes on.
      if (hub.registry.rollout(ROLLOUT)?.does === "stop") hub.resume();
      return hub.outcome()?.result === "good";
    });
    on.stop();
    assert.equal(hub.registry.reported(BOARD)?.runs, hub.id);
    assert.equal(hub.registry.reported(BOARD)?.version, "9.9.9");
    await bench.cut();
    const { refused, dead } = hub.stats();
    assert.deepEqual({ refused, dead }, { refused: {}, dead: {} });
    const missing = hub.journal.ranges(BOARD).reduce((sum, stream) => sum + stream.counts.missing, 0);
    assert.ok(missing <= bench.waiting().length, `${missing} missing, ${bench.waiting().length} waiting`);
  } finally {
    await bench.dispose();
    await hub.stop();
  }
}

/** An image that must be left for the one before, for this reason. */
async function tryBad(image: Image, bin: string, dir: string, text: string, why: string): Promise<void> {
  assert.notEqual(text, image.code);
  const hub = startHub(dir, text);
  const bench = await layBench(siteType(NAME)!, image, bin, {
    real: hub.accept,
    metered: false,
    boot0: HASTE,
    periodS: text.length > 1000 ? PERIOD_S : 4,
  });
  try {
    await bench.listen(true);
    const on = keepOn(bench);
    await until(`the board to be back: ${on.printed().slice(-500)}`, () => hub.outcome() !== null);
    assert.deepEqual({ result: hub.outcome()?.result, why: hub.outcome()?.why }, { result: "back", why });
    const { runs } = hub.registry.reported(BOARD)!;
    assert.notEqual(runs, hub.id);
    const packs = hub.stats().stored;
    await until("packs of the image before", () => hub.stats().stored >= packs + 2);
    assert.match(on.printed(), /slot 1 on trial/);
    assert.match(hub.registry.rollout(ROLLOUT)?.why ?? "", new RegExp(`${BOARD}: back, ${why}`));
    on.stop();
    assert.deepEqual(hub.stats().dead, {});
  } finally {
    await bench.dispose();
    await hub.stop();
  }
}

const BAD: Record<string, { code: (image: Image) => string; why: string }> = {
  "throws at its start": { code: () => 'throw new Error("bad");', why: "crash" },
  "is no program": { code: () => "function(((", why: "crash" },
  "does nothing": { code: () => "var nothing=1;", why: "crash" },
  "throws later, before it is set up": { code: () => 'setTimeout(function(){throw "late"},10);', why: "crash" },
  "restarts the board again and again": { code: () => "setTimeout(function(){E.reboot()},200);", why: "crash" },
  "sends what no hub understands": { code: ({ code }) => code.replace(/"aryk1"/, '"arykX"'), why: "silent" },
};

const VARIABLES = ["ESPRUINO_BIN", "ESPRUINO_BOARD_BIN", "ESPRUINO_SMALL_BIN"];
/** By interpreter and what is tried on it. */
const tries = new Map<string, Promise<void>>();

/** Begins with everything on every interpreter; what fails is told where it is waited for. */
async function beginAll(): Promise<void> {
  const image = await buildImage(NAME);
  const lanes = new Array<Promise<void>>(SIDE_BY_SIDE).fill(Promise.resolve());
  const begin = (what: string, run: (dir: string) => Promise<void>): void => {
    const lane = tries.size % lanes.length;
    const ended = lanes[lane].then(async () => {
      const dir = mkdtempSync(join(tmpdir(), "aryk-update-"));
      await run(dir).finally(() => rmSync(dir, { recursive: true, force: true }));
    });
    tries.set(what, ended);
    lanes[lane] = ended.catch(() => undefined);
  };
  for (const variable of VARIABLES) {
    const bin = interpreterFrom(variable);
    // The image of this site type needs more variables in a round than the small heap has.
    if (bin === null || variable === "ESPRUINO_SMALL_BIN") continue;
    begin(`${variable} good`, (dir) => tryGood(image, bin, dir));
    for (const [what, { code, why }] of Object.entries(BAD))
      begin(`${variable} ${what}`, (dir) => tryBad(image, bin, dir, code(image), why));
  }
}

describe("images over the air on the real interpreter", function () {
  this.timeout(3 * BOUND_MS);

  before(async function () {
    if (VARIABLES.every((variable) => interpreterFrom(variable) === null)) return;
    needSocat(this);
    await beginAll();
  });
  after(() => Promise.allSettled(tries.values()));

  for (const variable of VARIABLES) describe(variable, () => onInterpreter(variable));
});

function onInterpreter(variable: string): void {
  const bin = interpreterFrom(variable);

  before(function () {
    if (bin !== null) return;
    console.log(`      skipped: ${variable} does not name an Espruino interpreter (see firmware/README.md)`);
    this.skip();
  });

  const tried = (what: string) =>
    async function (this: Mocha.Context): Promise<void> {
      const ended = tries.get(`${variable} ${what}`);
      if (ended === undefined) return this.skip();
      await ended;
    };

  it("brings a good image through a supply that fails again and again, and loses no pack", tried("good"));

  const hungry: Record<string, { code: string; what: RegExp }> = {
    "while it starts": {
      code: 'print("eats");(function(){var a=[];for(;;)a.push([1,2,3])})();',
      what: /eats[^]*MEMORY/,
    },
    // And nobody is told of it: what is left is the timer, which needs no heap.
    "while it starts, and holds on to it": {
      code: 'E.removeAllListeners("errorFlag");print("eats");global.a="";for(;;)a+="xxxxxxxxxxxxxxxxxxxxxxxxxxx";',
      what: /eats[^]*MEMORY/,
    },
    "when it has set itself up": {
      code: 'aryk.ok=true;print("eats");global.a=[];setInterval(function(){a.push([1,2,3,4,5,6,7,8,9])},0);',
      what: /eats[^]*MEMORY/,
    },
  };
  for (const [when, { code, what }] of Object.entries(hungry))
    it(`goes back from an image that fills the heap ${when}`, async function () {
      // With a heap that grows, running out of it takes the machine along.
      if (variable === "ESPRUINO_BIN") return this.skip();
      assert.ok(bin);
      const board = await laidOutFolder('print("old runs");', { ".boot0": HASTE });
      try {
        const file = join(board.folder, "espruino.flash");
        const flash = readFileSync(file);
        const region = regionIn(flash)!;
        const crc = (text: string) => crc32(Buffer.from(text, "latin1")).toString(16).padStart(8, "0");
        flash.write(headText(crc, offerOf(code)), region.at + SLOT_AT[1], "latin1");
        flash.write(code, region.at + SLOT_AT[1] + CODE_AT, "latin1");
        addVerdict(new VmFlash(flash, region.at), crc, pageOfFile("aryk.upd") + 12, "r", 1, "-");
        writeFileSync(file, flash);
        for (let start = 0; start < 2; start++) {
          const running = startInterpreter(bin, board.folder);
          await running.printed(what);
          await until("the restart", () => running.exited());
        }
        const running = startInterpreter(bin, board.folder);
        await running.printed(/slot 0[^]*old runs/);
        await running.kill();
        assert.equal(verdictsIn(new VmFlash(readFileSync(file), region.at), crc).back, "c");
      } finally {
        board.remove();
      }
    });

  for (const what of Object.keys(BAD)) it(`goes back from an image that ${what}, and says so`, tried(what));
}
