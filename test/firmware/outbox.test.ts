import assert from "node:assert/strict";
import { nextIdentity } from "../../firmware/node/identity.js";
import { openOutbox } from "../../firmware/node/outbox.js";
import type { Outbox } from "../../firmware/node/outbox.js";
import { mergeRanges, rangesOf } from "../../firmware/node/ranges.js";
import type { Gap } from "../../firmware/wire/pack.js";
import { LEAST_PAGES } from "../../firmware/node/pages.js";
import { VmFlash } from "../rig/vm-flash.js";
import { flashHal } from "../rig/vm-hal.js";
import { PowerCut, VmStorage } from "../rig/vm-storage.js";

const SLOTS = 3;
const FLASH_BYTES = 64 * 1024;

interface Log {
  made: string[];
  kept: Set<string>;
  settled: Set<string>;
}

/** A post that numbers lines as a node does; one object for each start. */
class Post {
  /** What all starts together did: known even of one whose supply went while it opened its outbox. */
  readonly made: string[];
  readonly kept: Set<string>;
  readonly settled: Set<string>;
  #seq = 0;
  readonly #boot: number;
  readonly outbox: Outbox;

  constructor(
    storage: VmStorage | VmFlash,
    boot: number,
    log = { made: [], kept: new Set(), settled: new Set() } as Log,
    slots = SLOTS,
  ) {
    this.#boot = boot;
    this.made = log.made;
    this.kept = log.kept;
    this.settled = log.settled;
    const gapLine = (gap: Gap): string => this.#line("gap", JSON.stringify(gap));
    this.outbox = openOutbox(flashHal(storage), slots, gapLine, { rangesOf, rangesPerGap: 16 });
  }

  add(bytes = 300): void {
    const line = this.#line("pack", "x".repeat(bytes));
    if (this.outbox.add(line)) this.kept.add(line);
  }

  /** Settles the newest waiting line. */
  settleNewest(): void {
    const ref = this.outbox.newest();
    const line = ref === null ? undefined : this.outbox.line(ref);
    if (ref === null || line === undefined) return;
    this.settled.add(line);
    this.outbox.settle(ref);
  }

  #line(type: string, body: string): string {
    const line = `aryk1 ${type} post-1 0a0b0c0d.${this.#boot}.${++this.#seq} 1000 - ${body} k1.${"0".repeat(32)}`;
    this.made.push(line);
    return line;
  }
}

/** Everything that waits, in the order in which it would be sent; the outbox is empty afterwards. */
function drain(outbox: Outbox): string[] {
  const lines: string[] = [];
  for (let ref = outbox.newest(); ref !== null; ref = outbox.newest()) {
    lines.push(outbox.line(ref) ?? "unreadable");
    outbox.settle(ref);
  }
  return lines;
}

const idOf = (line: string) => line.split(" ")[3];

function named(lines: string[]): Set<string> {
  const ids = new Set<string>();
  for (const line of lines)
    if (line.split(" ")[1] === "gap")
      for (const [start, first, last] of (JSON.parse(line.split(" ")[6]) as Gap).dropped)
        for (let seq = first; seq <= last; seq++) ids.add(`${start}.${seq}`);
  return ids;
}

/** Runs what may be cut; false if it was. */
function survives(fn: () => void): boolean {
  try {
    fn();
    return true;
  } catch (error) {
    if (error instanceof PowerCut) return false;
    throw error;
  }
}

/** Fills the ring one and a half times, settling some on the way. */
function work(post: Post): void {
  for (let i = 0; i < 40; i++) {
    post.add(200 + ((i * 67) % 250));
    if (i % 6 === 5) post.settleNewest();
  }
}

/** Every line that was kept and never settled must wait unchanged, or be named as dropped. */
function account(log: Log, waiting: string[], cuts: number): void {
  const made = new Set(log.made);
  for (const line of waiting) assert.ok(made.has(line), `never made: ${line.slice(0, 60)}`);
  const here = new Set(waiting);
  assert.equal(here.size, waiting.length, "a line waits twice");
  const gone = named(waiting);
  for (const line of log.kept)
    if (!log.settled.has(line) && !here.has(line)) assert.ok(gone.has(idOf(line)), `lost: ${idOf(line)}`);
  // What was settled may come again only if a cut fell into the settling itself.
  const again = [...log.settled].filter((line) => here.has(line));
  assert.ok(again.length <= cuts, `settled and back: ${again.map(idOf).join(" ")}`);
}

