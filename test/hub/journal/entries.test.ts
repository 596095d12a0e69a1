import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { GroupText, readGroup } from "../../../hub/journal/data.js";
import { Journal } from "../../../hub/journal.js";
import type { Cursor, Entry, PackEntry } from "../../../hub/model.js";
import { keyOf, packEntry } from "../journal-entries.js";
import { journalRig } from "./rig.js";

describe("journal", () => {
  const t = journalRig();

  describe("keeps entries", () => {
    it("and gives them back as they were, in order, with ids that grow", async () => {
      const entries = [packEntry("b1", 1), packEntry("b2", 1), packEntry("b1", 2)];
      const copies = structuredClone(entries);
      assert.deepEqual(await Promise.all(entries.map((entry) => t.journal.append(entry))), [1, 2, 3]);
      const expected = copies.map((entry, index) => ({ ...entry, id: index + 1 }));
      assert.deepEqual(t.journal.read(0, 10), expected);
      await t.reopen();
      assert.deepEqual(t.journal.read(0, 10), expected);
      assert.equal(t.journal.head().id, 3);
    });

    it("on disk before it says so: another connection sees them", async () => {
      await t.journal.append(packEntry("b1", 1));
      const other = new Database(t.file, { readonly: true });
      assert.equal(other.prepare("SELECT last_id FROM tally").pluck().get(), 1);
      other.close();
    });

    it("that came together in one commit, and never more than the largest group", async () => {
      await t.journal.close();
      t.journal = Journal.open(t.file, { maxGroup: 4 });
      await t.fill(1, 10);
      const other = new Database(t.file, { readonly: true });
      const groups = other.prepare("SELECT first_id, last_id FROM groups").raw().all();
      other.close();
      assert.deepEqual(groups, [
        [1, 4],
        [5, 8],
        [9, 10],
      ]);
    });

    it("and reads any piece of them across the borders of commits, from memory and from disk", async () => {
      for (const [from, to] of [
        [1, 1],
        [2, 8],
        [9, 10],
        [11, 30],
      ])
        await t.fill(from, to);
      for (const source of ["memory", "disk"]) {
        for (let after = 0; after <= 31; after++)
          for (const limit of [1, 2, 7, 40])
            assert.deepEqual(
              t.journal.read(after, limit).map((entry) => [entry.id, (entry as PackEntry).seq]),
              Array.from({ length: Math.max(0, Math.min(limit, 30 - after)) }, (_, i) => [
                after + i + 1,
                after + i + 1,
              ]),
              `${limit} after ${after} from ${source}`,
            );
        await t.reopen();
      }
    });

    it("in a form of their own in which nothing of any entry is lost, and reads the form of older hubs", () => {
      const plain = packEntry("b1", 7);
      const told: PackEntry = {
        ...plain,
        ...{
          nodeTime: 995,
          time: 990,
          timeFrom: "anchor",
          timeWhy: "node-clock-ahead",
          site: null,
          source: 'a "b",\n[c]',
        },
        observations: [
          { property: "distance", value: null, flag: 9, why: ["bus"], calibration: 0 },
          { property: "temperature", value: -0.25, flag: 3, why: ["rate", 'sp"ike'], calibration: 0 },
          { property: "water-depth", value: 1e-7, flag: 4, calibration: 123_456 },
        ],
      };
      const hello: Entry = {
        kind: "event",
        event: "hello",
        board: null,
        site: null,
        received: 1,
        detail: { a: "2\n" },
      };
      const odd = { ...plain, line: "no line of ours", board: "b 1" as PackEntry["board"] };
      const cut = { ...plain, line: plain.line + "\nmore" };
      const entries: Entry[] = [plain, told, hello, odd, cut, { ...plain, observations: [] }, plain];
      const text = new GroupText();
      for (const entry of entries) text.add(entry);
      assert.deepEqual(readGroup(text.text()), entries);
      assert.deepEqual(readGroup(JSON.stringify(entries)), entries);
      assert.throws(() => readGroup("no group"));
    });

    it("of which only the newest are held in memory", async () => {
      const long = "x".repeat(1 << 20);
      for (let seq = 1; seq <= 8; seq++) await t.journal.append({ ...packEntry("b1", seq), source: long });
      assert.deepEqual(
        t.journal.read(0, 10).map((entry) => entry.id),
        [1, 2, 3, 4, 5, 6, 7, 8],
      );
      const [first] = t.journal.read(0, 1);
      assert.equal(t.journal.read(0, 1)[0], first, "the group read last, for the next portion of it");
      t.journal.read(1, 1);
      assert.notEqual(t.journal.read(0, 1)[0], first);
      assert.equal(t.journal.read(7, 1)[0], t.journal.read(7, 1)[0]);
    });

    it("and leaves no read transaction open: the log can be emptied", async () => {
      await t.fill(1, 200);
      await t.reopen();
      t.journal.read(0, 3);
      const other = new Database(t.file);
      const [result] = other.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
      other.close();
      assert.equal(result.busy, 0);
    });

    it("or none of a group that could not be written, and the same lines are new again", async () => {
      await t.fill(1, 3);
      const other = new Database(t.file);
      other.exec("BEGIN IMMEDIATE");
      const results = await Promise.allSettled([
        t.journal.append(packEntry("b1", 4)),
        t.journal.append(packEntry("b1", 5)),
        t.journal.deadLetter({ received: 1, board: "b1", line: "x", reason: "bad-json" }),
      ]);
      other.close();
      assert.deepEqual(
        results.map((result) => result.status),
        ["rejected", "rejected", "rejected"],
      );
      assert.equal(t.journal.head().id, 3);
      assert.equal(t.journal.judge(keyOf(packEntry("b1", 4))), "new");
      assert.deepEqual(t.journal.deadLetters(), []);
      assert.deepEqual(await t.fill(4, 4), [4]);
      assert.deepEqual(t.journal.ranges("b1")[0].received, [[1, 4]]);
    });

    it("and tells listeners of each commit until they leave", async () => {
      const heads: Cursor[] = [];
      const leave = t.journal.onCommit((head) => heads.push(head));
      await t.fill(1, 3);
      await t.journal.deadLetter({ received: 1, board: null, line: "x", reason: "bad-json" });
      await t.fill(4, 4);
      leave();
      await t.fill(5, 5);
      assert.deepEqual(
        heads.map((head) => head.id),
        [3, 4],
      );
    });

    it("but takes nothing more when it is closed", async () => {
      const last = t.journal.append(packEntry("b1", 1));
      await t.journal.close();
      assert.equal(await last, 1);
      await assert.rejects(t.journal.append(packEntry("b1", 2)), /closed/);
      t.journal = Journal.open(t.file);
    });
  });
});
