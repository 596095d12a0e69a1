/**
 * An image over the air on the real interpreter, whose supply goes at every single write to flash that this takes: at
 * the erasures and records of an offer, at each piece, at the word that starts the trial, at the loader's mark, at the
 * verdict. Each is cut off before it, and within it. Whatever was cut, an image runs, and in the end it is the new one.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { PAGE_BYTES, pageOfFile, SLOT_AT, SLOT_PAGES } from "../../firmware/node/pages.js";
import { addVerdict, CODE_AT, CODE_MAX, codeIn, headText, verdictsIn } from "../../firmware/node/verdicts.js";
import { wantBody } from "../../firmware/wire/image.js";
import { buildScript } from "../../hardware/bundle.js";
import { offerOf, regionIn } from "../../hardware/flash-image.js";
import { buildImage } from "../../hardware/image.js";
import { projectRoot } from "../../hub/root.js";
import { KEY } from "../rig/bench.js";
import { interpreterFrom, laidOutFolder, startInterpreter } from "../rig/espruino.js";
import type { BoardFolder } from "../rig/espruino.js";
import { needStrace } from "../rig/strace.js";
import { VmFlash } from "../rig/vm-flash.js";

const NAME = "underpass";
/** Boards side by side: each waits most of the time. */
const BOARDS = 6;
const crc = (text: string): string => crc32(Buffer.from(text, "latin1")).toString(16).padStart(8, "0");

/**
 * An image that is all about images: what slots.ts and trial.ts do is the firmware's; what the hub would send stands in
 * Storage, by the version that is to take it. It ends each start by a restart, which ends the interpreter on Linux.
 */
const STORY = `
import { boardFlash } from "./firmware/node/flash-board.js";
import { LABEL_BYTES, pagesIn, pageStore } from "./firmware/node/pages.js";
import { takeReset } from "./firmware/node/reset.js";
import { go, piece, want } from "./firmware/node/slots.js";
import { onTrial } from "./firmware/node/trial.js";
import { escapePiece } from "./firmware/wire/image.js";
const VERSION = "version A";
const PIECE = 400;
const files = require("Storage");
const flash = boardFlash();
const reboot = () => E.reboot();
if (flash === null) print("no pages");
else {
  const hal = {
    flash: flash, boot: global.aryk, print: print, reboot: reboot, uptimeMs: () => 0,
    store: pageStore(flash, pagesIn(flash.read(0, LABEL_BYTES)), (name, at, length) => files.read(name, at, length)),
    crc32Hex: (text) => ("0000000" + E.CRC32(text).toString(16)).slice(-8),
    sha256: (data) => new Uint8Array(require("crypto").SHA256(data)),
    after: (_ms, fn) => { fn(); return () => undefined; },
  };
  print(VERSION + " runs, " + takeReset(hal.store));
  const trial = onTrial(hal, { line: () => "1.1.1", settle: () => undefined }, { packOf: () => "1.1.1" }, "1.1", 1000);
  trial.outbox.settle({ slot: 0, serial: 1, at: 8 });
  const offer = files.read("want " + VERSION);
  if (offer === undefined) print(VERSION + " stays");
  else {
    const words = offer.split(",");
    let said = "";
    const post = { hal: hal, say: (body) => { said = body; } };
    const order = (run, body) => run(post, body, body.split(","));
    order(want, offer);
    for (let i = 0; i < 400; i++) {
      const word = JSON.parse(said);
      if (word.verb === "piece") {
        const text = files.read("code " + VERSION, word.at, Math.min(PIECE, words[2] - word.at));
        order(piece, "piece," + words[1] + "," + word.at + "," + escapePiece(text));
      } else if (word.verb === "whole") order(go, "go," + words[1]);
      else order(want, offer);
    }
  }
  reboot();
}`;

/** One write to flash: what it was, and flash before it and behind it. */
interface Write {
  /** Which of the three starts made it, from 0: A takes B in, B is tried and takes C in, C is tried. */
  start: number;
  kind: string;
  before: Buffer;
  after: Buffer;
}

const OFFERED = ["erasure of the head", "erasure of the records", "record g, the first", "head"];
const PIECES = ["first piece", "piece", "piece over a page's edge", "last piece"];
const GONE = ["record r", "why"];
const TRIED = ["record s", "erasure of why", "record g, of a trial"];

/** Where two flashes differ, from the beginning of the region on. */
function differing(a: Buffer, b: Buffer, regionAt: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) places.push(i - regionAt);
  return places;
}

