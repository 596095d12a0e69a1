import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import Database from "better-sqlite3";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Journal } from "../../../hub/journal.js";
import type { PackEntry } from "../../../hub/model.js";
import { projectRoot } from "../../../hub/root.js";
import { program } from "../../rig/program.js";
import { EPOCH } from "../journal-entries.js";
import { journalRig } from "./rig.js";

describe("journal", () => {
  const t = journalRig();

  it("keeps dead letters with their reasons, and counts their numbers as received", async () => {
    const number = { epoch: EPOCH, boot: 1, seq: 4 };
    await t.journal.deadLetter({ received: 5, board: "b1", line: "a", reason: "bad-json", detail: "no end", number });
    await t.journal.deadLetter({
      received: 6,
      board: null,
      line: "b",
      reason: "influx-400",
      consumer: "influxdb",
      entry: 9,
    });
    assert.deepEqual(t.journal.deadLetters(), [
      { id: 1, received: 5, board: "b1", line: "a", reason: "bad-json", detail: "no end", consumer: null, entry: null },
      {
        id: 2,
        received: 6,
        board: null,
        line: "b",
        reason: "influx-400",
        detail: null,
        consumer: "influxdb",
        entry: 9,
      },
    ]);
    assert.deepEqual(
      t.journal.deadLetters(1, 1).map((letter) => letter.id),
      [2],
    );
    assert.equal(t.journal.isDead("b1", "a"), true);
    assert.equal(t.journal.isDead("b2", "a"), false);
    assert.equal(t.journal.judge({ board: "b1", ...number, tag: "0".repeat(32) }), "known");
    await t.journal.trim({ now: 106, maxAgeMs: 100, maxBytes: 1e9, consumers: [] });
    assert.deepEqual(
      t.journal.deadLetters().map((letter) => letter.id),
      [2],
    );
    assert.deepEqual([t.journal.counts().deadLetters, t.journal.counts().deadLettersKept], [2, 1]);
  });

  describe("opens only what it can keep", () => {
    const refused = (path: string) => {
      try {
        Journal.open(path);
      } catch (error) {
        return (error as { code: string; remedy: string }).code;
      }
      return "opened";
    };

    it("not beside another hub, and again when that is gone", async () => {
      assert.equal(refused(t.file), "JOURNAL_LOCKED");
      await t.journal.close();
      t.journal = Journal.open(t.file);
    });

    it("not a file that is none, or of a newer hub, or that cannot be written", () => {
      const alien = join(t.dir, "alien.sqlite");
      writeFileSync(alien, "This is no journal. ".repeat(500));
      assert.equal(refused(alien), "JOURNAL_CORRUPT");
      const newer = join(t.dir, "newer.sqlite");
      const db = new Database(newer);
      db.pragma("user_version = 99");
      db.close();
      assert.equal(refused(newer), "JOURNAL_NEWER");
      assert.equal(refused(join(t.dir, "none", "journal.sqlite")), "JOURNAL_NOT_WRITABLE");
    });
  });

  it("loses nothing acknowledged and doubles nothing when its process is killed under load, again and again", async function () {
    this.timeout(60_000);
    await t.journal.close();
    const writer = program("test/hub/journal-writer");
    let acknowledged = 0;
    for (let kill = 1; kill <= 3; kill++) {
      const child = spawn(process.execPath, [...writer, t.file, "b1"], {
        cwd: projectRoot(),
        stdio: ["ignore", "pipe", "inherit"],
      });
      let heard = 0;
      const enough = 40 * kill + 7;
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged = Math.max(acknowledged, Number(line));
        if (++heard === enough) child.kill("SIGKILL");
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      assert.equal(child.signalCode, "SIGKILL");
      t.journal = Journal.open(t.file);
      const kept = t.journal.read(0, 1e6) as (PackEntry & { id: number })[];
      assert.ok(kept.length >= acknowledged, `${kept.length} kept, ${acknowledged} acknowledged`);
      kept.forEach((entry, index) => assert.deepEqual([entry.id, entry.seq], [index + 1, index + 1]));
      assert.deepEqual(t.journal.ranges("b1")[0].received, [[1, kept.length]]);
      await t.journal.close();
    }
    assert.ok(acknowledged >= 3 * 5 * 40, `${acknowledged} acknowledged`);
    t.journal = Journal.open(t.file);
  });
});
