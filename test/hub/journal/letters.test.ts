import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { setImmediate as turn } from "node:timers/promises";
import { JOURNAL } from "../../../hub/journal/schema.js";
import { Letters } from "../../../hub/journal/letters.js";
import { Journal } from "../../../hub/journal.js";
import { openStore } from "../../../hub/store/file.js";
import { packEntry } from "../journal-entries.js";
import { journalRig } from "./rig.js";

describe("dead letters", () => {
  const t = journalRig();

  it("are found without reading all those of their board, or all there are", async () => {
    await t.journal.close();
    const db = openStore(t.file, JOURNAL);
    const asked: string[] = [];
    const prepare = db.prepare.bind(db);
    db.prepare = ((sql: string) => {
      asked.push(sql);
      return prepare(sql);
    }) as typeof db.prepare;
    try {
      const letters = new Letters(db);
      const lookUps = asked
        .filter((sql) => /WHERE.*LIMIT 1$/s.test(sql))
        .map((sql) => sql.replaceAll(/[?@]\w*/g, "'x'"));
      const plans = lookUps.map((sql) => prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]);
      assert.deepEqual(
        plans.map(([step]) => step?.detail),
        [
          "SEARCH letters USING INDEX letters_line (board=? AND <expr>=?)",
          "SEARCH letters USING COVERING INDEX letters_entry (entry=? AND consumer=?)",
        ],
      );
      // The same end is not yet the same line.
      const { line } = packEntry("b1", 1);
      letters.put({ received: 1, board: "b1", line, reason: "bad-json" });
      assert.equal(letters.has("b1", line, []), true);
      assert.equal(letters.has("b1", line.replace("b1", "b2"), []), false);
    } finally {
      db.close();
    }
  });

  /** Closes the journal, lets the disk alter its first group, and opens it again. */
  async function alterFirst(): Promise<void> {
    await t.journal.close();
    const db = new Database(t.file);
    db.exec("UPDATE groups SET crc = crc + 1 WHERE first_id = 1");
    db.close();
    t.journal = Journal.open(t.file);
  }
  const readAll = (): number[] => t.journal.read(0, 10).map((entry) => entry.id);
  const told = () => t.journal.deadLetters().map(({ reason, entry }) => [reason, entry]);

  it("have what is left of an altered group, however large, and nothing that waits for a commit suffers by it", async () => {
    await t.journal.append({ ...packEntry("b1", 1), source: "x".repeat(5 << 20) });
    await t.journal.append(packEntry("b1", 2));
    await alterFirst();
    const waiting = t.journal.append(packEntry("b1", 3));
    assert.deepEqual(readAll(), [2]);
    assert.equal(await waiting, 3);
    await t.journal.flushed();
    assert.deepEqual(told(), [["damaged", 1]]);
    assert.deepEqual(t.journal.altered(), [{ firstId: 1, lastId: 1 }]);
  });

  it("have an altered group once, whenever it is met again, and let it go with the group", async () => {
    await t.journal.append(packEntry("b1", 1));
    await t.journal.append(packEntry("b1", 2));
    t.journal.cursor("late");
    await alterFirst();
    const limits = { now: 1e12, maxAgeMs: 1000, maxBytes: 1e9, consumers: ["late"] };
    for (let start = 1; start <= 3; start++) {
      assert.deepEqual(readAll(), [2]);
      await turn();
      await t.journal.flushed();
      assert.deepEqual(t.journal.altered(), [{ firstId: 1, lastId: 1 }]);
      assert.equal((await t.journal.trim(limits)).heldBy, "late");
      await t.reopen();
    }
    assert.deepEqual(told(), [["damaged", 1]]);
    assert.equal(t.journal.counts().deadLetters, 1);
    t.journal.settle("late", 2);
    assert.deepEqual(await t.journal.trim(limits), { entries: 2, letters: 1, heldBy: null });
    assert.deepEqual(told(), []);
  });
});
