/**
 * Why boards are laid out (firmware/node/pages.ts), shown on the real interpreter: its file system loses everything to a
 * supply that goes in a compaction; flash that is written by address loses what was being written.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildScript } from "../../hardware/bundle.js";
import { flashScript, regionIn, storedFiles } from "../../hardware/flash-image.js";
import { projectRoot } from "../../hub/root.js";
import { boardFolder, filesIn, interpreterFrom, laidOutFolder, LINUX_STORAGE } from "../rig/espruino.js";
import { startInterpreter } from "../rig/espruino.js";
import type { BoardFolder } from "../rig/espruino.js";
import { needStrace } from "../rig/strace.js";

/** What must survive, whatever happens behind it. */
const FRONT = { "aryk.cfg": `{"board":"b-1"}${" ".repeat(2400)}` };
const KILLS = 100;

/** A post's life in files: chunks of text come and go, and when room is short flash is gathered. */
const FILES = `var s=require("Storage"),t="";while(t.length<512)t+="a line that waits ";t=t.substr(0,512);
for(var k=0;k<12;k++){s.write("q"+k,"000000"+k,0,4096);for(var i=0;i<7;i++)s.write("q"+k,t,8+i*512);}
for(k=0;k<12;k+=3)s.erase("q"+k);
s.compact();print("gathered");E.reboot();`;

/** The same in pages, without an end. */
const PAGES = `
import { boardFlash } from "./firmware/node/flash-board.js";
import { LABEL_BYTES, pagesIn, pageStore } from "./firmware/node/pages.js";
declare function print(text: string): void;
declare function setTimeout(fn: () => void, ms: number): void;
const flash = boardFlash();
if (flash === null) print("no pages");
else {
  const store = pageStore(flash, pagesIn(flash.read(0, LABEL_BYTES)), () => undefined);
  let n = 0;
  const turn = (): void => {
    n += 1;
    const chunk = "aryk.q0" + (n % 5);
    store.create(chunk, "0000000" + (n % 10), 4096);
    for (let at = 8; at < 2000; at += 200) store.append(chunk, "a line that waits, of number " + n, at);
    store.create("aryk.b" + (n % 2), "identity " + n, 28);
    store.create("aryk.why", "error", 5);
    store.erase("aryk.why");
    print("turns " + n);
    setTimeout(turn, 0);
  };
  turn();
}`;

describe("a supply that goes while flash is written, on the real interpreter", function () {
  this.timeout(300_000);
  const bin = interpreterFrom("ESPRUINO_BIN");
  let board: BoardFolder | null = null;

  before(function () {
    if (bin !== null) return;
    console.log("      skipped: ESPRUINO_BIN does not name an Espruino interpreter (see firmware/README.md)");
    this.skip();
  });
  afterEach(() => {
    board?.remove();
    board = null;
  });

  const flashOf = (folder: string): string => join(folder, "espruino.flash");
  /** Runs the board until it is killed at its n-th write to flash, or until it ends; what it printed. */
  function killedAt(folder: string, n: number): string {
    const inject = `inject=write:signal=KILL:when=${n}`;
    const args = ["-f", "-qq", "-o", "/dev/null", "-P", flashOf(folder), "-e", "trace=write", "-e", inject, bin!];
    const run = spawnSync("strace", args, { cwd: folder, timeout: 20_000, encoding: "latin1" });
    return run.stdout;
  }
  /** Power comes for a moment. */
  function started(folder: string): string {
    const run = spawnSync(bin!, [], { cwd: folder, timeout: 500, killSignal: "SIGKILL", encoding: "latin1" });
    return run.stdout;
  }

  it("costs a board in files its program and its key, when flash was being gathered", function () {
    needStrace(this);
    board = boardFolder({ ".bootcde": FILES, ...FRONT });
    const { folder } = board;
    const before = readFileSync(flashOf(folder));
    let bare = 0;
    let wiped = 0;
    let gathered = false;
    // The writes of the gathering come behind those that fill the flash: one for each header, and each line. The front
    // goes first.
    for (let n = 12 * 9 + 5; !gathered && n < 200; n += 3) {
      writeFileSync(flashOf(folder), before);
      gathered = killedAt(folder, n).includes("gathered");
      if (gathered) continue;
      if (!filesIn(readFileSync(flashOf(folder))).has("aryk.cfg")) bare++;
      started(folder);
      if (!filesIn(readFileSync(flashOf(folder))).has("aryk.cfg")) wiped++;
    }
    console.log(`      program and key gone after the cut: ${bare}, after the start that followed: ${wiped}`);
    // Not the cut alone: the start after it erases a Storage whose chain of files it cannot follow.
    assert.ok(wiped > bare, "compaction has become safe: pages may not be needed any more");
  });

  it("comes after the flash was laid out, by a programmer or from the console: both leave the same bytes", async () => {
    assert.ok(bin);
    board = await laidOutFolder("var nothing=1;", FRONT);
    const { folder } = board;
    const made = readFileSync(flashOf(folder));
    writeFileSync(flashOf(folder), Buffer.alloc(made.length, 0x5a));
    writeFileSync(join(folder, "lay-out.js"), flashScript(made, LINUX_STORAGE));
    const run = spawnSync(bin, ["lay-out.js"], { cwd: folder, timeout: 60_000, encoding: "latin1" });
    assert.match(run.stdout, /written/);
    assert.ok(readFileSync(flashOf(folder)).equals(made));
  });

  it("costs a board in pages nothing that was not being written, a hundred times in a row", async () => {
    assert.ok(bin);
    board = await laidOutFolder(await buildScript("pages", PAGES, projectRoot(), true), FRONT);
    const { folder } = board;
    const first = readFileSync(flashOf(folder));
    const region = regionIn(first);
    assert.ok(region);
    const names = storedFiles(first).map(({ name, at, size }) => `${name} ${at} ${size}`);
    let turns = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const running = startInterpreter(bin, folder);
      await running.printed("slot 0");
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
      await running.kill();
      // It counts aloud: its last word is how often it came round.
      turns += Number([...running.output().matchAll(/turns (\d+)/g)].at(-1)?.[1] ?? 0);
      assert.doesNotMatch(running.output(), /corrupt|not laid out|no image|Uncaught|no pages/);
      const now = readFileSync(flashOf(folder));
      // Everything in front of the region, and every header, is as it was made.
      assert.ok(now.subarray(0, region.at).equals(first.subarray(0, region.at)), `kill ${kill}`);
      assert.deepEqual(
        storedFiles(now).map(({ name, at, size }) => `${name} ${at} ${size}`),
        names,
      );
    }
    assert.ok(turns > KILLS, `${turns} turns`);
    const files = filesIn(readFileSync(flashOf(folder)));
    assert.equal(files.get("aryk.cfg"), FRONT["aryk.cfg"]);
  });
});
