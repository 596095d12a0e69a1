import assert from "node:assert/strict";
import { lineForm } from "../../firmware/node/form.js";
import type { Outbox } from "../../firmware/node/outbox.js";
import type { Uplink, UplinkEvents } from "../../firmware/node/sender.js";
import { back, go, piece, slotsSay, want } from "../../firmware/node/slots.js";
import { SLOT_AT } from "../../firmware/node/pages.js";
import { HANGS_S } from "../../firmware/node/supervisor.js";
import { onTrial } from "../../firmware/node/trial.js";
import { CODE_AT, verdictsIn } from "../../firmware/node/verdicts.js";
import { chainOf, escapePiece, offerIn, unescapePiece, wantBody } from "../../firmware/wire/image.js";
import { FIELDS } from "../../hardware/bundle.js";
import { buildLoader, imageFault, offerOf } from "../../hardware/flash-image.js";
import { VmLoader } from "../rig/vm-loader.js";
import type { Start } from "../rig/vm-loader.js";
import { PowerCut } from "../rig/vm-storage.js";

const OLD = 'run("old"); // the image that the board came with';
const NEW = 'run("new"); // an image ~ of two lines,\n// with what a piece has to write otherwise';
const PIECE = 24;

/** What the hub does about one line of the board: offers, sends what is asked for, starts what is whole. */
function answer(start: Start, code: string): void {
  const said = start.said();
  const command = (body: string): [Start["post"], string, string[]] => [start.post, body, body.split(",")];
  const offer = offerOf(code);
  if (said.to !== offer.id) want(...command(wantBody(offer)));
  else if (said.verb === "piece")
    piece(...command(`piece,${offer.id},${said.at},${escapePiece(code.slice(said.at, (said.at ?? 0) + PIECE))}`));
  else if (said.verb === "whole") go(...command(`go,${offer.id}`));
  else want(...command(wantBody(offer)));
}

/** What is due within so many ms happens. */
function pass(start: Start, ms: number): void {
  start.nowMs += ms;
  const due = start.timers.filter((timer) => timer.ms <= ms).sort((a, b) => a.ms - b.ms);
  // One may call another off.
  for (const timer of due) if (start.timers.includes(timer)) timer.fn();
  start.timers.splice(0);
}

/** The node of this start with its link down: it settles the one pack that it has, of the seventh start of its flash. */
function node(start: Start, boot = 7): { up(): void; down(): void; settle(): void } {
  const outbox: Outbox = {
    add: () => true,
    newest: () => null,
    line: () => `aryk1 pack b-1 0a0b0c0d.${boot}.1 1 - [] k1.00`,
    settle: () => undefined,
    waiting: () => 1,
    rounds: () => 0,
  };
  const form = lineForm(() => "");
  const trial = onTrial(start.post.hal, outbox, form, "0a0b0c0d.7", 1000);
  const at: { events?: UplinkEvents } = {};
  const uplink: Uplink = {
    answerMs: 1,
    start: (events) => (at.events = events),
    send: () => undefined,
    unanswered: () => undefined,
  };
  trial.watch(uplink, 600_000).start({ up: () => undefined, down: () => undefined, line: () => undefined });
  return {
    up: () => at.events?.up(),
    down: () => at.events?.down(),
    settle: () => trial.outbox.settle({ slot: 0, serial: 1, at: 8 }),
  };
}

/** The link comes up, and the hub has a pack of this start. */
function prove(start: Start): void {
  const it = node(start);
  it.up();
  it.settle();
}

/** Takes in an image and starts it; the start that then follows. */
function load(board: VmLoader, code: string, from = board.start()): Start {
  for (let i = 0; i < 100 && !from.rebooted(); i++) {
    answer(from, code);
    pass(from, 1000);
  }
  assert.ok(from.rebooted(), JSON.stringify(from.said()));
  return board.start();
}

