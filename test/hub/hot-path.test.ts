/** The quick readers of the hot path say what the plain ones say, or leave it to them. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { parseLine, seal, unsealed, UPLINK_MAX } from "../../firmware/wire/line.js";
import { packBody, type Reading } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { tagOf } from "../../firmware/wire/seal.js";
import { readPlainPack } from "../../hub/pipeline/plain-pack.js";
import { readLine } from "../../hub/pipeline/read-line.js";
import { createTagger } from "../../hub/pipeline/tag.js";
import { packLine } from "../rig/sealed.js";

const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
const SENT = PROPERTIES.filter((property) => property.from === "node");

/** Numbers from 0 up to 1, the same in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Every text that differs from this one by one character: left out, doubled, or another. */
function neighbours(text: string, others: string): string[] {
  const out: string[] = [];
  for (let i = 0; i < text.length; i++) {
    out.push(text.slice(0, i) + text.slice(i + 1), text.slice(0, i + 1) + text.slice(i));
    for (const other of others) out.push(text.slice(0, i) + other + text.slice(i + 1));
  }
  return out;
}

describe("the hot path's readers", () => {
  it("read every line, sound or damaged, as the wire's parser does", () => {
    const lines = [packLine("b1", 7), packLine("a-board-of-32-letters-0123456789", 4_294_967_295)];
    for (const time of ["-", "1790000000000/s5", "0/h0", "01/h0", "1/x0", "1/h", "1790000000000000/g1"])
      lines.push(seal(unsealed("hello", "b1", "0a0b0c0d.1.0", 500, time, "{}"), "k1", () => "0".repeat(32)));
    for (const id of ["0a0b0c0d.4294967296.1", "0a0b0c0d.1.9999999999", "0a0b0c0d.01.1", "0A0b0c0d.1.1"])
      lines.push(seal(unsealed("pack", "b1", id, 1e15, "-", "[]"), "k1", () => "f".repeat(32)));
    lines.push(packLine("b1", 1).padEnd(UPLINK_MAX + 1, "0"), "", "aryk1", "\n");
    let sound = 0;
    for (const line of lines)
      for (const text of [line, ...neighbours(line, " .-/0aA~\u007fé\n")]) {
        const expected = parseLine(text, false, UPLINK_MAX);
        assert.deepEqual(readLine(text, false), expected, text);
        if (expected.ok) sound++;
      }
    assert.ok(sound > 100);
  });

  it("read a pack as its sender wrote it, to the last bit, or leave it to the JSON parser", () => {
    const random = chance(7);
    for (let round = 0; round < 2000; round++) {
      const readings = SENT.slice(round % 10, (round % 10) + 5).map((property): Reading => {
        const value = (random() - 0.3) * 10 ** Math.floor(random() * 7);
        return { property, ok: true, value };
      });
      const body = packBody(readings);
      const read = readPlainPack(body, 32);
      assert.ok(read !== undefined, body);
      const expected = (JSON.parse(body) as { n: string; v: number }[]).map(({ n, v }) => [n, v]);
      assert.deepEqual(
        read.map((one) => [one.property.name, one.ok && one.value]),
        expected,
      );
    }
  });

  it("take no body that the JSON parser would read otherwise", () => {
    const bodies = [
      '[{"n":"distance","u":"mm","v":812}]',
      '[{"n":"temperature","u":"Cel","v":-0.25},{"n":"humidity","u":"%RH","v":50.00}]',
    ];
    let taken = 0;
    for (const body of bodies)
      for (const text of [body, ...neighbours(body, '0-.,"{}[]e+ x')]) {
        const read = readPlainPack(text, 32);
        if (read === undefined) continue;
        taken++;
        const expected = (JSON.parse(text) as { n: string; u: string; v: number }[]).map(({ n, u, v }) => [n, u, v]);
        assert.deepEqual(
          read.map((one) => [one.property.name, one.property.unit, one.ok && one.value]),
          expected,
          text,
        );
      }
    assert.ok(taken > 10);
    for (const body of ['[{"n":"distance","u":"mm","v":-0}]', '[{"n":"distance","u":"mm","v":123456789012345678}]'])
      assert.equal(readPlainPack(body, 32)?.[0]?.ok ?? "left", body.includes("-0") ? true : "left");
    const twice = '{"n":"distance","u":"mm","v":1}';
    assert.equal(readPlainPack(`[${twice},${twice}]`, 32), undefined);
    assert.equal(readPlainPack(bodies[1], 1), undefined, "more records than may be");
    assert.equal(readPlainPack('[{"n":"fill","u":"%","v":1}]', 32), undefined, "a property of the hub's");
  });

  it("make the board's own tag, one after another, with keys of any length", () => {
    const tag = createTagger();
    for (const length of [1, 16, 32, 64])
      for (const text of ["x".repeat(UPLINK_MAX), "", "aryk1 pack b1", "\u00ff"]) {
        const key = Buffer.alloc(length, length);
        assert.equal(tag(key, text), tagOf(sha256, key, text), `${length} bytes, ${text.length} characters`);
      }
    const long = Buffer.alloc(65, 1);
    assert.equal(tag(long, "x"), tag(sha256(long), "x"), "RFC 2104: a longer key is hashed first");
    assert.equal(tag(Buffer.alloc(32), "x".repeat(2000)), tagOf(sha256, Buffer.alloc(32), "x".repeat(2000)));
  });
});
