import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { Journal } from "../../../hub/journal.js";
import type { BoardId } from "../../../hub/model.js";
import { EPOCH, keyOf, packEntry } from "../journal-entries.js";
import { journalRig } from "./rig.js";

describe("journal", () => {
  const t = journalRig();

  describe("as a ledger", () => {
    it("knows a line again, tells another line with its number, and does so while it waits for the disk", async () => {
      const entry = packEntry("b1", 7);
      const same = keyOf(entry);
      const other = keyOf(packEntry("b1", 7, 8));
      assert.equal(t.journal.judge(same), "new");
      const waiting = t.journal.append(entry);
      assert.deepEqual([t.journal.judge(same), t.journal.judge(other)], ["same", "different"]);
      assert.equal(t.journal.received("b1", EPOCH, 1, 7), true);
      await waiting;
      assert.deepEqual([t.journal.judge(same), t.journal.judge(other)], ["same", "different"]);
      await t.reopen();
      assert.deepEqual([t.journal.judge(same), t.journal.judge(other)], ["same", "different"]);
      assert.equal(t.journal.judge({ ...same, boot: 2 }), "new");
      assert.equal(t.journal.judge({ ...same, epoch: "ffffffff" }), "new");
      assert.equal(t.journal.judge({ ...same, board: "b2" }), "new");
      assert.equal(t.journal.judge({ ...same, seq: 8 }), "new");
    });

    it("takes no line for another one because the disk altered its own index of them", async () => {
      const [six, seven] = [packEntry("b1", 6), packEntry("b1", 7)];
      await Promise.all([t.journal.append(six), t.journal.append(seven)]);
      /** Turns a bit of the record of number 7: its number, or its seal. */
      const turn = async (byte: number): Promise<void> => {
        await t.journal.close();
        const db = new Database(t.file);
        const keys = db.prepare("SELECT keys FROM groups").pluck().get() as Buffer;
        keys[24 + byte] ^= 1;
        db.prepare("UPDATE groups SET keys = ?").run(keys);
        db.close();
        t.journal = Journal.open(t.file);
      };
      await turn(20);
      assert.equal(t.journal.judge(keyOf(seven)), "same");
      assert.equal(t.journal.judge(keyOf(packEntry("b1", 7, 8))), "different");
      await turn(4);
      assert.equal(t.journal.judge(keyOf(six)), "known");
    });

    it("finds every kept line among thousands in any order, across restarts", async () => {
      const numbers = Array.from({ length: 400 }, (_, i) => ((i * 271) % 400) + 1);
      for (let at = 0; at < 400; at += 50) {
        await Promise.all(
          numbers.slice(at, at + 50).flatMap((seq) => ["b1", "b2"].map((b) => t.journal.append(packEntry(b, seq)))),
        );
        if (at % 150 === 0) await t.reopen();
      }
      for (const board of ["b1", "b2"]) {
        assert.deepEqual(t.journal.ranges(board)[0].received, [[1, 400]]);
        for (const seq of numbers) {
          assert.equal(t.journal.judge(keyOf(packEntry(board, seq))), "same", `${board} ${seq}`);
          assert.equal(t.journal.judge(keyOf(packEntry(board, seq, -1))), "different", `${board} ${seq}`);
        }
      }
    });

    it("still knows the number of what has left", async () => {
      await t.fill(1, 300);
      await t.journal.trim({ now: 1_000_000, maxAgeMs: 0, maxBytes: 0, consumers: [] });
      await t.reopen();
      assert.equal(t.journal.counts().entries, 0);
      assert.equal(t.journal.judge(keyOf(packEntry("b1", 150))), "known");
      assert.equal(t.journal.judge(keyOf(packEntry("b1", 301))), "new");
      assert.deepEqual(t.journal.ranges("b1")[0].received, [[1, 300]]);
    });

    it("holds more starts of a board than it keeps in memory", async () => {
      for (let boot = 1; boot <= 30; boot++) await t.journal.append(packEntry("b1", 1, 1, boot));
      for (let boot = 1; boot <= 30; boot++)
        assert.equal(t.journal.judge(keyOf(packEntry("b1", 1, 1, boot))), "same", `boot ${boot}`);
      assert.equal(t.journal.ranges("b1").length, 30);
    });

    const gap = (seq: number, dropped: [string, number, number][]) => ({
      kind: "event" as const,
      event: "gap" as const,
      board: "b1" as BoardId,
      site: null,
      received: 1,
      detail: { epoch: EPOCH, boot: 2, seq, line: packEntry("b1", seq, 1, 2).line, dropped },
    });

    it("takes what a board dropped, also of an earlier start, until it arrives after all", async () => {
      await t.journal.append(packEntry("b1", 3));
      await t.journal.append(
        gap(1, [
          [`${EPOCH}.1`, 1, 2],
          [`${EPOCH}.1`, 5, 8],
        ]),
      );
      await t.journal.append(gap(2, [[`${EPOCH}.1`, 7, 9]]));
      await t.journal.append(packEntry("b1", 6));
      const [first, second] = t.journal.ranges("b1");
      assert.deepEqual(first.dropped, [
        [1, 2],
        [5, 5],
        [7, 9],
      ]);
      assert.deepEqual(first.missing, [[4, 4]]);
      assert.deepEqual(first.counts, { received: 2, dropped: 6, missing: 1 });
      assert.deepEqual(second.received, [[1, 2]]);
      assert.equal(t.journal.judge(keyOf(packEntry("b1", 2, 1, 2))), "same");
    });

    // A board that names more starts than it can have had must not hold up the others: the cost is that of a search.
    it("takes tens of thousands of starts that one board names at once", async () => {
      const starts = (seq: number) =>
        Array.from({ length: 25 }, (_, i): [string, number, number] => [`0000000${seq % 7}.${seq * 25 + i}`, 1, 2]);
      await Promise.all(Array.from({ length: 1600 }, (_, i) => t.journal.append(gap(i + 1, starts(i + 1)))));
      const [own, ...named] = t.journal.ranges("b1").sort((a, b) => b.counts.received - a.counts.received);
      assert.deepEqual(own.received, [[1, 1600]]);
      assert.equal(named.length, 1600 * 25);
      assert.ok(named.every(({ counts }) => counts.dropped === 2 && counts.missing === 0));
    });

    it("names exactly the packs that were lost on the way", async () => {
      const lost = new Set(Array.from({ length: 100 }, (_, i) => 1 + ((i * 37 * 37) % 997)));
      const sent = Array.from({ length: 1000 }, (_, i) => i + 1);
      await Promise.all(sent.filter((seq) => !lost.has(seq)).map((seq) => t.journal.append(packEntry("b1", seq))));
      const [{ missing, counts }] = t.journal.ranges("b1");
      const named = missing.flatMap(([first, last]) => sent.filter((seq) => seq >= first && seq <= last));
      assert.deepEqual(
        named,
        [...lost].sort((a, b) => a - b),
      );
      assert.equal(counts.missing, lost.size);
    });
  });
});