describe("the outbox", () => {
  it("gives the newest line first, unchanged, until it is settled", () => {
    const post = new Post(new VmStorage(FLASH_BYTES), 1);
    for (let i = 0; i < 20; i++) post.add();
    assert.equal(post.outbox.waiting(), 20);
    assert.deepEqual(drain(post.outbox), post.made.toReversed());
    assert.equal(post.outbox.waiting(), 0);
    assert.equal(post.outbox.newest(), null);
  });

  it("has the same lines after a power cut", () => {
    const storage = new VmStorage(FLASH_BYTES);
    const before = new Post(storage, 1);
    for (let i = 0; i < 15; i++) before.add();
    before.settleNewest();
    const after = new Post(storage, 2);
    assert.equal(after.outbox.waiting(), 14);
    assert.deepEqual(drain(after.outbox), before.made.slice(0, 14).toReversed());
  });

  it("names every line that its ring had to drop, once, in as few gaps as can be", () => {
    const post = new Post(new VmStorage(FLASH_BYTES), 1);
    for (let i = 0; i < 200; i++) post.add();
    const waiting = drain(post.outbox);
    account(post, waiting, 0);
    const gaps = waiting.filter((line) => line.split(" ")[1] === "gap");
    assert.equal(gaps.length, 1);
    assert.ok(waiting.length > 15);
  });

  it("drops no line that waits while there are chunks of which none does", () => {
    const storage = new VmStorage(FLASH_BYTES);
    const post = new Post(storage, 1, undefined, SLOTS + 1);
    post.add();
    const [straggler] = post.made;
    // Many times round, each line acknowledged at once but the first: the newest goes first, and the link is short.
    for (let i = 0; i < 40 * SLOTS; i++) {
      post.add();
      post.settleNewest();
    }
    assert.equal(post.outbox.waiting(), 1);
    assert.deepEqual(drain(new Post(storage, 2, undefined, SLOTS + 1).outbox), [straggler]);
  });

  it("erases no chunk while nothing is dropped, and tidies up when all is settled", () => {
    const storage = new VmStorage(FLASH_BYTES);
    const post = new Post(storage, 1);
    for (let i = 0; i < 300; i++) {
      post.add();
      post.settleNewest();
    }
    assert.equal(post.outbox.waiting(), 0);
    assert.equal(named(post.made).size, 0);
    assert.ok(storage.getFree() > 0.3 * FLASH_BYTES, `${storage.getFree()} free`);
  });

  it("keeps a part of the flash free, whatever waits", () => {
    const storage = new VmStorage(24 * 1024);
    const post = new Post(storage, 1);
    for (let i = 0; i < 300; i++) post.add();
    assert.ok(storage.getFree() > 0.2 * 24 * 1024, `${storage.getFree()} free`);
    account(post, drain(post.outbox), 0);
  });

  it("survives a power cut at any seventh byte, and one while it recovers", function () {
    this.timeout(60_000);
    let cuts = 0;
    for (let cut = 1; ; cut += 7, cuts++) {
      // In pages, as boards in the field are: in the interpreter's files a cut in a compaction would cost everything.
      const storage = VmFlash.blank(LEAST_PAGES);
      const log: Log = { made: [], kept: new Set(), settled: new Set() };
      const first = new Post(storage, 1, log);
      storage.cutAfter(cut);
      const whole = survives(() => work(first));
      storage.cutAfter((cut * 7) % 900);
      survives(() => work(new Post(storage, 2, log)));
      storage.cutAfter(Infinity);
      const last = new Post(storage, 3, log);
      last.add();
      account(log, drain(last.outbox), 2);
      if (whole) break;
    }
    assert.ok(cuts > 1000, `${cuts} cuts`);
  });

  it("settles once, however often it is asked, and not what has taken the place of a dropped line", () => {
    const post = new Post(new VmStorage(FLASH_BYTES), 1);
    post.add();
    const ref = post.outbox.newest();
    assert.ok(ref);
    for (let i = 0; i < 100; i++) post.add();
    const waiting = post.outbox.waiting();
    assert.equal(post.outbox.line(ref), undefined);
    post.outbox.settle(ref);
    assert.equal(post.outbox.waiting(), waiting);
    const newest = post.outbox.newest();
    assert.ok(newest);
    post.outbox.settle(newest);
    post.outbox.settle(newest);
    assert.equal(post.outbox.waiting(), waiting - 1);
  });
});

describe("ranges of dropped numbers", () => {
  it("join what touches or overlaps, in the same start only", () => {
    const merged = mergeRanges(
      [["a.1", 1, 3]],
      [
        ["a.1", 4, 6],
        ["a.2", 7, 7],
        ["a.1", 9, 9],
      ],
    );
    assert.deepEqual(merged, [
      ["a.1", 1, 6],
      ["a.2", 7, 7],
      ["a.1", 9, 9],
    ]);
    assert.deepEqual(mergeRanges(merged, [["a.1", 5, 8]]).sort(), [
      ["a.1", 1, 9],
      ["a.2", 7, 7],
    ]);
  });

  it("of a gap are its own number and what it names", () => {
    const line = 'aryk1 gap p 0a0b0c0d.2.7 1 - {"dropped":[["0a0b0c0d.2",1,6]]} k1.00';
    assert.deepEqual(rangesOf(line), [["0a0b0c0d.2", 1, 7]]);
  });
});

describe("the identity of a start", () => {
  it("counts every start of one epoch, and a formatted flash begins another", () => {
    const storage = new VmStorage(FLASH_BYTES);
    const first = nextIdentity(flashHal(storage));
    assert.match(first.epoch, /^[0-9a-f]{8}$/);
    assert.equal(first.boot, 1);
    for (let boot = 2; boot < 20; boot++)
      assert.deepEqual(nextIdentity(flashHal(storage)), { epoch: first.epoch, boot });
    assert.notEqual(nextIdentity(flashHal(new VmStorage(FLASH_BYTES))).epoch, first.epoch);
  });

  it("is never given twice, wherever the power is cut", () => {
    for (let cut = 0; cut < 280; cut++) {
      const storage = cut < 140 ? new VmStorage(FLASH_BYTES) : VmFlash.blank(LEAST_PAGES);
      const seen: string[] = [];
      const start = () => {
        const { epoch, boot } = nextIdentity(flashHal(storage));
        seen.push(`${epoch}.${boot}`);
      };
      start();
      start();
      storage.cutAfter(cut % 140);
      survives(() => {
        start();
        start();
      });
      storage.cutAfter(Infinity);
      start();
      assert.equal(new Set(seen).size, seen.length, `${cut}: ${seen.join(" ")}`);
      assert.equal(new Set(seen.map((id) => id.split(".")[0])).size, 1, "the epoch stays");
    }
  });

  it("is of an epoch of its own when flash does not take the count", () => {
    const storage = new VmStorage(20);
    const a = nextIdentity(flashHal(storage));
    const b = nextIdentity(flashHal(storage));
    assert.notEqual(a.epoch, b.epoch);
  });
});
