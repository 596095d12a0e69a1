/**
 * A power cut in the middle of a write: the journal and its log are cut off, or torn, at many places, and opened again.
 * What SQLite may do is append to the log, so that a cut leaves a log that ends anywhere, or whose last pages are
 * half-written.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "../../hub/journal.js";
import type { PackEntry } from "../../hub/model.js";
import { keyOf, packEntry } from "../hub/journal-entries.js";

/** File format of SQLite's log (sqlite.org/fileformat2.html, §4): header, then frames of a head and a page. */
const WAL_HEAD = 32;
const FRAME_HEAD = 24;

/** What was on disk when a commit had been acknowledged: the log's length, and the packs so far. */
interface Mark {
  bytes: number;
  packs: number;
}

/** Bytes at which the log's commits end: the frames whose head carries the size of the database. */
function commitEnds(wal: Buffer): number[] {
  const pageSize = wal.readUInt32BE(8);
  const ends: number[] = [];
  for (let at = WAL_HEAD; at + FRAME_HEAD + pageSize <= wal.length; at += FRAME_HEAD + pageSize)
    if (wal.readUInt32BE(at + 4) > 0) ends.push(at + FRAME_HEAD + pageSize);
  return ends;
}

describe("a power cut in the middle of the journal's write", () => {
  let dir: string;
  let base: string;
  let wal: Buffer;
  const entries: PackEntry[] = [];
  const marks: Mark[] = [];

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-cut-"));
    const file = join(dir, "journal.sqlite");
    let journal = Journal.open(file, { gatherMs: 0 });
    // The tables leave the log, so that what is cut holds nothing but readings.
    await journal.close();
    journal = Journal.open(file, { gatherMs: 0 });
    for (let commit = 0; commit < 12; commit++) {
      // Groups of one to several pages, of two boards, so that ledger, tally and readings share a commit.
      const group = Array.from({ length: 1 + (commit % 4) * 9 }, (_, i) =>
        packEntry(i % 2 === 0 ? "b1" : "b2", entries.length + i + 1),
      );
      await Promise.all(group.map((entry) => journal.append(entry)));
      entries.push(...group);
      marks.push({ bytes: statSync(file + "-wal").size, packs: entries.length });
    }
    base = join(dir, "base.sqlite");
    copyFileSync(file, base);
    wal = readFileSync(file + "-wal");
    await journal.close();
  });

  after(() => rmSync(dir, { recursive: true, force: true }));

  /** Opens a copy with that log and holds what is there against what may be there. */
  async function opensWith(log: Buffer, whole: number, what: string): Promise<void> {
    const file = join(dir, "cut.sqlite");
    for (const tail of ["-wal", "-shm", ".lock"]) rmSync(file + tail, { force: true });
    copyFileSync(base, file);
    writeFileSync(file + "-wal", log);
    const journal = Journal.open(file);
    try {
      const kept = journal.read(0, 10_000) as (PackEntry & { id: number })[];
      const packs = marks.findLast(({ bytes }) => bytes <= whole)?.packs ?? 0;
      assert.deepEqual(
        kept.map(({ line }) => line),
        entries.slice(0, packs).map(({ line }) => line),
        what,
      );
      for (const [index, entry] of entries.entries())
        assert.equal(journal.judge(keyOf(entry)), index < packs ? "same" : "new", `${what}: pack ${index}`);
      assert.equal(journal.head().id, packs, what);
      // The board, which was never answered, sends again what is not there: it lands once, behind the rest.
      await Promise.all(entries.slice(packs).map((entry) => journal.append(entry)));
      assert.equal(journal.read(0, 10_000).length, entries.length, what);
      const received = ["b1", "b2"].map((board) => journal.ranges(board)[0].counts.received);
      assert.equal(received[0] + received[1], entries.length, what);
    } finally {
      await journal.close();
    }
  }

  it("leaves exactly the commits whose frames are whole, wherever the log ends", async function () {
    this.timeout(60_000);
    const ends = commitEnds(wal);
    assert.deepEqual(
      marks.map(({ bytes }) => bytes),
      ends.slice(-marks.length),
      "each acknowledged commit ended where the log did",
    );
    const cuts = new Set([0, 1, WAL_HEAD - 1, WAL_HEAD, WAL_HEAD + FRAME_HEAD, wal.length - 1, wal.length]);
    for (const end of ends) for (const cut of [end - 1, end, end + 1]) cuts.add(Math.min(cut, wal.length));
    for (let cut = 7; cut < wal.length; cut += Math.floor(wal.length / 24)) cuts.add(cut);
    for (const cut of cuts) await opensWith(wal.subarray(0, cut), cut, `cut at byte ${cut} of ${wal.length}`);
  });

  it("leaves the commits before a page that was half-written, whatever stands in its other half", async function () {
    this.timeout(60_000);
    const pageSize = wal.readUInt32BE(8);
    for (const [index, { bytes }] of marks.entries()) {
      const start = index === 0 ? WAL_HEAD : marks[index - 1].bytes;
      for (const junk of [0x00, 0xff]) {
        const torn = Buffer.from(wal);
        // The first page of this commit reached the disk by half, and so did nothing behind it.
        torn.fill(junk, start + FRAME_HEAD + pageSize / 2);
        await opensWith(torn, start, `page torn with ${junk} in commit ${index}, which ends at ${bytes}`);
      }
      // Its last page is torn, and the ones before it are whole: a commit is all or nothing.
      const last = Buffer.from(wal.subarray(0, bytes));
      last.fill(0x55, bytes - pageSize / 2);
      await opensWith(last, bytes - 1, `last page torn of commit ${index}`);
    }
  });

  it("does not need the log's index, which is not written through", async () => {
    await opensWith(wal, wal.length, "whole log, no index");
    const file = join(dir, "cut.sqlite");
    for (const tail of ["-wal", "-shm"]) rmSync(file + tail, { force: true });
    copyFileSync(base, file);
    writeFileSync(file + "-wal", wal);
    writeFileSync(file + "-shm", Buffer.alloc(32_768, 0xa5));
    truncateSync(file + "-shm", 12_345);
    const journal = Journal.open(file);
    assert.equal(journal.read(0, 10_000).length, entries.length);
    await journal.close();
  });
});