function kindOf(before: Buffer, after: Buffer, regionAt: number, bytes: number): string {
  const places = differing(before, after, regionAt);
  const [first, last] = [places[0], places[places.length - 1]];
  const erased = places.every((place) => after[regionAt + place] === 0xff);
  const page = Math.floor(first / PAGE_BYTES) * PAGE_BYTES;
  if (page === pageOfFile("aryk.why")) return erased ? "erasure of why" : "why";
  if (page === pageOfFile("aryk.upd")) {
    if (erased) return "erasure of the records";
    const verb = String.fromCharCode(after[regionAt + first]);
    return `record ${verb}` + (verb !== "g" ? "" : first === page ? ", the first" : ", of a trial");
  }
  const slotAt = first >= SLOT_AT[1] ? SLOT_AT[1] : SLOT_AT[0];
  assert.ok(first >= slotAt && last < slotAt + SLOT_PAGES * PAGE_BYTES, `a write at ${first}`);
  if (erased) return page === slotAt ? "erasure of the head" : "erasure";
  if (first === slotAt) return "head";
  if (first === slotAt + CODE_AT) return "first piece";
  if (last === slotAt + CODE_AT + bytes - 1) return "last piece";
  return last >= page + PAGE_BYTES ? "piece over a page's edge" : "piece";
}

/** Half of it is done, of a quarter a part of the bits, of the rest nothing. */
function torn({ before, after }: Write): Buffer {
  const flash = Buffer.from(before);
  const places = differing(before, after, 0);
  for (const [n, i] of places.entries()) {
    const [was, will] = [before[i], after[i]];
    if (n < places.length / 2) flash[i] = will;
    else if (n < (places.length * 3) / 4) flash[i] = (was & will) | ((was | will) & 0x55);
  }
  return flash;
}

/** Runs the board until it restarts itself, or is killed: what it printed, and whether it came to its own end. */
async function run(command: string, args: string[], folder: string): Promise<{ printed: string; ended: boolean }> {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"], timeout: 20_000 });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("latin1")));
  await once(child, "close");
  return { printed, ended: child.exitCode !== null };
}

/** Everything that is done with one flash after another, by as many boards as there are. */
async function byAll<T>(
  boards: BoardFolder[],
  jobs: T[],
  job: (one: T, folder: string) => Promise<void>,
): Promise<void> {
  const left = [...jobs];
  await Promise.all(
    boards.map(async ({ folder }) => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) await job(one, folder);
    }),
  );
}

const flashIn = (folder: string): string => join(folder, "espruino.flash");
const killAt = (folder: string, n: number, bin: string): string[] => [
  ...["-f", "-qq", "-o", "/dev/null", "-P", flashIn(folder)],
  ...["-e", "trace=write", "-e", `inject=write:signal=KILL:when=${n}`, bin],
];

/** Flash behind each of the writes of one start, as a cut before the next one leaves it; the first is `from`. */
async function writesOf(boards: BoardFolder[], bin: string, from: Buffer): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for (let last = Infinity; last === Infinity;) {
    const numbers = boards.map((_, i) => all.length + 1 + i);
    await byAll(boards, numbers, async (n, folder) => {
      writeFileSync(flashIn(folder), from);
      const { ended } = await run("strace", killAt(folder, n, bin), folder);
      all[n - 1] = readFileSync(flashIn(folder));
      if (ended) last = Math.min(last, n);
    });
    // There was no write of that number: flash is as the start left it.
    if (last !== Infinity) all.length = last;
  }
  return all;
}