describe("an image over the air", () => {
  let loader: string;
  before(async () => (loader = await buildLoader()));
  const board = () => new VmLoader(OLD, loader);
  const told = (start: Start) => slotsSay(start.post.hal);

  it("is taken in, tried, and stays when one of its packs is on disk", () => {
    const b = board();
    const first = b.start();
    assert.equal(first.ran, "old");
    assert.deepEqual(told(first), { slot: 0, runs: offerOf(OLD).id });
    const trial = load(b, NEW, first);
    assert.equal(trial.ran, "new");
    assert.ok(trial.boot.trial);
    prove(trial);
    assert.equal(trial.boot.trial, false);
    const later = b.start();
    assert.equal(later.ran, "new");
    assert.equal(later.boot.trial, false);
    const length = OLD.length;
    assert.deepEqual(told(later), { slot: 1, runs: offerOf(NEW).id, has: `${offerOf(OLD).id}:${length}` });
  });

  it("is given up after two starts that it did not outlast, and the board says so", () => {
    const b = board();
    assert.equal(load(b, NEW).ran, "new");
    assert.equal(b.start().ran, "new");
    const third = b.start();
    assert.equal(third.ran, "old");
    assert.equal(told(third).back, "crash");
    assert.equal(b.start().ran, "old");
  });

  it("is given up at once when it throws, and when it is not set up in ten minutes", () => {
    const b = board();
    const thrown = load(b, 'throw new Error("bad")');
    assert.equal(thrown.ran, "");
    assert.ok(thrown.rebooted());
    const after = b.start();
    assert.equal(after.ran, "old");
    assert.equal(told(after).back, "crash");
    const idle = load(b, NEW, after);
    pass(idle, 599_999);
    assert.equal(idle.rebooted(), false);
    idle.timers.push({ fn: () => undefined, ms: 1 });
    const again = load(board(), NEW);
    pass(again, 600_000);
    assert.ok(again.rebooted());
  });

  it("is given a watchdog before its first line, and started again when it fills the heap", () => {
    const b = board();
    assert.equal(b.start().watchdogS, 0);
    const trial = load(b, NEW);
    assert.equal(trial.watchdogS, HANGS_S);
    trial.errorFlags(["FIFO_FULL", "LOW_MEMORY"]);
    assert.equal(trial.rebooted(), false);
    trial.errorFlags(["LOW_MEMORY", "MEMORY"]);
    assert.ok(trial.rebooted());
    const again = b.start();
    assert.ok(again.boot.trial);
    again.errorFlags(null);
    assert.ok(again.rebooted());
    const after = b.start();
    assert.equal(after.ran, "old");
    assert.equal(told(after).back, "crash");
    // A good image that was once short of memory is not restarted for it.
    after.errorFlags(["MEMORY"]);
    assert.equal(after.rebooted(), false);
  });

  it("is started again after ten minutes when no function of its own can run any more, and left alone once it is set up", () => {
    const full = load(board(), NEW);
    full.boot.ok = true;
    // Every call of a function fails for want of memory: only the interpreter's own are left.
    for (const timer of full.timers) if (timer.ms !== 600_000) timer.fn = () => undefined;
    pass(full, 600_000);
    assert.ok(full.rebooted());
    const sound = load(board(), NEW);
    sound.boot.ok = true;
    pass(sound, 600_000);
    assert.equal(sound.rebooted(), false);
  });

  it("is given up when the link is up for ten minutes and none of its packs gets through", () => {
    const b = board();
    const trial = load(b, NEW);
    // A pack of an earlier start proves the link, not the image.
    const it = node(trial, 6);
    it.up();
    it.settle();
    assert.ok(trial.boot.trial);
    const due = () => trial.timers.map((t) => t.ms).sort((x, y) => x - y);
    assert.deepEqual(due(), [590_000, 600_000, 600_000]);
    trial.nowMs = 400_000;
    it.down();
    trial.nowMs = 90_000_000;
    it.up();
    assert.deepEqual(due(), [200_000, 590_000, 600_000]);
    trial.timers.find((t) => t.ms === 200_000)?.fn();
    pass(trial, 1000);
    assert.ok(trial.rebooted());
    const after = b.start();
    assert.equal(after.ran, "old");
    assert.equal(told(after).back, "silent");
  });

  it("is not started when it is not what was offered, nor when flash has lost some of it since", () => {
    const b = board();
    const first = b.start();
    const offer = offerOf(NEW);
    const command = (body: string): [Start["post"], string, string[]] => [first.post, body, body.split(",")];
    want(...command(wantBody(offer)));
    const other = NEW.replace("two", "one");
    piece(...command(`piece,${offer.id},0,${escapePiece(other)}`));
    assert.deepEqual(first.said(), { verb: "torn", to: offer.id });
    go(...command(`go,${offer.id}`));
    assert.deepEqual(first.said(), { verb: "torn", to: offer.id });
    // An image of the same name and CRC that is another all the same: only the chain tells.
    want(...command(wantBody({ ...offer, chain: "0123456789abcdef" })));
    for (let i = 0; i < 20 && first.said().verb === "piece"; i++) {
      const at = first.said().at ?? 0;
      piece(...command(`piece,${offer.id},${at},${escapePiece(NEW.slice(at, at + PIECE))}`));
    }
    assert.deepEqual(first.said(), { verb: "torn", to: offer.id });
    const trial = load(b, NEW, first);
    assert.equal(trial.ran, "new");
    b.flash.write(SLOT_AT[1] + CODE_AT + 3, "\0");
    const after = b.start();
    assert.equal(after.ran, "old");
    assert.equal(told(after).back, "bad-crc");
  });

  it("is refused while another is on trial, when no slot takes it, and by a board without slots", () => {
    const b = board();
    const big = "x".repeat(70_000);
    const first = b.start();
    const command = (start: Start, body: string): [Start["post"], string, string[]] => [
      start.post,
      body,
      body.split(","),
    ];
    want(...command(first, wantBody(offerOf(big))));
    assert.equal(first.said().why, "size");
    const trial = load(b, NEW, first);
    want(...command(trial, wantBody(offerOf("third"))));
    assert.equal(trial.said().why, "trial");
    const bare = b.start();
    bare.post.hal.boot = null;
    want(...command(bare, wantBody(offerOf(NEW))));
    assert.equal(bare.said().why, "no-slots");
    assert.deepEqual(slotsSay(bare.post.hal), {});
    assert.deepEqual(slotsSay({ ...bare.post.hal, flash: null }), { fence: "missing" });
  });

  it("is left for the one before when the hub says so", () => {
    const b = board();
    const alone = b.start();
    back(alone.post);
    assert.equal(alone.said().why, "no-other");
    const trial = load(b, NEW, alone);
    prove(trial);
    back(trial.post);
    pass(trial, 1000);
    const after = b.start();
    assert.equal(after.ran, "old");
    assert.equal(told(after).back, "ordered");
  });

  it("leaves one of the two to run, and comes through in the end, wherever the power goes and goes again", function () {
    this.timeout(30_000);
    let cut = 0;
    let whole = false;
    for (; !whole; cut += 3) {
      const b = board();
      b.flash.cutAfter(cut);
      let cuts = 0;
      const on = (): Start => {
        for (;;) {
          try {
            const start = b.start();
            assert.match(start.ran, /^(old|new)$/, `after ${cut} steps nothing runs`);
            return start;
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error;
            cuts++;
            b.flash.cutAfter(cuts < 2 ? (cut * 7) % 400 : Infinity);
          }
        }
      };
      let start = on();
      for (let i = 0; i < 200 && !(start.ran === "new" && !start.boot.trial); i++) {
        try {
          if (start.boot.trial) prove(start);
          else answer(start, NEW);
          pass(start, 1000);
          if (start.rebooted()) start = on();
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
          cuts++;
          b.flash.cutAfter(cuts < 2 ? (cut * 7) % 400 : Infinity);
          start = on();
        }
      }
      assert.equal(start.ran, "new", `cut after ${cut} steps`);
      b.flash.cutAfter(Infinity);
      assert.equal(b.start().ran, "new", `cut after ${cut} steps`);
      whole = cuts === 0;
    }
    assert.ok(cut > 200, `${cut} steps`);
  });

  it("begins each exchange with records of its own, so that they never fill their page", () => {
    const b = board();
    let start = b.start();
    for (let i = 0; i < 12; i++) {
      const next = load(b, `run("n${i}"); // number ${i}`, start);
      prove(next);
      start = b.start();
      assert.equal(start.ran, `n${i}`);
    }
    const { end } = verdictsIn(b.flash, start.post.hal.crc32Hex);
    assert.ok(end % 4096 < 100, `${end % 4096} bytes of records`);
  });
});

