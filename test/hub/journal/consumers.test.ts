import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { statSync } from "node:fs";
import { GroupText } from "../../../hub/journal/data.js";
import { Journal } from "../../../hub/journal.js";
import { packEntry } from "../journal-entries.js";
import { journalRig } from "./rig.js";

describe("journal", () => {
  const t = journalRig();

  describe("with consumers", () => {
    it("lets each stand where it was, never moves one back, and never past the end", async () => {
      await t.fill(1, 10);
      assert.deepEqual(t.journal.cursor("influxdb"), { epoch: t.journal.head().epoch, id: 0 });
      t.journal.settle("influxdb", 6);
      t.journal.settle("influxdb", 4);
      t.journal.settle("flows", 3);
      await t.reopen();
      assert.equal(t.journal.cursor("influxdb").id, 6);
      assert.deepEqual(t.journal.consumers(), [
        { consumer: "flows", id: 3, behind: 7 },
        { consumer: "influxdb", id: 6, behind: 4 },
      ]);
      assert.throws(() => t.journal.settle("influxdb", 11), RangeError);
      assert.throws(() => t.journal.settle("influxdb", NaN), RangeError);
    });

    it("puts a place on disk by itself, when nothing else is to be committed", async () => {
      await t.fill(1, 10);
      t.journal.settle("influxdb", 6);
      assert.equal(t.journal.cursor("influxdb").id, 6);
      const disk = new Database(t.file, { readonly: true });
      const place = disk.prepare("SELECT id FROM cursors WHERE consumer = 'influxdb'").pluck();
      for (let turn = 0; turn < 1000 && place.get() !== 6; turn++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(place.get(), 6);
      disk.close();
    });

    it("tries a place that no commit took once a second, however many commits have failed, until one takes it", async () => {
      await t.fill(1, 10);
      t.journal.cursor("influxdb");
      const other = new Database(t.file);
      other.exec("CREATE TRIGGER full BEFORE UPDATE ON tally BEGIN SELECT RAISE(ABORT, 'no room'); END");
      t.journal.settle("influxdb", 6);
      for (let seq = 11; seq <= 30; seq++) await assert.rejects(t.journal.append(packEntry("b1", seq)), /no room/);
      const failures = new Set([t.journal.failure()]);
      const watch = setInterval(() => failures.add(t.journal.failure()), 1);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      clearInterval(watch);
      assert.ok(failures.size <= 3, `${failures.size - 1} tries in a second and a half`);
      assert.equal(t.journal.cursor("influxdb").id, 6);
      other.exec("DROP TRIGGER full");
      const place = other.prepare("SELECT id FROM cursors WHERE consumer = 'influxdb'").pluck();
      for (let turn = 0; turn < 1000 && place.get() !== 6; turn++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(place.get(), 6);
      assert.equal(t.journal.failure(), null);
      other.close();
    });

    it("goes back to where it is asked to, and nowhere else, also from a place that is not on disk yet", async () => {
      await t.fill(1, 10);
      t.journal.settle("history", 3);
      await t.reopen();
      t.journal.settle("history", 8);
      t.journal.rewind("history", 9);
      assert.equal(t.journal.cursor("history").id, 8);
      t.journal.rewind("history", 6);
      assert.equal(t.journal.cursor("history").id, 6);
      await t.reopen();
      assert.equal(t.journal.cursor("history").id, 6);
      t.journal.rewind("history", 2);
      assert.equal(t.journal.cursor("history").id, 2);
    });

    it("lets old entries leave only when every consumer has settled them, and says who holds them", async () => {
      for (let at = 1; at <= 91; at += 10) await t.fill(at, at + 9);
      const limits = { now: 1_000_000, maxAgeMs: 0, maxBytes: 1e9, consumers: ["influxdb", "history"] };
      t.journal.settle("influxdb", 100);
      assert.deepEqual(await t.journal.trim(limits), { entries: 0, letters: 0, heldBy: "history" });
      t.journal.settle("history", 35);
      assert.deepEqual(await t.journal.trim(limits), { entries: 30, letters: 0, heldBy: "history" });
      assert.equal(t.journal.counts().oldestId, 31);
      assert.equal(t.journal.cursor("late").id, 30);
      assert.equal(t.journal.removeConsumer("late"), true);
      assert.equal(t.journal.removeConsumer("late"), false);
      assert.equal(t.journal.removeConsumer("history"), true);
      assert.deepEqual(await t.journal.trim({ ...limits, consumers: ["influxdb"] }), {
        entries: 70,
        letters: 0,
        heldBy: null,
      });
      assert.equal(t.journal.cursor("new").id, 100);
    });

    it("keeps what is young, and of what is too much only the newest", async () => {
      for (let at = 1; at <= 91; at += 10) await t.fill(at, at + 9);
      // Received at 1000 + seq: up to 40 is older than 50 ms at 1091.
      const young = { now: 1091, maxAgeMs: 50, maxBytes: 1e9, consumers: [] };
      assert.equal((await t.journal.trim(young)).entries, 40);
      const ten = new GroupText();
      for (const entry of t.journal.read(40, 10)) ten.add(entry);
      const bytes = ten.text().length;
      const small = { ...young, maxAgeMs: 1e9, maxBytes: bytes * 2 + 50 };
      assert.equal((await t.journal.trim(small)).entries, 40);
      assert.deepEqual([t.journal.counts().oldestId, t.journal.counts().entries], [81, 20]);
    });

    it("trims once at a time, and again afterwards", async () => {
      for (let at = 1; at <= 91; at += 10) await t.fill(at, at + 9);
      const limits = { now: 1_000_000, maxAgeMs: 0, maxBytes: 1e9, consumers: [] };
      const [first, second] = await Promise.all([t.journal.trim(limits), t.journal.trim(limits)]);
      assert.deepEqual([first.entries, second], [100, first]);
      assert.equal((await t.journal.trim(limits)).entries, 0);
    });

    it("never gives an id twice, also when everything has left", async () => {
      await t.fill(1, 5);
      await t.journal.trim({ now: 1_000_000, maxAgeMs: 0, maxBytes: 0, consumers: [] });
      await t.reopen();
      assert.deepEqual(t.journal.read(0, 10), []);
      assert.deepEqual(await t.fill(6, 6), [6]);
    });

    it("gives the room of what has left back to the disk", async () => {
      const line = "x".repeat(5000);
      for (let seq = 1; seq <= 500; seq++) void t.journal.append({ ...packEntry("b1", seq), source: line + seq });
      await t.journal.flushed();
      const full = t.journal.counts().bytes;
      assert.ok(full > 2_500_000);
      await t.journal.trim({ now: 1e9, maxAgeMs: 0, maxBytes: 0, consumers: [] });
      await t.journal.close();
      assert.ok(statSync(t.file).size < full / 4, `${statSync(t.file).size} of ${full} bytes`);
      t.journal = Journal.open(t.file);
    });
  });
});
