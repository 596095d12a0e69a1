import assert from "node:assert/strict";
import type { Accepted } from "../../../hub/model.js";
import { sealedBoard } from "../../rig/sealed-board.js";
import { EPOCH, mm, pipelineRig, ackOf } from "./rig.js";

describe("pipeline", () => {
  const r = pipelineRig();

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
      ["hello", 0, '{"image":"a","version":"1","reset":"power","waiting":0,"set":-1}', "bad-hello"],
      ["hello", 0, '{"image":"a","version":"1","reset":"power","waiting":0,"period":0}', "bad-hello"],
      ["hello", 0, '{"image":"a","version":"1","reset":"power","waiting":0,"slot":"1"}', "bad-hello"],
      ["reply", 1, "{}", "bad-reply"],
      ["reply", 1, "[]", "bad-reply"],
      ["reply", 1, "want-next", "bad-json"],
    ] as const)
      it(`${reason}: ${type} ${seq} ${body}`, async () => {
        const line = r.board().line(type, seq, 5000, "-", body);
        const accepted = await r.send(line);
        assert.deepEqual([accepted.outcome, "reason" in accepted && accepted.reason], ["dead", reason]);
        assert.equal((await r.send(line)).outcome, "duplicate");
        assert.equal(r.journal.counts().deadLetters, 1);
      });
  });
});
