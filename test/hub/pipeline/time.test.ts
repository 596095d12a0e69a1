import assert from "node:assert/strict";
import type { PackEntry } from "../../../hub/model.js";
import { NOW, EPOCH, mm, pipelineRig, HELLO, ackOf } from "./rig.js";

describe("pipeline", () => {
  const r = pipelineRig();

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
        const entry = r.entries().at(-1) as PackEntry;
        assert.deepEqual([entry.nodeTime, entry.time, entry.timeFrom, entry.received], [sent, used, from, NOW]);
        assert.equal(entry.timeWhy, why);
      }
    });

    it("by its uptime once its hello was heard, also after the hub was started again", async () => {
      const accepted = await r.send(r.board().hello(2000, HELLO));
      assert.equal(ackOf(accepted).time, NOW + "/h0");
      assert.deepEqual([ackOf(accepted).seq, ackOf(accepted).uptimeMs], [0, 2000]);
      await r.reopen();
      r.clock.advance(600_000);
      await r.send(r.board().pack(mm(2400), 302_000, null));
      const entry = r.firstPack();
      assert.deepEqual([entry.time, entry.timeFrom, entry.nodeTime], [NOW + 300_000, "anchor", null]);
    });

    it("by the arrival when nothing else is known: the hello of another start does not count", async () => {
      await r.send(r.board("b1", 1).hello(2000, HELLO));
      await r.send(r.board("b1", 2).pack(mm(2400), 302_000, null));
      assert.deepEqual([r.firstPack().time, r.firstPack().timeFrom], [NOW, "received"]);
    });

    it("not by a hello that is replayed later: it is acknowledged and changes nothing", async () => {
      const hello = r.board().hello(2000, HELLO);
      await r.send(hello);
      r.clock.advance(7_200_000);
      assert.equal((await r.send(hello)).outcome, "duplicate");
      assert.equal(r.journal.anchor("b1", EPOCH, 1), NOW - 2000);
      assert.equal(r.entries().length, 1);
    });
  });
});
