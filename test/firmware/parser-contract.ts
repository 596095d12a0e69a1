/**
 * What every byte parser owes, whatever its frames look like. Each sensor hands in its own frames (`stream` in its sim.ts); the
 * contract is the same for all.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Outcome } from "../../firmware/sensors/sensor.js";
import type { Stream } from "../../firmware/sensors/sim.js";

const RUNS = 200;

export function parserContract<T>(name: string, parser: Stream<T>): void {
  const outcomes = (chunks: string[]): Outcome<T>[] => {
    const found: Outcome<T>[] = [];
    const framer = parser.create((outcome) => found.push(outcome));
    for (const chunk of chunks) framer.push(chunk);
    return found;
  };
  const values = (chunks: string[]): T[] => outcomes(chunks).flatMap((o) => (o.ok ? [o.value] : []));
  const alone = (frame: string): T => {
    const found = values([frame]);
    assert.equal(found.length, 1, "a good frame alone must give one value");
    return found[0]!;
  };
  const all = parser.frames.map(alone);
  const anyBytes = (maxLength: number): fc.Arbitrary<string> =>
    fc.uint8Array({ maxLength }).map((b) => Buffer.from(b).toString("latin1"));

  describe(`the parser of ${name}`, () => {
    it("reads a frame split at every byte", () => {
      for (const [i, frame] of parser.frames.entries())
        for (let at = 1; at < frame.length; at++)
          assert.deepEqual(values([frame.slice(0, at), frame.slice(at)]), [all[i]], `split at ${at}`);
      assert.deepEqual(values([...parser.frames.join("")]), all);
    });

    it("reads many frames in one chunk", () => {
      assert.deepEqual(values([parser.frames.join("").repeat(20)]), Array(20).fill(all).flat());
    });

    it("reads a frame behind garbage", () => {
      for (const garbage of [parser.noise, "\0", "\xff\xff", "text before\n", parser.frames[0]!.slice(1)])
        assert.deepEqual(values([garbage + parser.frames[1]! + parser.frames[0]!]).slice(-1), [all[0]], garbage);
    });

    it("reads a frame with its start byte inside, wherever the chunk begins", () => {
      const whole = alone(parser.startInside);
      for (let at = 1; at < parser.startInside.length; at++)
        assert.deepEqual(values([parser.startInside.slice(0, at), parser.startInside.slice(at)]), [whole]);
    });

    it("keeps a good frame that follows a damaged one at once", () => {
      const [first, second] = parser.frames as [string, string];
      for (let at = 0; at < first.length; at++)
        for (const bit of [1, 0x10, 0x80]) {
          const damaged = first.slice(0, at) + String.fromCharCode(first.charCodeAt(at) ^ bit) + first.slice(at + 1);
          const found = values([damaged + second]);
          assert.deepEqual(found.slice(-1), [all[1]], `byte ${at}, bit ${bit}`);
          if (parser.checked) assert.equal(found.length, 1, `byte ${at}, bit ${bit}: the damage must be seen`);
        }
    });

    it("keeps a good frame that follows a truncated one at once", () => {
      const [first, second] = parser.frames as [string, string];
      for (let length = 1; length < first.length; length++) {
        // Where a frame's end is also the next one's start, the first may be whole all the same.
        const found = values([first.slice(0, length) + second]);
        assert.deepEqual(found, found.length === 2 ? [all[0], all[1]] : [all[1]], `cut at ${length}`);
      }
    });

    it("says so when a frame is damaged", () => {
      const frame = parser.frames[0]!;
      const middle = frame.length >> 1;
      const damaged = frame.slice(0, middle) + "\xf5" + frame.slice(middle + 1);
      const found = outcomes([damaged + parser.frames[1]!]);
      assert.deepEqual(found[0], { ok: false, fault: "checksum" });
    });

    it("holds back at most one frame of endless noise", () => {
      let seed = 1;
      const framer = parser.create(() => {});
      for (let i = 0; i < 2000; i++) {
        let chunk = "";
        for (let j = 0; j < 20; j++) {
          seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
          chunk += String.fromCharCode(seed >>> 24);
        }
        framer.push(i % 2 === 0 ? chunk : parser.noise);
        assert.ok(framer.held() <= parser.maxBytes, `holds ${framer.held()} bytes`);
      }
      framer.push(parser.noise.repeat(100));
      assert.ok(framer.held() <= parser.maxBytes);
    });

    it("finds the same frames however the stream is cut", () => {
      const stream = parser.noise + parser.frames.join(parser.noise) + parser.startInside;
      const whole = outcomes([stream]);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 30 }), (cuts) => {
          const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
          const chunks = at.slice(1).map((end, i) => stream.slice(at[i], end));
          assert.deepEqual(outcomes(chunks), whole);
        }),
        { numRuns: RUNS },
      );
    });

    it("finds the last of three good frames behind any noise", () => {
      // The first may complete a false start that ended the noise; it cannot swallow the third.
      fc.assert(
        fc.property(anyBytes(80), (noise) => {
          const found = values([noise, parser.frames[0]! + parser.frames[0]! + parser.frames[1]!]);
          assert.deepEqual(found.slice(-1), [all[1]]);
        }),
        { numRuns: RUNS },
      );
    });
  });
}
