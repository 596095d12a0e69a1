import assert from "node:assert/strict";
import { JOURNAL } from "../../../hub/journal/schema.js";
import { Letters } from "../../../hub/journal/letters.js";
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
});
