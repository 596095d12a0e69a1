import assert from "node:assert/strict";
import { binaryForm, onAir } from "../../../firmware/node/form-binary.js";
import { readMessage } from "../../../hub/inputs/lora/message.js";
import { startOrders } from "../../../hub/orders/start.js";
import { createPipeline } from "../../../hub/pipeline.js";
import { VOUCHED_KEY, VOUCHED_KEY_ID } from "../../../hub/pipeline/vouched.js";
import { createQuality } from "../../../hub/quality/index.js";
import { sealedBoard } from "../../rig/sealed-board.js";
import { EPOCH, HELLO, mm, NOW, pipelineRig } from "./rig.js";

const form = binaryForm({ epoch: EPOCH, boot: 1 });
const lineOf = (message: string, board = "b1"): string => {
  const read = readMessage(board, Buffer.from(message, "latin1"));
  assert.ok(read.ok);
  return read.line;
};
const pack = (seq: number, value = 2400): string => onAir(form.pack(seq, 5000 * seq, form.parts(mm(value))));

describe("a line that a radio network has proved", () => {
  const r = pipelineRig();
  const vouched = { board: "b1", vouched: true };

  it("is stored as any other, in the board's name and at its site, with what is derived", async () => {
    await r.send(lineOf(form.hello(1000, HELLO)), vouched);
    r.clock.advance(4000);
    assert.equal((await r.send(lineOf(pack(1)), vouched)).outcome, "stored");
    const entry = r.firstPack();
    assert.deepEqual([entry.board, entry.site, entry.seq, entry.boot], ["b1", "underpass-1", 1, 1]);
    // Its uptime counted from its hello: a radio post has no clock that it sends.
    assert.deepEqual([entry.time, entry.timeFrom], [NOW + 4000, "anchor"]);
    assert.deepEqual(
      entry.observations.map(({ property, value }) => [property, value]),
      [
        ["distance", 2400],
        ["water-depth", 600],
      ],
    );
  });

  it("is a duplicate when it comes again, and a collision when another has its number", async () => {
    await r.send(lineOf(pack(1)), vouched);
    assert.equal((await r.send(lineOf(pack(1)), vouched)).outcome, "duplicate");
    assert.deepEqual(Object.entries(await r.send(lineOf(pack(1, 2401)), vouched)).slice(0, 1), [["outcome", "dead"]]);
  });

  it("is refused from every input that vouches for nobody", async () => {
    const line = lineOf(pack(1));
    assert.deepEqual(await r.send(line), { outcome: "refused", fault: "unknown-key" });
    assert.deepEqual(await r.send(line, { board: "b1" }), { outcome: "refused", fault: "unknown-key" });
  });

  it("is refused in the name of another board, or of one that nobody has registered", async () => {
    assert.deepEqual(await r.send(lineOf(pack(1), "b2"), vouched), { outcome: "refused", fault: "wrong-topic" });
    const stranger = { board: "b9", vouched: true };
    assert.deepEqual(await r.send(lineOf(pack(1), "b9"), stranger), { outcome: "refused", fault: "unknown-board" });
  });

  it("and none that a board has sealed itself are not mixed up", async () => {
    assert.deepEqual(await r.send(r.board().pack(mm(2400), 5000, NOW), vouched), {
      outcome: "refused",
      fault: "unknown-key",
    });
    const forged = sealedBoard("b1", VOUCHED_KEY_ID, Buffer.from(VOUCHED_KEY), EPOCH, 1).pack(mm(1), 5000, NOW);
    assert.deepEqual(await r.send(forged), { outcome: "refused", fault: "unknown-key" });
  });

  it("asks nothing of the board's keys: neither is a new one taken from it, nor an old one revoked", async () => {
    const failures: unknown[] = [];
    const { orders, stop } = startOrders(r.registry, r.clock, (error) => failures.push(error), {
      urgent: [],
      patient: [],
    });
    const { journal, registry, clock } = r;
    const parts = { clock, journal, registry, orders, quality: createQuality(), derived: [] };
    const { accept } = createPipeline({ ...parts, derive: () => null, derivedOf: () => [] });
    const from = { source: "lora", withCrc: false, ...vouched };
    const answer = await accept(lineOf(form.hello(1000, { ...HELLO, waiting: 0 })), from);
    r.clock.advance(5000);
    assert.equal(answer.outcome, "stored");
    assert.deepEqual(failures, []);
    assert.equal(r.registry.currentKey("b1")?.id, "k1");
    assert.equal(r.registry.reported("b1")?.image, HELLO.image);
    stop();
  });
});
