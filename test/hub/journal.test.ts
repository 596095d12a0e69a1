import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import Database from "better-sqlite3";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { GroupText, readGroup } from "../../hub/journal/data.js";
import { Journal } from "../../hub/journal.js";
import type { BoardId, Cursor, Entry, PackEntry } from "../../hub/model.js";
import { projectRoot } from "../../hub/root.js";
import { EPOCH, keyOf, packEntry } from "./journal-entries.js";

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

  describe("keeps entries", () => {
    it("and gives them back as they were, in order, with ids that grow", async () => {
      const entries = [packEntry("b1", 1), packEntry("b2", 1), packEntry("b1", 2)];
      const copies = structuredClone(entries);
      assert.deepEqual(await Promise.all(entries.map((entry) => journal.append(entry))), [1, 2, 3]);
      const expected = copies.map((entry, index) => ({ ...entry, id: index + 1 }));
      assert.deepEqual(journal.read(0, 10), expected);
      await reopen();
      assert.deepEqual(journal.read(0, 10), expected);
      assert.equal(journal.head().id, 3);
    });

    it("on disk before it says so: another connection sees them", async () => {
      await journal.append(packEntry("b1", 1));
      const other = new Database(file, { readonly: true });
      assert.equal(other.prepare("SELECT last_id FROM tally").pluck().get(), 1);
      other.close();
    });

    it("that came together in one commit, and never more than the largest group", async () => {
      await journal.close();
      journal = Journal.open(file, { maxGroup: 4 });
      await fill(1, 10);
      const other = new Database(file, { readonly: true });
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
        await fill(from, to);
      for (const source of ["memory", "disk"]) {
        for (let after = 0; after <= 31; after++)
          for (const limit of [1, 2, 7, 40])
            assert.deepEqual(
              journal.read(after, limit).map((entry) => [entry.id, (entry as PackEntry).seq]),
              Array.from({ length: Math.max(0, Math.min(limit, 30 - after)) }, (_, i) => [
                after + i + 1,
                after + i + 1,
              ]),
              `${limit} after ${after} from ${source}`,
            );
        await reopen();
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
      for (let seq = 1; seq <= 8; seq++) await journal.append({ ...packEntry("b1", seq), source: long });
      assert.deepEqual(
        journal.read(0, 10).map((entry) => entry.id),
        [1, 2, 3, 4, 5, 6, 7, 8],
      );
      const [first] = journal.read(0, 1);
      assert.equal(journal.read(0, 1)[0], first, "the group read last, for the next portion of it");
      journal.read(1, 1);
      assert.notEqual(journal.read(0, 1)[0], first);
      assert.equal(journal.read(7, 1)[0], journal.read(7, 1)[0]);
    });

    it("and leaves no read transaction open: the log can be emptied", async () => {
      await fill(1, 200);
      await reopen();
      journal.read(0, 3);
      const other = new Database(file);
      const [result] = other.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
      other.close();
      assert.equal(result.busy, 0);
    });

    it("or none of a group that could not be written, and the same lines are new again", async () => {
      await fill(1, 3);
      const other = new Database(file);
      other.exec("BEGIN IMMEDIATE");
      const results = await Promise.allSettled([
        journal.append(packEntry("b1", 4)),
        journal.append(packEntry("b1", 5)),
        journal.deadLetter({ received: 1, board: "b1", line: "x", reason: "bad-json" }),
      ]);
      other.close();
      assert.deepEqual(
        results.map((result) => result.status),
        ["rejected", "rejected", "rejected"],
      );
      assert.equal(journal.head().id, 3);
      assert.equal(journal.judge(keyOf(packEntry("b1", 4))), "new");
      assert.deepEqual(journal.deadLetters(), []);
      assert.deepEqual(await fill(4, 4), [4]);
      assert.deepEqual(journal.ranges("b1")[0].received, [[1, 4]]);
    });

    it("and tells listeners of each commit until they leave", async () => {
      const heads: Cursor[] = [];
      const leave = journal.onCommit((head) => heads.push(head));
      await fill(1, 3);
      await journal.deadLetter({ received: 1, board: null, line: "x", reason: "bad-json" });
      await fill(4, 4);
      leave();
      await fill(5, 5);
      assert.deepEqual(
        heads.map((head) => head.id),
        [3, 4],
      );
    });

    it("but takes nothing more when it is closed", async () => {
      const last = journal.append(packEntry("b1", 1));
      await journal.close();
      assert.equal(await last, 1);
      await assert.rejects(journal.append(packEntry("b1", 2)), /closed/);
      journal = Journal.open(file);
    });
  });

  describe("as a ledger", () => {
    it("knows a line again, tells another line with its number, and does so while it waits for the disk", async () => {
      const entry = packEntry("b1", 7);
      const same = keyOf(entry);
      const other = keyOf(packEntry("b1", 7, 8));
      assert.equal(journal.judge(same), "new");
      const waiting = journal.append(entry);
      assert.deepEqual([journal.judge(same), journal.judge(other)], ["same", "different"]);
      assert.equal(journal.received("b1", EPOCH, 1, 7), true);
      await waiting;
      assert.deepEqual([journal.judge(same), journal.judge(other)], ["same", "different"]);
      await reopen();
      assert.deepEqual([journal.judge(same), journal.judge(other)], ["same", "different"]);
      assert.equal(journal.judge({ ...same, boot: 2 }), "new");
      assert.equal(journal.judge({ ...same, epoch: "ffffffff" }), "new");
      assert.equal(journal.judge({ ...same, board: "b2" }), "new");
      assert.equal(journal.judge({ ...same, seq: 8 }), "new");
    });

    it("finds every kept line among thousands in any order, across restarts", async () => {
      const numbers = Array.from({ length: 400 }, (_, i) => ((i * 271) % 400) + 1);
      for (let at = 0; at < 400; at += 50) {
        await Promise.all(
          numbers.slice(at, at + 50).flatMap((seq) => ["b1", "b2"].map((b) => journal.append(packEntry(b, seq)))),
        );
        if (at % 150 === 0) await reopen();
      }
      for (const board of ["b1", "b2"]) {
        assert.deepEqual(journal.ranges(board)[0].received, [[1, 400]]);
        for (const seq of numbers) {
          assert.equal(journal.judge(keyOf(packEntry(board, seq))), "same", `${board} ${seq}`);
          assert.equal(journal.judge(keyOf(packEntry(board, seq, -1))), "different", `${board} ${seq}`);
        }
      }
    });

    it("still knows the number of what has left", async () => {
      await fill(1, 300);
      await journal.trim({ now: 1_000_000, maxAgeMs: 0, maxBytes: 0, consumers: [] });
      await reopen();
      assert.equal(journal.counts().entries, 0);
      assert.equal(journal.judge(keyOf(packEntry("b1", 150))), "known");
      assert.equal(journal.judge(keyOf(packEntry("b1", 301))), "new");
      assert.deepEqual(journal.ranges("b1")[0].received, [[1, 300]]);
    });

    it("holds more starts of a board than it keeps in memory", async () => {
      for (let boot = 1; boot <= 30; boot++) await journal.append(packEntry("b1", 1, 1, boot));
      for (let boot = 1; boot <= 30; boot++)
        assert.equal(journal.judge(keyOf(packEntry("b1", 1, 1, boot))), "same", `boot ${boot}`);
      assert.equal(journal.ranges("b1").length, 30);
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
      await journal.append(packEntry("b1", 3));
      await journal.append(
        gap(1, [
          [`${EPOCH}.1`, 1, 2],
          [`${EPOCH}.1`, 5, 8],
        ]),
      );
      await journal.append(gap(2, [[`${EPOCH}.1`, 7, 9]]));
      await journal.append(packEntry("b1", 6));
      const [first, second] = journal.ranges("b1");
      assert.deepEqual(first.dropped, [
        [1, 2],
        [5, 5],
        [7, 9],
      ]);
      assert.deepEqual(first.missing, [[4, 4]]);
      assert.deepEqual(first.counts, { received: 2, dropped: 6, missing: 1 });
      assert.deepEqual(second.received, [[1, 2]]);
      assert.equal(journal.judge(keyOf(packEntry("b1", 2, 1, 2))), "same");
    });

    // A board that names more starts than it can have had must not hold up the others: the cost is that of a search.
    it("takes tens of thousands of starts that one board names at once", async () => {
      const starts = (seq: number) =>
        Array.from({ length: 25 }, (_, i): [string, number, number] => [`0000000${seq % 7}.${seq * 25 + i}`, 1, 2]);
      await Promise.all(Array.from({ length: 1600 }, (_, i) => journal.append(gap(i + 1, starts(i + 1)))));
      const [own, ...named] = journal.ranges("b1").sort((a, b) => b.counts.received - a.counts.received);
      assert.deepEqual(own.received, [[1, 1600]]);
      assert.equal(named.length, 1600 * 25);
      assert.ok(named.every(({ counts }) => counts.dropped === 2 && counts.missing === 0));
    });

    it("names exactly the packs that were lost on the way", async () => {
      const lost = new Set(Array.from({ length: 100 }, (_, i) => 1 + ((i * 37 * 37) % 997)));
      const sent = Array.from({ length: 1000 }, (_, i) => i + 1);
      await Promise.all(sent.filter((seq) => !lost.has(seq)).map((seq) => journal.append(packEntry("b1", seq))));
      const [{ missing, counts }] = journal.ranges("b1");
      const named = missing.flatMap(([first, last]) => sent.filter((seq) => seq >= first && seq <= last));
      assert.deepEqual(
        named,
        [...lost].sort((a, b) => a - b),
      );
      assert.equal(counts.missing, lost.size);
    });
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

  it("keeps dead letters with their reasons, and counts their numbers as received", async () => {
    const number = { epoch: EPOCH, boot: 1, seq: 4 };
    await journal.deadLetter({ received: 5, board: "b1", line: "a", reason: "bad-json", detail: "no end", number });
    await journal.deadLetter({
      received: 6,
      board: null,
      line: "b",
      reason: "influx-400",
      consumer: "influxdb",
      entry: 9,
    });
    assert.deepEqual(journal.deadLetters(), [
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
      journal.deadLetters(1, 1).map((letter) => letter.id),
      [2],
    );
    assert.equal(journal.isDead("b1", "a"), true);
    assert.equal(journal.isDead("b2", "a"), false);
    assert.equal(journal.judge({ board: "b1", ...number, tag: "0".repeat(32) }), "known");
    await journal.trim({ now: 106, maxAgeMs: 100, maxBytes: 1e9, consumers: [] });
    assert.deepEqual(
      journal.deadLetters().map((letter) => letter.id),
      [2],
    );
    assert.deepEqual([journal.counts().deadLetters, journal.counts().deadLettersKept], [2, 1]);
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
      assert.equal(refused(file), "JOURNAL_LOCKED");
      await journal.close();
      journal = Journal.open(file);
    });

    it("not a file that is none, or of a newer hub, or that cannot be written", () => {
      const alien = join(dir, "alien.sqlite");
      writeFileSync(alien, "This is no journal. ".repeat(500));
      assert.equal(refused(alien), "JOURNAL_CORRUPT");
      const newer = join(dir, "newer.sqlite");
      const db = new Database(newer);
      db.pragma("user_version = 99");
      db.close();
      assert.equal(refused(newer), "JOURNAL_NEWER");
      assert.equal(refused(join(dir, "none", "journal.sqlite")), "JOURNAL_NOT_WRITABLE");
    });
  });

  it("loses nothing acknowledged and doubles nothing when its process is killed under load, again and again", async function () {
    this.timeout(60_000);
    await journal.close();
    const writer = join(projectRoot(), "test", "hub", "journal-writer.ts");
    let acknowledged = 0;
    for (let kill = 1; kill <= 3; kill++) {
      const child = spawn(process.execPath, ["--import", "tsx", writer, file, "b1"], {
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
      journal = Journal.open(file);
      const kept = journal.read(0, 1e6) as (PackEntry & { id: number })[];
      assert.ok(kept.length >= acknowledged, `${kept.length} kept, ${acknowledged} acknowledged`);
      kept.forEach((entry, index) => assert.deepEqual([entry.id, entry.seq], [index + 1, index + 1]));
      assert.deepEqual(journal.ranges("b1")[0].received, [[1, kept.length]]);
      await journal.close();
    }
    assert.ok(acknowledged >= 3 * 5 * 40, `${acknowledged} acknowledged`);
    journal = Journal.open(file);
  });
});