describe("an image's names and pieces", () => {
  it("are the same for board and hub, and any other image has others", () => {
    const offer = offerOf(NEW);
    assert.deepEqual(offerIn(wantBody(offer).split(",")), offer);
    assert.ok(wantBody(offer).length <= 60, wantBody(offer));
    const changed = offerOf(NEW.replace("two", "one"));
    assert.notEqual(changed.id, offer.id);
    assert.notEqual(changed.chain, offer.chain);
    assert.equal(offerIn(["want", "short", "1", offer.crc, offer.chain]), null);
    assert.equal(
      chainOf(
        () => new Uint8Array(32),
        () => "",
        0,
      ),
      "0000000000000000",
    );
  });

  it("survive what a line cannot carry", () => {
    for (const text of [NEW, "~n ~s\n~t~", "~", " ", "~~t\n", "a,b,,c"]) {
      assert.doesNotMatch(escapePiece(text), /[ \n]/);
      assert.equal(unescapePiece(escapePiece(text)), text);
    }
  });

  it("are refused for what could not be sent or stored", () => {
    assert.equal(imageFault(NEW), "");
    assert.notEqual(imageFault(""), "");
    assert.notEqual(imageFault("x".repeat(66_000)), "");
    assert.notEqual(imageFault("é"), "");
    assert.notEqual(imageFault("\t"), "");
  });

  it("stand in fields that the minifier leaves alone: loader and image are minified apart", () => {
    for (const field of ["slot", "trial", "ok", "code", "threw", "aryk"]) assert.ok(!FIELDS.includes(field), field);
  });
});
