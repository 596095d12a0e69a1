import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOWNLINK_MAX, parseLine, toSerial } from "../../firmware/wire/line.js";
import { DISTANCE, TEMPERATURE } from "../../firmware/wire/properties.js";
import { tagOf } from "../../firmware/wire/seal.js";
import { siteType } from "../../hardware/sites.js";
import { derive } from "../../hub/calibration/index.js";
import { SteppedClock } from "../../hub/clock.js";
import { Journal } from "../../hub/journal.js";
import type { Accepted, Journalled, PackEntry } from "../../hub/model.js";
import { createPipeline, tagWith } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { macWith, sealedBoard } from "../rig/sealed-board.js";

const NOW = Date.UTC(2026, 2, 1, 8);
const EPOCH = "0a0b0c0d";
const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
const mm = (value: number) => [{ property: DISTANCE, ok: true as const, value }];

function rig(dir: string) {
  const clock = new SteppedClock(NOW);
  const journal = Journal.open(join(dir, "journal.sqlite"));
  const registry = Registry.open(join(dir, "registry.sqlite"), clock);
  if (!registry.knows("b1")) {
    registry.addSite(
      {
        id: "underpass-1",
        type: "underpass",
        names: { kk: "Өткел", ru: "Проезд", en: "Underpass" },
        district: "Almaly",
        lat: 43.25,
        lon: 76.93,
        settings: {},
      },
      "test",
    );
    registry.addBoard("b1", "test");
    registry.addBoard("b2", "test");
    registry.assign("b1", "underpass-1", NOW - 86_400_000, "test");
    registry.addCalibration({
      site: "underpass-1",
      property: "water-depth",
      model: "linear",
      params: { input: "distance", gain: -1, offset: 3000 },
      from: 0,
      by: "test",
      note: "",
    });
  }
  const derivedOf = (type: string) => siteType(type)?.derived ?? [];
  const pipeline = createPipeline({ clock, journal, registry, quality: createQuality(), derive, derivedOf });
  const board = (name = "b1", boot = 1) => sealedBoard(name, "k1", registry.keyOf(name, "k1")!, EPOCH, boot);
  const send = (line: string, from: { withCrc?: boolean; board?: string; receipts?: boolean } = {}) =>
    pipeline.accept(line, { source: "mqtt", withCrc: false, ...from });
  return { clock, journal, registry, ...pipeline, board, send };
}

type Rig = ReturnType<typeof rig>;

const HELLO = { image: "underpass", version: "1.0.0", reset: "power", waiting: 3 };

