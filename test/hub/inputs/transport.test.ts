/** The byte parsers and small parts that inputs share. */
import assert from "node:assert/strict";
import fc from "fast-check";
import mqtt from "mqtt-packet";
import { createBackoff } from "../../../hub/inputs/transport/backoff.js";
import { FrameGuard } from "../../../hub/inputs/transport/frame-guard.js";
import { LineSplitter } from "../../../hub/inputs/transport/line-splitter.js";
import { formatRow, parseRow } from "../../../hub/inputs/transport/recording.js";
import { boardOfUp, downTopic, upTopic } from "../../../hub/inputs/transport/topics.js";

/** Cuts bytes at the given places. */
function chunks(bytes: Buffer, cuts: number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

function split(bytes: Buffer[], maxBytes: number): { lines: string[]; overflows: number } {
  const lines: string[] = [];
  let overflows = 0;
  const splitter = new LineSplitter(
    maxBytes,
    (line) => lines.push(line),
    () => overflows++,
  );
  for (const chunk of bytes) splitter.push(chunk);
  return { lines, overflows };
}

describe("hub/inputs/transport", () => {
  const cuts = fc.array(fc.nat(), { maxLength: 20 });

  it("splits the same lines wherever the chunks are cut", () => {
    const line = fc.array(
      fc.integer({ min: 0, max: 255 }).filter((c) => c !== 10 && c !== 13),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), cuts, (lines, at) => {
        const texts = lines.map((codes) => String.fromCharCode(...codes));
        const bytes = Buffer.from(texts.map((text) => text + "\n").join(""), "latin1");
        assert.deepEqual(split(chunks(bytes, at), 64).lines, texts);
      }),
    );
  });

  it("keeps of endless noise no more than one line's length, and the good line that ends it", () => {
    const noise = Array.from({ length: 1000 }, () => Buffer.alloc(1000, 0x61));
    const { lines, overflows } = split([...noise, Buffer.from("good\r\nnext\n")], 100);
    // 100 bytes are kept, and the last of them is the carriage return.
    assert.deepEqual(lines, ["a".repeat(95) + "good", "next"]);
    assert.equal(overflows, 1);
  });

  it("lets whole packets pass however they are cut, and stops the first that is too long", () => {
    const payload = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(fc.array(payload, { minLength: 1, maxLength: 8 }), cuts, fc.boolean(), (payloads, at, tooLong) => {
        const packets = payloads.map((bytes) =>
          mqtt.generate({
            cmd: "publish",
            topic: "t",
            payload: Buffer.from(bytes),
            qos: 1,
            messageId: 1,
            dup: false,
            retain: false,
          }),
        );
        packets.push(mqtt.generate({ cmd: "pingreq" }));
        if (tooLong) packets.push(Buffer.from([0x32, 0x80 | 50, 0x03]));
        const guard = new FrameGuard(310);
        const passed = chunks(Buffer.concat(packets), at).map((chunk) => guard.pass(chunk));
        assert.equal(passed.includes(false), tooLong);
      }),
    );
  });

  it("refuses a length of five digits", () => {
    assert.equal(new FrameGuard(1 << 27).pass(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80])), false);
  });

  it("reads back every row that it writes, and crashes on none", () => {
    const time = fc.integer({ min: 0, max: 8.64e15 / 10 });
    fc.assert(
      fc.property(time, fc.string({ unit: "grapheme-ascii" }), (ms, line) =>
        assert.deepEqual(parseRow(formatRow(ms, line).slice(0, -1)), { ok: true, receivedMs: ms, line }),
      ),
    );
    fc.assert(fc.property(fc.string(), (row) => typeof parseRow(row).ok === "boolean"));
  });

  it("knows a board by its topic, and nothing else", () => {
    assert.equal(boardOfUp(upTopic("post-1")), "post-1");
    for (const topic of ["aryk/post-1/down", "aryk/Post/up", "aryk//up", "aryk/a/b/up", "/aryk/a/up", "x/a/up", ""])
      assert.equal(boardOfUp(topic), undefined, topic);
    assert.equal(downTopic("post-1"), "aryk/post-1/down");
  });

  it("waits longer after each failure, up to the cap, and from the start again after success", () => {
    const low = createBackoff(100, 1000, () => 0);
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map(() => low.next()),
      [50, 100, 200, 400, 500, 500],
    );
    low.reset();
    assert.equal(low.next(), 50);
    assert.equal(createBackoff(100, 1000, () => 0.999).next(), 100);
  });
});