for (const variable of ["ESPRUINO_BIN", "ESPRUINO_BOARD_BIN", "ESPRUINO_SMALL_BIN"])
  describe(`a supply that goes at any write of an update, on the interpreter of ${variable}`, function () {
    this.timeout(300_000);
    const bin = interpreterFrom(variable);

    before(function () {
      if (bin !== null) return needStrace(this);
      console.log(`      skipped: ${variable} does not name an Espruino interpreter (see firmware/README.md)`);
      this.skip();
    });

    it("leaves an image to run, and the new one comes all the same", async function () {
      // No image fits the small heap.
      if (variable === "ESPRUINO_SMALL_BIN") return this.skip();
      assert.ok(bin);
      const code = await buildScript("story", STORY, projectRoot(), true);
      const [a, b, c] = ["A", "B", "C"].map((letter) => code.replace("version A", `version ${letter}`));
      const hub = {
        ...{ "want version A": wantBody(offerOf(b)), "code version A": b },
        ...{ "want version B": wantBody(offerOf(c)), "code version B": c },
      };
      const boards = await Promise.all(Array.from({ length: BOARDS }, () => laidOutFolder(a, hub)));
      try {
        const first = readFileSync(flashIn(boards[0].folder));
        const region = regionIn(first)!;
        // Its other slot is full of an image before: every page of it must go.
        const older = "//".padEnd(CODE_MAX, "an image before ");
        first.write(headText(crc, offerOf(older)), region.at + SLOT_AT[1], "latin1");
        first.write(older, region.at + SLOT_AT[1] + CODE_AT, "latin1");

        const writes: Write[] = [];
        for (let start = 0, from: Buffer = first; start < 3; start++) {
          const states = await writesOf(boards, bin, from);
          for (const [n, after] of states.slice(1).entries())
            if (!after.equals(states[n]))
              writes.push({ start, kind: kindOf(states[n], after, region.at, a.length), before: states[n], after });
          from = states[states.length - 1];
        }
        const kinds = (start: number): string[] =>
          [...new Set(writes.filter((one) => one.start === start).map(({ kind }) => kind))].sort();
        assert.deepEqual(kinds(0), [...OFFERED, "erasure", ...PIECES, ...GONE].sort());
        assert.deepEqual(kinds(1), [...TRIED, ...OFFERED, "erasure", ...PIECES, ...GONE].sort());
        assert.deepEqual(kinds(2), [...TRIED].sort());

        /** What runs next, when so many writes are whole: the image that was started last. */
        const next = (whole: number): string =>
          "ABC"[writes.slice(0, whole).filter(({ kind }) => kind === "record r").length];
        const cuts = writes.flatMap((write, n) => [
          { where: `before write ${n}, ${write.kind}`, flash: write.before, runs: next(n) },
          { where: `within write ${n}, ${write.kind}`, flash: torn(write), runs: next(n) },
        ]);
        await byAll(boards, cuts, async ({ where, flash, runs }, folder) => {
          writeFileSync(flashIn(folder), flash);
          let printed = "";
          for (let start = 0; start < 5 && !printed.includes("version C stays"); start++)
            printed += (await run(bin, [], folder)).printed;
          const ran = [...printed.matchAll(/version (.) runs/g)].map(([, letter]) => letter);
          assert.equal(ran[0], runs, `${where}: ${printed}`);
          assert.deepEqual([...ran].sort(), ran, `${where}: none runs again that was left: ${printed}`);
          assert.match(printed, /version C stays/, where);
          assert.doesNotMatch(printed, /MEMORY|Uncaught|no image|no pages|not laid out|bad-crc/, where);
          const slots = [0, 1].map((slot) => codeIn(new VmFlash(readFileSync(flashIn(folder)), region.at), crc, slot));
          assert.ok(slots[0] === c && slots[1] === b, `${where}: the slots hold what was sent`);
        });
        console.log(`      ${writes.length} writes, ${cuts.length} cuts`);
      } finally {
        for (const board of boards) board.remove();
      }
    });

    it("leaves an image to run, wherever in the first writes of a real image's trial the power goes", async function () {
      assert.ok(bin);
      const image = await buildImage(NAME);
      const setUp = { board: `${NAME}-1`, keyId: "k1", key: KEY.toString("hex"), uplink: {} };
      const newer = image.code.replaceAll(image.version, "9.9.9");
      const board = await laidOutFolder(image.code, { "aryk.cfg": JSON.stringify(setUp) });
      try {
        const file = flashIn(board.folder);
        const flash = readFileSync(file);
        const region = regionIn(flash)!;
        flash.write(headText(crc, offerOf(newer)), region.at + SLOT_AT[1], "latin1");
        flash.write(newer, region.at + SLOT_AT[1] + CODE_AT, "latin1");
        addVerdict(new VmFlash(flash, region.at), crc, pageOfFile("aryk.upd") + 12, "r", 1, "-");
        const starts = async (): Promise<string> => {
          const running = startInterpreter(bin, board.folder);
          await running.printed(/underpass \d+\.\d+\.\d+\s/);
          await running.kill();
          return running.output();
        };
        for (let n = 1; n <= 20; n++) {
          writeFileSync(file, flash);
          assert.ok(!(await run("strace", killAt(board.folder, n, bin), board.folder)).ended, `write ${n}`);
          assert.match(await starts(), /slot 1 on trial[^]*underpass 9\.9\.9/, `cut at write ${n}`);
          // With the start that was cut short this is the second or the third that was not outlasted.
          await starts();
          assert.match(await starts(), /slot 0[^]*underpass 0\.1\.0/, `cut at write ${n}`);
          assert.equal(verdictsIn(new VmFlash(readFileSync(file), region.at), crc).back, "c");
        }
      } finally {
        board.remove();
      }
    });
  });