describe("pipeline", () => {
  let dir: string;
  let r: Rig;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-pipeline-"));
    r = rig(dir);
  });
  afterEach(async () => {
    await r.journal.close();
    r.registry.close();
    rmSync(dir, { recursive: true });
  });
  const entries = () => r.journal.read(0, 100);
  const firstPack = () => entries().find((entry) => entry.kind === "pack") as Journalled & PackEntry;
  const ackOf = (accepted: Accepted) => {
    assert.ok(accepted.outcome !== "refused" && accepted.ack !== null);
    const parsed = parseLine(accepted.ack, false, DOWNLINK_MAX);
    assert.ok(parsed.ok);
    return parsed.line;
  };

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
    const entry = firstPack();
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
    assert.equal(firstPack().line, line);
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
    assert.equal(entries().length, 1);
  });

  it("keeps both of two lines with one number, once each, and shows the collision", async () => {
    const first = r.board().pack(mm(2400), 5000, NOW);
    const second = r.board().pack(mm(1400), 5000, NOW);
    await r.send(first);
    const accepted = await r.send(second);
    assert.deepEqual([accepted.outcome, ackOf(accepted).body], ["dead", "refused"]);
    assert.equal((await r.send(second)).outcome, "duplicate");
    assert.equal((await r.send(first)).outcome, "duplicate");
    const events = entries().filter((e) => e.kind === "event");
    assert.deepEqual(
      events.map((e) => [e.event, e.detail.line]),
      [["collision", second]],
    );
    assert.deepEqual(
      r.journal.deadLetters().map((letter) => [letter.reason, letter.line]),
      [["collision", second]],
    );
    assert.equal(firstPack().line, first);
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

  describe("refuses what proves nothing, by name, and keeps nothing of it", () => {
    const stranger = sealedBoard("b9", "k1", Buffer.alloc(32, 9), EPOCH, 1);
    const cases: [string, string, () => Promise<Accepted>][] = [
      ["a line of an unknown board", "unknown-board", () => r.send(stranger.pack(mm(1), 1, null))],
      [
        "a key that was never given",
        "unknown-key",
        () => r.send(sealedBoard("b1", "k7", Buffer.alloc(32), EPOCH, 1).pack(mm(1), 1, null)),
      ],
      [
        "another board's key",
        "wrong-tag",
        () => r.send(sealedBoard("b1", "k1", r.registry.keyOf("b2", "k1")!, EPOCH, 1).pack(mm(1), 1, null)),
      ],
      ["an altered value", "wrong-tag", () => r.send(r.board().pack(mm(2400), 1, null).replace("2400", "2401"))],
      ["another board's topic", "wrong-topic", () => r.send(r.board().pack(mm(1), 1, null), { board: "b2" })],
      ["an ack from a board", "wrong-direction", () => r.send(r.board().line("ack", 1, 1, "-", "ok"))],
      ["a command from a board", "wrong-direction", () => r.send(r.board().line("command", 1, 1, "-", "x"))],
      ["noise", "not-a-line", () => r.send("hello")],
      ["too much", "too-long", () => r.send("x".repeat(5000))],
      [
        "a revoked key",
        "unknown-key",
        () => {
          const line = r.board().pack(mm(1), 1, null);
          r.registry.revokeKey("b1", "k1", "test");
          return r.send(line);
        },
      ],
    ];
    for (const [name, fault, run] of cases)
      it(`${name}: ${fault}`, async () => {
        assert.deepEqual(await run(), { outcome: "refused", fault });
        assert.deepEqual(r.stats().refused, { [fault]: 1 });
        assert.equal(r.journal.head().id, 0);
        assert.equal(r.journal.counts().deadLetters, 0);
      });
  });

  describe("keeps what is authentic but useless as a dead letter, once, and tells the board not to send it again", () => {
    const distance = '{"n":"distance","u":"mm","v":1}';
    const bodies: [string, string][] = [
      ["[{", "bad-json"],
      ["[]", "bad-senml"],
      ["{}", "bad-senml"],
      ["[1]", "bad-senml"],
      ['[{"u":"mm","v":1}]', "bad-senml"],
      ['[{"n":"distance","u":"mm","v":1,"t":5}]', "bad-senml"],
      ['[{"n":"distance","u":"mm","v":1,"must_":5}]', "bad-senml"],
      [`[${distance},${distance}]`, "bad-senml"],
      ['[{"n":"distance","u":"mm","v":1,"vs":"!bus"}]', "bad-senml"],
      ['[{"n":"noise-level","u":"dB","v":1}]', "unknown-property"],
      ['[{"n":"__proto__","u":"mm","v":1}]', "unknown-property"],
      ['[{"n":"water-depth","u":"mm","v":1}]', "hub-property"],
      ['[{"n":"distance","u":"m","v":1}]', "wrong-unit"],
      ['[{"n":"distance","v":1}]', "wrong-unit"],
      ['[{"n":"distance","u":"mm","v":"1"}]', "bad-value"],
      ['[{"n":"distance","u":"mm","v":1e999}]', "bad-value"],
      ['[{"n":"distance","vs":"!nonsense"}]', "bad-value"],
      [`[${Array(33).fill("{}").join(",")}]`, "too-many-records"],
    ];
    for (const [body, reason] of bodies)
      it(`${reason}: ${body.slice(0, 60)}`, async () => {
        const line = r.board().line("pack", 1, 5000, "-", body);
        const accepted = await r.send(line);
        assert.deepEqual([accepted.outcome, "reason" in accepted && accepted.reason], ["dead", reason]);
        assert.equal(ackOf(accepted).body, "refused");
        assert.equal((await r.send(line)).outcome, "duplicate");
        assert.deepEqual(
          r.journal.deadLetters().map((letter) => [letter.board, letter.line, letter.reason]),
          [["b1", line, reason]],
        );
        assert.deepEqual(r.journal.ranges("b1")[0].missing, []);
        assert.deepEqual(r.stats().dead, { [reason]: 1 });
      });

    for (const [type, seq, body, reason] of [
      ["pack", 0, `[${distance}]`, "bad-number"],
      ["hello", 1, "{}", "bad-number"],
      ["hello", 0, "{}", "bad-hello"],
      ["gap", 1, '{"dropped":[]}', "bad-gap"],
      ["gap", 1, '{"dropped":[["0a0b0c0d.1",5,4]]}', "bad-gap"],
      ["gap", 1, '{"dropped":[["0a0b0c0d.x",4,5]]}', "bad-gap"],
      ["reply", 1, "{}", "no-such-command"],
    ] as const)
      it(`${reason}: ${type} ${seq} ${body}`, async () => {
        const line = r.board().line(type, seq, 5000, "-", body);
        const accepted = await r.send(line);
        assert.deepEqual([accepted.outcome, "reason" in accepted && accepted.reason], ["dead", reason]);
        assert.equal((await r.send(line)).outcome, "duplicate");
        assert.equal(r.journal.counts().deadLetters, 1);
      });
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

  describe("finds the time of the readings", () => {
    it("by the board's clock when it is plausible, and keeps what it sent when it is not", async () => {
      const board = r.board();
      for (const [sent, used, from, why] of [
        [NOW - 3_600_000, NOW - 3_600_000, "node", undefined],
        [NOW + 119_000, NOW + 119_000, "node", undefined],
        [NOW + 300_000, NOW, "received", "node-clock-ahead"],
        [Date.UTC(2000, 0, 1), NOW, "received", "node-clock-unset"],
      ] as const) {
        await r.send(board.pack(mm(2400), 5000, sent));
        const entry = entries().at(-1) as PackEntry;
        assert.deepEqual([entry.nodeTime, entry.time, entry.timeFrom, entry.received], [sent, used, from, NOW]);
        assert.equal(entry.timeWhy, why);
      }
    });

    it("by its uptime once its hello was heard, also after the hub was started again", async () => {
      const accepted = await r.send(r.board().hello(2000, HELLO));
      assert.equal(ackOf(accepted).time, NOW + "/h0");
      assert.deepEqual([ackOf(accepted).seq, ackOf(accepted).uptimeMs], [0, 2000]);
      await r.journal.close();
      r.registry.close();
      r = rig(dir);
      r.clock.advance(600_000);
      await r.send(r.board().pack(mm(2400), 302_000, null));
      const entry = firstPack();
      assert.deepEqual([entry.time, entry.timeFrom, entry.nodeTime], [NOW + 300_000, "anchor", null]);
    });

    it("by the arrival when nothing else is known: the hello of another start does not count", async () => {
      await r.send(r.board("b1", 1).hello(2000, HELLO));
      await r.send(r.board("b1", 2).pack(mm(2400), 302_000, null));
      assert.deepEqual([firstPack().time, firstPack().timeFrom], [NOW, "received"]);
    });

    it("not by a hello that is replayed later: it is acknowledged and changes nothing", async () => {
      const hello = r.board().hello(2000, HELLO);
      await r.send(hello);
      r.clock.advance(7_200_000);
      assert.equal((await r.send(hello)).outcome, "duplicate");
      assert.equal(r.journal.anchor("b1", EPOCH, 1), NOW - 2000);
      assert.equal(entries().length, 1);
    });
  });

  it("keeps the readings of a board that stands nowhere, judged by nothing", async () => {
    await r.send(r.board("b2").pack(mm(2400), 5000, NOW));
    assert.equal(firstPack().site, null);
    assert.deepEqual(firstPack().observations, [{ property: "distance", value: 2400, flag: 2, calibration: 0 }]);
  });

  it("gives late readings to the site where the board stood then", async () => {
    r.registry.assign("b1", null, NOW, "test");
    await r.send(r.board().pack(mm(2400), 5000, NOW - 1000));
    await r.send(r.board("b1", 2).pack(mm(2400), 5000, NOW));
    assert.deepEqual(
      entries().map((entry) => entry.site),
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
    const other = new Database(join(dir, "journal.sqlite"));
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
    assert.equal(firstPack().id, 1);
  });
});
