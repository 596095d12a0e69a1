import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GroupText } from "../../../hub/journal/data.js";
import { Journal } from "../../../hub/journal.js";
import { packEntry } from "../journal-entries.js";

describe("journal", () => {
  let dir: string;
  let file: string;
  let journal: Journal;
  const reopen = async (): Promise<void> => {
    await journal.close();
    journal = Journal.open(file);
  };
  const fill = (from: number, to: number, board = "b1"): Promise<number[]> =>
    Promise.all(Array.from({ length: to - from + 1 }, (_, i) => journal.append(packEntry(board, from + i))));
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-journal-"));
    file = join(dir, "journal.sqlite");
    journal = Journal.open(file);
  });
  afterEach(async () => {
    await journal.close();
    rmSync(dir, { recursive: true });
  });

  describe("with consumers", () => {
    it("lets each stand where it was, never moves one back, and never past the end", async () => {
      await fill(1, 10);
      assert.deepEqual(journal.cursor("influxdb"), { epoch: journal.head().epoch, id: 0 });
      journal.settle("influxdb", 6);
      journal.settle("influxdb", 4);
      journal.settle("flows", 3);
      await reopen();
      assert.equal(journal.cursor("influxdb").id, 6);
      assert.deepEqual(journal.consumers(), [
        { consumer: "flows", id: 3, behind: 7 },
        { consumer: "influxdb", id: 6, behind: 4 },
      ]);
      assert.throws(() => journal.settle("influxdb", 11), RangeError);
      assert.throws(() => journal.settle("influxdb", NaN), RangeError);
    });

    it("puts a place on disk by itself, when nothing else is to be committed", async () => {
      await fill(1, 10);
      journal.settle("influxdb", 6);
      assert.equal(journal.cursor("influxdb").id, 6);
      const disk = new Database(file, { readonly: true });
      const place = disk.prepare("SELECT id FROM cursors WHERE consumer = 'influxdb'").pluck();
      for (let turn = 0; turn < 1000 && place.get() !== 6; turn++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(place.get(), 6);
      disk.close();
    });

    it("tries a place that no commit took once a second, however many commits have failed, until one takes it", async () => {
      await fill(1, 10);
      journal.cursor("influxdb");
      const other = new Database(file);
      other.exec("CREATE TRIGGER full BEFORE UPDATE ON tally BEGIN SELECT RAISE(ABORT, 'no room'); END");
      journal.settle("influxdb", 6);
      for (let seq = 11; seq <= 30; seq++) await assert.rejects(journal.append(packEntry("b1", seq)), /no room/);
      const failures = new Set([journal.failure()]);
      const watch = setInterval(() => failures.add(journal.failure()), 1);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      clearInterval(watch);
      assert.ok(failures.size <= 3, `${failures.size - 1} tries in a second and a half`);
      assert.equal(journal.cursor("influxdb").id, 6);
      other.exec("DROP TRIGGER full");
      const place = other.prepare("SELECT id FROM cursors WHERE consumer = 'influxdb'").pluck();
      for (let turn = 0; turn < 1000 && place.get() !== 6; turn++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(place.get(), 6);
      assert.equal(journal.failure(), null);
      other.close();
    });

    it("goes back to where it is asked to, and nowhere else, also from a place that is not on disk yet", async () => {
      await fill(1, 10);
      journal.settle("history", 3);
      await reopen();
      journal.settle("history", 8);
      journal.rewind("history", 9);
      assert.equal(journal.cursor("history").id, 8);
      journal.rewind("history", 6);
      assert.equal(journal.cursor("history").id, 6);
      await reopen();
      assert.equal(journal.cursor("history").id, 6);
      journal.rewind("history", 2);
      assert.equal(journal.cursor("history").id, 2);
    });

    it("lets old entries leave only when every consumer has settled them, and says who holds them", async () => {
      for (let at = 1; at <= 91; at += 10) await fill(at, at + 9);
      const limits = { now: 1_000_000, maxAgeMs: 0, maxBytes: 1e9, consumers: ["influxdb", "history"] };
      journal.settle("influxdb", 100);
      assert.deepEqual(await journal.trim(limits), { entries: 0, letters: 0, heldBy: "history" });
      journal.settle("history", 35);
      assert.deepEqual(await journal.trim(limits), { entries: 30, letters: 0, heldBy: "history" });
      assert.equal(journal.counts().oldestId, 31);
      assert.equal(journal.cursor("late").id, 30);
      assert.equal(journal.removeConsumer("late"), true);
      assert.equal(journal.removeConsumer("late"), false);
      assert.equal(journal.removeConsumer("history"), true);
      assert.deepEqual(await journal.trim({ ...limits, consumers: ["influxdb"] }), {
        entries: 70,
        letters: 0,
        heldBy: null,
      });
      assert.equal(journal.cursor("new").id, 100);
    });

    it("keeps what is young, and of what is too much only the newest", async () => {
      for (let at = 1; at <= 91; at += 10) await fill(at, at + 9);
      // Received at 1000 + seq: up to 40 is older than 50 ms at 1091.
      const young = { now: 1091, maxAgeMs: 50, maxBytes: 1e9, consumers: [] };
      assert.equal((await journal.trim(young)).entries, 40);
      const ten = new GroupText();
      for (const entry of journal.read(40, 10)) ten.add(entry);
      const bytes = ten.text().length;
      const small = { ...young, maxAgeMs: 1e9, maxBytes: bytes * 2 + 50 };
      assert.equal((await journal.trim(small)).entries, 40);
      assert.deepEqual([journal.counts().oldestId, journal.counts().entries], [81, 20]);
    });

    it("trims once at a time, and again afterwards", async () => {
      for (let at = 1; at <= 91; at += 10) await fill(at, at + 9);
      const limits = { now: 1_000_000, maxAgeMs: 0, maxBytes: 1e9, consumers: [] };
      const [first, second] = await Promise.all([journal.trim(limits), journal.trim(limits)]);
      assert.deepEqual([first.entries, second], [100, first]);
      assert.equal((await journal.trim(limits)).entries, 0);
    });

    it("never gives an id twice, also when everything has left", async () => {
      await fill(1, 5);
      await journal.trim({ now: 1_000_000, maxAgeMs: 0, maxBytes: 0, consumers: [] });
      await reopen();
      assert.deepEqual(journal.read(0, 10), []);
      assert.deepEqual(await fill(6, 6), [6]);
    });

    it("gives the room of what has left back to the disk", async () => {
      const line = "x".repeat(5000);
      for (let seq = 1; seq <= 500; seq++) void journal.append({ ...packEntry("b1", seq), source: line + seq });
      await journal.flushed();
      const full = journal.counts().bytes;
      assert.ok(full > 2_500_000);
      await journal.trim({ now: 1e9, maxAgeMs: 0, maxBytes: 0, consumers: [] });
      await journal.close();
      assert.ok(statSync(file).size < full / 4, `${statSync(file).size} of ${full} bytes`);
      journal = Journal.open(file);
    });
  });
});
