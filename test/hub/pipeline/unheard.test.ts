/** Readings of starts of a board that never greeted: between one that did and another, and without any. */
import assert from "node:assert/strict";
import { binaryForm, onAir } from "../../../firmware/node/form-binary.js";
import { readMessage } from "../../../hub/inputs/lora/message.js";
import type { Journalled, PackEntry } from "../../../hub/model.js";
import { EPOCH, HELLO, mm, NOW, pipelineRig } from "./rig.js";
import { sealedBoard } from "../../rig/sealed-board.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("the readings of a start that never greeted", () => {
  const r = pipelineRig();
  const boards = new Map<number, ReturnType<typeof r.board>>();
  beforeEach(() => boards.clear());
  /** The same object for a start, so that its numbers go on. */
  const start = (boot: number) => {
    const known = boards.get(boot) ?? r.board("b1", boot);
    boards.set(boot, known);
    return known;
  };
  const hello = (boot: number, uptimeMs: number) => r.send(start(boot).hello(uptimeMs, HELLO));
  /** One pack with a board that does not know the time, unless told. */
  async function pack(boot: number, uptimeMs: number, unixMs: number | null = null): Promise<Journalled & PackEntry> {
    assert.equal((await r.send(start(boot).pack(mm(2400), uptimeMs, unixMs))).outcome, "stored");
    return r.entries().at(-1) as Journalled & PackEntry;
  }
  /** Times in hours after NOW, how each was found, and its doubt. */
  const said = ({ time, timeFrom, timeWhy }: PackEntry) => [(time - NOW) / HOUR, timeFrom, timeWhy];

  /** Start 1 greeted and lasted 6 h, start 2 lasted 24 h without the hub, start 3 greets after 18 h. */
  async function outage(): Promise<void> {
    await hello(1, 0);
    r.clock.advance(48 * HOUR);
    await hello(3, 18 * HOUR);
  }

  it("are counted back from the next start's hello, by the newest that came, in order", async () => {
    await outage();
    assert.deepEqual(said(await pack(2, 23 * HOUR)), [30, "anchor", "start-unheard"]);
    r.clock.advance(1000);
    assert.deepEqual(said(await pack(2, 12 * HOUR)), [19, "anchor", "start-unheard"]);
    r.clock.advance(1000);
    assert.deepEqual(said(await pack(2, 1 * HOUR)), [8, "anchor", "start-unheard"]);
    // The starts that greeted are placed as ever.
    assert.deepEqual(said(await pack(1, 5 * HOUR)), [5, "anchor", undefined]);
    assert.deepEqual(said(await pack(3, 18 * HOUR)), [48, "anchor", undefined]);
  });

  it("stay before the next start also when a newer one comes after an older", async () => {
    await outage();
    await pack(2, 12 * HOUR);
    assert.deepEqual(said(await pack(2, 23 * HOUR)), [30, "anchor", "start-unheard"]);
    assert.deepEqual(said(await pack(2, 1 * HOUR)), [8, "anchor", "start-unheard"]);
  });

  it("are bounded start by start where several in a row never greeted", async () => {
    await hello(1, 0);
    r.clock.advance(48 * HOUR);
    await hello(5, HOUR);
    const found: unknown[] = [];
    for (const [boot, uptimeH] of [
      [4, 10],
      [4, 2],
      [3, 5],
      [3, 1],
      [2, 20],
      [2, 0.5],
    ] as const)
      found.push(said(await pack(boot, uptimeH * HOUR))[0]);
    assert.deepEqual(found, [47, 39, 37, 33, 32, 12.5]);
  });

  it("go on where they were after the hub was started again in the middle", async () => {
    await outage();
    await pack(2, 23 * HOUR);
    const numbers = start(2).lastSeq();
    await r.reopen();
    r.clock.advance(48 * HOUR + MINUTE);
    boards.clear();
    for (let i = 0; i < numbers; i++) start(2).pack([], 0, null);
    assert.deepEqual(said(await pack(2, 12 * HOUR)), [19, "anchor", "start-unheard"]);
    assert.equal(r.journal.anchor("b1", EPOCH, 2), null);
  });

  it("are before a later start that did not greet either, once a line of it has come", async () => {
    await hello(1, 0);
    r.clock.advance(48 * HOUR);
    assert.deepEqual(said(await pack(3, 18 * HOUR)), [48, "received", undefined]);
    assert.deepEqual(said(await pack(2, 23 * HOUR)), [30, "anchor", "start-unheard"]);
    assert.deepEqual(said(await pack(2, 22 * HOUR)), [29, "anchor", "start-unheard"]);
  });

  it("are in order, and the newest stays the newest, when that is the start that goes on", async () => {
    assert.deepEqual(said(await pack(2, 10 * HOUR)), [0, "received", undefined]);
    r.clock.advance(1000);
    assert.deepEqual(said(await pack(2, 9 * HOUR)), [-1, "received", undefined]);
    r.clock.advance(1000);
    assert.deepEqual(said(await pack(2, 8 * HOUR)), [-2, "received", undefined]);
    // Weeks later its crystal is two minutes slow: what comes now was measured now.
    r.clock.advance(500 * HOUR);
    const { time, received } = await pack(2, 510 * HOUR - 2 * MINUTE);
    assert.equal(time, received);
  });

  it("are taken as they were measured by a board that has the time itself", async () => {
    await outage();
    assert.deepEqual(said(await pack(2, 23 * HOUR, NOW + 29 * HOUR)), [29, "node", undefined]);
    assert.deepEqual(said(await pack(2, 22 * HOUR, Date.UTC(2000, 0, 1))), [30, "anchor", "start-unheard"]);
  });

  it("are not bounded by a start of another epoch", async () => {
    await hello(1, 0);
    const key = r.registry.keyOf("b1", "k1")!;
    const anew = sealedBoard("b1", "k1", key, "ffffffff", 9);
    await r.send(anew.hello(1000, HELLO));
    assert.deepEqual(said(await pack(2, 23 * HOUR)), [0, "received", undefined]);
  });

  it("are placed by the start's own hello, if it greets before a later one", async () => {
    await pack(2, 1000);
    r.clock.advance(HOUR);
    await hello(2, HOUR);
    assert.equal(r.journal.anchor("b1", EPOCH, 2), NOW);
    assert.deepEqual(said(await pack(2, HOUR / 2)), [0.5, "anchor", undefined]);
  });

  it("are not placed by a hello that comes when a later start has spoken; it is no new one when it comes again", async () => {
    await outage();
    const late = start(2).hello(2000, HELLO);
    assert.equal((await r.send(late)).outcome, "stored");
    assert.equal((await r.send(late)).outcome, "duplicate");
    assert.equal(r.journal.anchor("b1", EPOCH, 2), null);
    assert.deepEqual(said(await pack(2, 23 * HOUR)), [30, "anchor", "start-unheard"]);
    assert.deepEqual(said(await pack(2, 22 * HOUR)), [29, "anchor", "start-unheard"]);
  });

  it("nor by one that travelled until the next start had begun, as that start's hello shows", async () => {
    await hello(1, 0);
    r.clock.advance(40 * HOUR);
    await hello(2, 2000); // said at hour 6
    r.clock.advance(8 * HOUR);
    await hello(3, 18 * HOUR);
    assert.deepEqual(said(await pack(2, 23 * HOUR)), [30, "anchor", "start-unheard"]);
    assert.deepEqual(said(await pack(2, 22 * HOUR)), [29, "anchor", "start-unheard"]);
  });

  it("go along when the hub's clock is set", async () => {
    await outage();
    await pack(2, 23 * HOUR);
    r.clock.step(HOUR);
    r.journal.clockStepped(HOUR);
    assert.deepEqual(said(await pack(2, 22 * HOUR)), [30, "anchor", "start-unheard"]);
  });

  describe("are those of a board that measures now", () => {
    /** A copy of the board's flash as it was before these starts: it numbers them once more. */
    async function wentBack(): Promise<void> {
      for (const boot of [2, 3, 4]) {
        await hello(boot, 1000);
        await pack(boot, 2000);
        r.clock.advance(5 * MINUTE);
      }
      r.clock.advance(48 * HOUR);
    }
    /** Packs of a start as they are made, a minute apart, from so many minutes after it on. */
    async function live(boot: number, fromMinute: number, count: number): Promise<PackEntry[]> {
      const found: PackEntry[] = [];
      for (let i = 0; i < count; i++) {
        found.push(await pack(boot, (fromMinute + i) * MINUTE));
        r.clock.advance(MINUTE);
      }
      return found;
    }
    const doubts = (packs: PackEntry[]) => packs.map(({ timeWhy }) => timeWhy ?? "");
    const DOUBT = "start-unheard";

    it("where its counter has gone back, as soon as they keep step with the clock", async () => {
      await wentBack();
      assert.deepEqual(doubts(await live(2, 30, 6)), [DOUBT, DOUBT, DOUBT, "", "", ""]);
      const { time, received } = await pack(2, 36 * MINUTE);
      assert.equal(time, received);
      // The next start is known as well, and its hello is this start's again.
      await r.send(start(3).hello(20 * MINUTE, HELLO));
      assert.deepEqual(doubts(await live(3, 30, 4)), [DOUBT, DOUBT, DOUBT, ""]);
      await r.send(start(3).hello(60 * MINUTE, HELLO));
      assert.deepEqual(said(await pack(3, 60 * MINUTE))[2], undefined);
    });

    it("also where they come late by minutes, as far as they keep step", async () => {
      await wentBack();
      const found: PackEntry[] = [];
      for (const late of [0, 2000, 0, 5000, 3000]) {
        r.clock.advance(late);
        found.push(await pack(2, (30 + found.length) * MINUTE));
        r.clock.advance(MINUTE - late);
      }
      assert.deepEqual(doubts(found).slice(3), ["", ""]);
    });

    it("and not those of one that is sent later, in whatever order and however fast", async () => {
      await outage();
      const found: PackEntry[] = [];
      for (const minute of [600, 540, 480, 541, 542, 543, 601, 602, 603, 604]) {
        found.push(await pack(2, minute * MINUTE));
        r.clock.advance(200);
      }
      for (const minute of [700, 760, 820, 880, 940]) {
        found.push(await pack(2, minute * MINUTE));
        r.clock.advance(MINUTE);
      }
      for (const minute of [1300, 1299, 1298, 1297, 1296]) {
        found.push(await pack(2, minute * MINUTE));
        r.clock.advance(MINUTE);
      }
      assert.deepEqual([...new Set(doubts(found))], [DOUBT]);
    });

    it("whatever start a gap of it names that has not begun", async () => {
      await hello(2, 0);
      const body = JSON.stringify({ dropped: [`${EPOCH}.1`, `${EPOCH}.9`].map((of) => [of, 1, 2]) });
      assert.equal((await r.send(start(2).line("gap", 7, 1000, "-", body))).outcome, "stored");
      assert.equal(r.journal.later("b1", EPOCH, 2), undefined);
      r.clock.advance(HOUR);
      assert.deepEqual(said(await pack(2, HOUR)), [1, "anchor", undefined]);
    });
  });

  it("are bounded by the hello of a radio post, too", async () => {
    const vouched = { board: "b1", vouched: true };
    const onBoot = (boot: number) => {
      const form = binaryForm({ epoch: EPOCH, boot });
      const send = (message: string) => {
        const read = readMessage("b1", Buffer.from(message, "latin1"));
        assert.ok(read.ok);
        return r.send(read.line, vouched);
      };
      return {
        hello: (uptimeMs: number) => send(form.hello(uptimeMs, HELLO)),
        pack: (seq: number, uptimeMs: number) => send(onAir(form.pack(seq, uptimeMs, form.parts(mm(2400))))),
      };
    };
    await onBoot(3).hello(HOUR);
    await onBoot(2).pack(2, 23 * HOUR);
    await onBoot(2).pack(1, 22 * HOUR);
    const packs = r.entries().filter((entry) => entry.kind === "pack");
    assert.deepEqual(packs.map(said), [
      [-1, "anchor", "start-unheard"],
      [-2, "anchor", "start-unheard"],
    ]);
  });
});
