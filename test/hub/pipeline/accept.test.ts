import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { join } from "node:path";
import { toSerial } from "../../../firmware/wire/line.js";
import { TEMPERATURE } from "../../../firmware/wire/properties.js";
import { tagOf } from "../../../firmware/wire/seal.js";
import { tagWith } from "../../../hub/pipeline.js";
import { macWith } from "../../rig/sealed-board.js";
import { NOW, EPOCH, sha256, mm, pipelineRig, HELLO, ackOf } from "./rig.js";

describe("pipeline", () => {
  const r = pipelineRig();

  it("makes the same tag as the board's own seal", () => {
    for (const length of [16, 32, 64]) {
      const key = Buffer.alloc(length, length);
      for (const text of ["", "aryk1 pack b1", "x".repeat(900)])
        assert.equal(tagWith(key)(text), tagOf(sha256, key, text));
    }
  });

  it("keeps a sealed pack with raw and derived values, and acknowledges it after the commit", async () => {
    const line = r.board().pack([...mm(2400), { property: TEMPERATURE, ok: false, fault: "bus" }], 5000, NOW - 1000);
    const accepted = await r.send(line);
    assert.equal(accepted.outcome, "stored");
    const entry = r.firstPack();
    assert.equal(entry.line, line);
    assert.equal(entry.site, "underpass-1");
    assert.deepEqual([entry.epoch, entry.boot, entry.seq, entry.source], [EPOCH, 1, 1, "mqtt"]);
    assert.deepEqual([entry.time, entry.timeFrom, entry.received], [NOW - 1000, "node", NOW]);
    assert.deepEqual(
      entry.observations.map((o) => [o.property, o.value, o.calibration]),
      [
        ["distance", 2400, 0],
        ["temperature", null, 0],
        ["water-depth", 600, 1],
      ],
    );
    assert.deepEqual([entry.observations[1].flag, entry.observations[1].why], [9, ["bus"]]);
    const ack = ackOf(accepted);
    assert.deepEqual([ack.type, ack.board, ack.boot, ack.seq, ack.uptimeMs, ack.body], ["ack", "b1", 1, 1, 5000, "ok"]);
    assert.equal(ack.time, NOW + "/h0");
    assert.equal(ack.tag, macWith(r.registry.keyOf("b1", "k1")!)(ack.sealed));
  });

  it("takes a serial line after noise and keeps it without its CRC", async () => {
    const line = r.board().pack(mm(2400), 5000, NOW);
    const serial = "\x00~garbage" + toSerial(line).trimEnd();
    assert.equal((await r.send(serial, { withCrc: true })).outcome, "stored");
    assert.equal(r.firstPack().line, line);
    const broken = toSerial(r.board().pack(mm(2401), 5000, NOW))
      .trimEnd()
      .replace("2401", "2400");
    assert.deepEqual(await r.send(broken, { withCrc: true }), { outcome: "refused", fault: "bad-crc" });
  });

  it("stores a line sent twice once and acknowledges it twice, also while the first waits for the disk", async () => {
    const line = r.board().pack(mm(2400), 5000, NOW);
    const both = await Promise.all([r.send(line), r.send(line)]);
    assert.deepEqual(
      both.map((one) => one.outcome),
      ["stored", "duplicate"],
    );
    assert.equal((await r.send(line)).outcome, "duplicate");
    assert.equal(ackOf(both[1]).body, "ok");
    assert.equal(r.entries().length, 1);
  });

  it("keeps both of two lines with one number, once each, and shows the collision", async () => {
    const first = r.board().pack(mm(2400), 5000, NOW);
    const second = r.board().pack(mm(1400), 5000, NOW);
    await r.send(first);
    const accepted = await r.send(second);
    assert.deepEqual([accepted.outcome, ackOf(accepted).body], ["dead", "refused"]);
    assert.equal((await r.send(second)).outcome, "duplicate");
    assert.equal((await r.send(first)).outcome, "duplicate");
    const events = r.entries().filter((e) => e.kind === "event");
    assert.deepEqual(
      events.map((e) => [e.event, e.detail.line]),
      [["collision", second]],
    );
    assert.deepEqual(
      r.journal.deadLetters().map((letter) => [letter.reason, letter.line]),
      [["collision", second]],
    );
    assert.equal(r.firstPack().line, first);
  });

  it("takes another line with the number of a dead letter for a collision, too", async () => {
    const [dead, other] = ["[{", "[}"].map((body) => r.board().line("pack", 1, 5000, "-", body));
    const both = await Promise.all([r.send(dead), r.send(other)]);
    assert.deepEqual(
      both.map((one) => one.outcome === "dead" && one.reason),
      ["bad-json", "collision"],
    );
    assert.equal((await r.send(dead)).outcome, "duplicate");
    assert.equal((await r.send(other)).outcome, "duplicate");
    assert.equal(r.journal.counts().deadLetters, 2);
  });

  it("says in the answer to hello, also to a repeated one, whether the link's receipt follows the commit", async () => {
    const hello = r.board().hello(2000, HELLO);
    const answers = [await r.send(hello, { receipts: true }), await r.send(hello, { receipts: true })];
    answers.push(await r.send(hello), await r.send(r.board().pack(mm(2400), 3000, null), { receipts: true }));
    assert.deepEqual(
      answers.map((accepted) => ackOf(accepted).body),
      ["ok,receipts", "ok,receipts", "ok", "ok"],
    );
  });

  it("keeps the readings of a board that stands nowhere, judged by nothing", async () => {
    await r.send(r.board("b2").pack(mm(2400), 5000, NOW));
    assert.equal(r.firstPack().site, null);
    assert.deepEqual(r.firstPack().observations, [{ property: "distance", value: 2400, flag: 2, calibration: 0 }]);
  });

  it("gives late readings to the site where the board stood then", async () => {
    r.registry.assign("b1", null, NOW, "test");
    await r.send(r.board().pack(mm(2400), 5000, NOW - 1000));
    await r.send(r.board("b1", 2).pack(mm(2400), 5000, NOW));
    assert.deepEqual(
      r.entries().map((entry) => entry.site),
      ["underpass-1", null],
    );
  });

  it("names what is missing, and what the board itself says it lost", async () => {
    const board = r.board();
    const lines = Array.from({ length: 9 }, () => board.pack(mm(2400), 5000, NOW));
    for (const seq of [1, 2, 4, 9]) await r.send(lines[seq - 1]);
    await r.send(r.board().line("gap", 10, 6000, "-", `{"dropped":[["${EPOCH}.1",5,6],["${EPOCH}.1",9,9]]}`));
    const [stream] = r.journal.ranges("b1");
    assert.deepEqual(stream, {
      epoch: EPOCH,
      boot: 1,
      received: [
        [1, 2],
        [4, 4],
        [9, 10],
      ],
      dropped: [[5, 6]],
      missing: [
        [3, 3],
        [7, 8],
      ],
      counts: { received: 5, dropped: 2, missing: 3 },
    });
  });

  it("acknowledges nothing that the journal could not commit, and takes it when it is sent again", async () => {
    const line = r.board().pack(mm(2400), 5000, NOW);
    const other = new Database(join(r.dir, "journal.sqlite"));
    try {
      other.exec("BEGIN IMMEDIATE");
      const both = await Promise.allSettled([r.send(line), r.send(line)]);
      assert.deepEqual(
        both.map((one) => one.status),
        ["rejected", "rejected"],
      );
    } finally {
      other.close();
    }
    assert.equal(r.stats().uncommitted, 2);
    assert.equal(r.journal.received("b1", EPOCH, 1, 1), false);
    assert.equal((await r.send(line)).outcome, "stored");
    assert.equal(r.firstPack().id, 1);
  });
});
