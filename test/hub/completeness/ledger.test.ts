import assert from "node:assert/strict";
import { copyFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EPOCH, HOUR, mm, openRig, START } from "./rig.js";
import type { Rig } from "./rig.js";

const MINUTE = 60_000;
const HELLO = { image: "underpass", version: "1", reset: "power", waiting: 0 };

describe("loss ledger", () => {
  let r: Rig;
  beforeEach(() => (r = openRig()));
  afterEach(() => r.remove());

  /** Sends some of the packs of one start, one a minute from `from` on. */
  async function run(board: ReturnType<Rig["board"]>, from: number, count: number, skip: number[] = []): Promise<void> {
    const first = board.lastSeq() + 1;
    const lines = Array.from({ length: count }, (_, i) =>
      board.pack(mm(2000), (first + i) * MINUTE, from + i * MINUTE),
    );
    await Promise.all(lines.map((line, i) => (skip.includes(first + i) ? null : r.send(line))));
    r.completeness.flush();
  }
  const hoursOf = async (...args: string[]) =>
    (await r.report("--hours", ...args)).hours.map((h) => [
      new Date(h.hour).getUTCHours(),
      h.state,
      h.received,
      h.expected,
    ]);

  it("says complete, incomplete and silent, and calls silence nothing else", async () => {
    r.hang("b1", "site-1", START);
    r.clock.advance(4 * HOUR);
    const board = r.board("b1");
    await run(board, START, 60);
    await run(board, START + HOUR, 60, [70, 71]);
    // The same start goes on an hour later: it numbered nothing meanwhile.
    await run(board, START + 3 * HOUR, 30);
    assert.deepEqual(await hoursOf("--board", "b1"), [
      [8, "complete", 60, 60],
      [9, "incomplete", 58, 60],
      [10, "silent", 0, 0],
      [11, "complete", 30, 30],
    ]);
    const { things } = await r.report();
    assert.deepEqual([things[0].silentHours, things[0].completeness], [1, 148 / 150]);
    assert.match(await r.command(), /98\.66 %/);
    assert.deepEqual(await hoursOf("--from", "2026-03-01T09:00:00Z", "--to", "2026-03-01T10:00:00Z"), [
      [9, "incomplete", 58, 60],
    ]);
  });

  it("lists a board that never sent anything as silent", async () => {
    r.hang("b1", "site-1", START);
    r.clock.advance(3 * HOUR);
    const { things, total } = await r.report();
    assert.deepEqual([things[0].board, things[0].completeness, things[0].silentHours], ["b1", null, 3]);
    assert.deepEqual([total.completeness, total.expected], [null, 0]);
  });

  it("gives a whole lost hour its own hour, not that of its neighbours", async () => {
    r.hang("b1", "site-1", START);
    r.clock.advance(4 * HOUR);
    await run(
      r.board("b1"),
      START,
      180,
      Array.from({ length: 60 }, (_, i) => 61 + i),
    );
    assert.deepEqual(await hoursOf("--board", "b1"), [
      [8, "complete", 60, 60],
      [9, "incomplete", 0, 60],
      [10, "complete", 60, 60],
      [11, "silent", 0, 0],
    ]);
    assert.equal((await r.report()).things[0].silentHours, 1);
  });

  it("raises an hour's completeness when a late pack comes, and calls it late", async () => {
    r.hang("b1", "site-1", START);
    const board = r.board("b1");
    await run(board, START, 2, [2]);
    const lost = r.board("b1");
    lost.pack(mm(1), 1, null);
    const line = lost.pack(mm(2000), 2 * MINUTE, START + MINUTE);
    await run(board, START + 2 * MINUTE, 1);
    assert.equal((await r.report()).total.unexplained, 1);
    r.clock.advance(HOUR);
    assert.equal((await r.send(line)).outcome, "stored");
    r.completeness.flush();
    const { total } = await r.report();
    assert.deepEqual([total.unexplained, total.received, total.late], [0, 3, 1]);
  });

  it("keeps starts, epochs and sites apart: a reset, formatted flash and a swap invent no loss", async () => {
    r.hang("b1", "site-1", START);
    r.hang("b2", "site-2", START);
    r.clock.advance(5 * HOUR);
    await run(r.board("b1", 1), START, 10, [4]);
    await run(r.board("b1", 2), START + 20 * MINUTE, 10);
    await run(r.board("b1", 1, "ffffffff"), START + 40 * MINUTE, 10, [7]);
    r.registry.assign("b1", "site-2", START + HOUR, "t");
    r.registry.assign("b2", null, START + HOUR, "t");
    await run(r.board("b1", 2, "ffffffff"), START + HOUR, 10, [3]);
    const { missing, things } = await r.report("--missing");
    assert.deepEqual(
      missing.map((m) => [m.site, m.board, m.epoch, m.boot, m.first, m.last]),
      [
        ["site-1", "b1", EPOCH, 1, 4, 4],
        ["site-1", "b1", "ffffffff", 1, 7, 7],
        ["site-2", "b1", "ffffffff", 2, 3, 3],
      ],
    );
    assert.deepEqual(
      things.map((t) => [t.site, t.board, t.expected, t.received]),
      [
        ["site-1", "b1", 30, 28],
        ["site-2", "b1", 10, 9],
        ["site-2", "b2", 0, 0],
      ],
    );
    // With the hours each row is looked at, without them the file adds them up.
    assert.deepEqual((await r.report("--hours")).things, things);
    assert.equal((await r.report("--site", "site-1", "--missing")).missing.length, 2);
  });

  it("says what may still wait on the board, until as many lines have come", async () => {
    r.hang("b1", "site-1", START);
    r.clock.advance(HOUR);
    const board = r.board("b1");
    const lines = Array.from({ length: 6 }, (_, i) => board.pack(mm(2000), (i + 1) * MINUTE, START + i * MINUTE));
    await r.send(lines[5]);
    await r.send(board.hello(7 * MINUTE, { ...HELLO, waiting: 5 }));
    await r.send(lines[0]);
    r.completeness.flush();
    const before = await r.report("--missing");
    assert.deepEqual([before.things[0].waiting?.lines, before.total.mayWait, before.total.unexplained], [4, 4, 0]);
    assert.deepEqual([before.missing[0].first, before.missing[0].last, before.missing[0].reason], [2, 5, "may-wait"]);
    for (const line of lines.slice(1, 4)) await r.send(line);
    await r.send(board.hello(8 * MINUTE, { ...HELLO, waiting: 0 }));
    r.completeness.flush();
    const { total } = await r.report();
    assert.deepEqual([total.mayWait, total.unexplained], [0, 1]);
  });

  it("takes what was measured after a hello for none of the lines that it spoke of", async () => {
    r.hang("b1", "site-1", START);
    const board = r.board("b1");
    r.clock.advance(2 * MINUTE);
    await run(board, START, 2, [1]);
    await r.send(board.hello(2 * MINUTE + 1, { ...HELLO, waiting: 1 }));
    r.clock.advance(10 * MINUTE);
    await run(board, START + 4 * MINUTE, 3, [4]);
    const { things, missing } = await r.report("--missing");
    assert.equal(things[0].waiting?.lines, 1);
    assert.deepEqual(
      missing.map((m) => [m.first, m.reason]),
      [
        [1, "may-wait"],
        [4, "unexplained"],
      ],
    );
  });

  it("counts dead letters by reason, refusals by fault, and which board they named", async () => {
    r.hang("b1", "site-1", START);
    const board = r.board("b1");
    await run(board, START, 1);
    const poison = board.line("pack", 2, 2 * MINUTE, "-", "[]");
    assert.equal((await r.send(poison)).outcome, "dead");
    // An entry that a database refused did arrive.
    const letter = {
      received: START,
      board: "b1",
      line: "x",
      reason: "influxdb-parse",
      consumer: "influxdb",
      entry: 1,
    };
    await r.journal.deadLetter(letter);
    assert.equal((await r.send(poison)).outcome, "duplicate");
    // Another last digit of the seal, whatever it was.
    const forged = board.pack(mm(1), 1, null).replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    assert.equal((await r.send(forged)).outcome, "refused");
    assert.equal((await r.send(poison.replace(" b1 ", " nobody "))).outcome, "refused");
    await r.send(board.line("pack", 3, 3 * MINUTE, `${START + MINUTE}/s0`, '[{"n":"distance","u":"mm","v":1}]'));
    r.completeness.flush();
    const { things, strangers, total } = await r.report("--missing");
    assert.deepEqual(things[0].deadBy, { "bad-senml": 1 });
    assert.deepEqual(things[0].refusedBy, { "wrong-tag": 1 });
    assert.deepEqual(strangers, { "unknown-board": 1 });
    assert.deepEqual(
      [total.expected, total.received, total.dead, total.duplicates, total.unexplained],
      [3, 2, 1, 1, 0],
    );
    assert.match(await r.command(), /b1: dead letters: bad-senml 1/);
  });

  it("counts nothing twice and nothing short over restarts, and makes a lost file again from the journal", async () => {
    r.hang("b1", "site-1", START);
    await run(r.board("b1"), START, 50, [9]);
    const count = async (): Promise<number[]> => {
      const { total, behind } = await r.report();
      return [total.received, total.expected, behind];
    };
    assert.deepEqual(await count(), [49, 50, 0]);
    for (const loseFile of [false, true, false]) {
      await r.close();
      if (loseFile) rmSync(join(r.dir, "completeness.sqlite"));
      r = openRig(r.dir);
      assert.ok(r.completeness.flush());
      assert.deepEqual(await count(), [49, 50, 0]);
    }
  });

  it("begins anew when the journal is another one", async () => {
    r.hang("b1", "site-1", START);
    await run(r.board("b1"), START, 5);
    await r.close();
    for (const end of ["", "-wal", "-shm"]) rmSync(join(r.dir, `journal.sqlite${end}`), { force: true });
    r = openRig(r.dir);
    await run(r.board("b1"), START, 2);
    assert.equal((await r.report()).total.received, 2);
    const file = join(r.dir, "completeness.sqlite");
    await r.close();
    copyFileSync(file, file + ".old");
    for (const end of ["", "-wal", "-shm"]) rmSync(join(r.dir, `journal.sqlite${end}`), { force: true });
    r = openRig(r.dir);
    r.hang("b2", "site-2", START);
    await run(r.board("b2"), START, 7);
    await r.close();
    renameSync(file + ".old", file);
    r = openRig(r.dir);
    r.completeness.flush();
    const { things } = await r.report();
    assert.deepEqual(
      things.map((t) => [t.board, t.received]),
      [
        ["b1", 0],
        ["b2", 7],
      ],
    );
  });

  it("holds the journal's entries until their hours are on disk", async () => {
    r.hang("b1", "site-1", START);
    await run(r.board("b1"), START, 5);
    assert.equal(r.journal.consumers().find((one) => one.consumer === "ledger")?.behind, 0);
    await r.send(r.board("b1", 2).pack(mm(1), 1, null));
    assert.equal(r.journal.consumers().find((one) => one.consumer === "ledger")?.behind, 1);
  });
});
