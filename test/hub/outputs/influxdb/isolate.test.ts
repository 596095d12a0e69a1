import assert from "node:assert/strict";
import fc from "fast-check";
import type { Answer } from "../../../../hub/outputs/influxdb/answer.js";
import { writeIsolated } from "../../../../hub/outputs/influxdb/isolate.js";

type Manner = "names" | "counts" | "silent";

const answer = (status: number, error?: string): Answer => ({
  status,
  contentType: "application/json",
  retryAfter: undefined,
  body: error === undefined ? "" : JSON.stringify({ error }),
});

/** A database that stores good lines, or nothing of a request with a bad one, and tells more or less about it. */
function database(isBad: (line: string) => boolean, manner: Manner, partial: boolean, largest = Infinity) {
  const stored = new Set<string>();
  let requests = 0;
  return {
    stored,
    requests: () => requests,
    async send(lines: string[]): Promise<Answer> {
      requests++;
      if (lines.length > largest) return answer(413, "too large");
      const bad = lines.filter(isBad);
      if (partial || bad.length === 0) for (const line of lines) if (!isBad(line)) stored.add(line);
      if (bad.length === 0) return answer(204);
      if (manner === "names") return answer(400, bad.map((line) => `unable to parse '${line}': bad`).join("\n"));
      return answer(400, manner === "counts" ? `partial write: refused dropped=${bad.length}` : "partial write");
    },
  };
}

/** Several lines, all refused, and nothing said that would tell a bad line from a bad setting. */
const blameless = (badness: boolean[], manner: Manner): boolean =>
  manner === "silent" && badness.length > 1 && badness.every((bad) => bad);

describe("isolating bad lines", () => {
  it("stores every good line and rejects every bad one, however little the database says", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.constantFrom<Manner>("names", "counts", "silent"),
        fc.boolean(),
        fc.constantFrom(Infinity, 7, 1),
        async (badness, manner, partial, largest) => {
          const lines = badness.map((bad, i) => `${bad ? "bad" : "good"} ${i}`);
          const db = database((line) => line.startsWith("bad"), manner, partial, largest);
          const written = await writeIsolated(lines, db.send);
          if (blameless(badness, manner)) {
            assert.ok(written.kept?.needsPerson);
            assert.deepEqual([written.done, written.rejected], [0, []]);
            return;
          }
          assert.equal(written.done, lines.length);
          assert.equal(written.kept, undefined);
          const bad = lines.flatMap((line, i) => (line.startsWith("bad") ? [i] : []));
          assert.deepEqual(
            written.rejected.map((r) => r.index),
            bad,
          );
          assert.deepEqual([...db.stored].sort(), lines.filter((line) => line.startsWith("good")).sort());
        },
      ),
      { numRuns: 300 },
    );
  });

  it("keeps what is undecided when the database goes away in the middle, and decides nothing twice", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
        fc.constantFrom<Manner>("names", "counts", "silent"),
        fc.boolean(),
        fc.integer({ min: 0, max: 8 }),
        async (badness, manner, partial, requests) => {
          const lines = badness.map((bad, i) => `${bad ? "bad" : "good"} ${i}`);
          const db = database((line) => line.startsWith("bad"), manner, partial);
          const written = await writeIsolated(lines, async (some) =>
            db.requests() < requests ? db.send(some) : { error: "connect ECONNREFUSED" },
          );
          if (written.done < lines.length && !blameless(badness, manner))
            assert.equal(written.kept?.reason, "connect ECONNREFUSED");
          const decided = lines.slice(0, written.done);
          for (const line of decided) assert.equal(db.stored.has(line), line.startsWith("good"));
          assert.deepEqual(
            written.rejected.map((r) => r.index),
            decided.flatMap((line, i) => (line.startsWith("bad") ? [i] : [])),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("needs one more request for bad lines that are named", async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => (i % 100 === 7 ? `bad ${i}` : `good ${i}`));
    const db = database((line) => line.startsWith("bad"), "names", false);
    const written = await writeIsolated(lines, db.send);
    assert.equal(written.rejected.length, 10);
    assert.equal(db.requests(), 2);
  });

  it("keeps a batch of which every line would be refused and none is named", async () => {
    for (const refusal of [answer(400, "partial write"), answer(413, "too large")]) {
      const written = await writeIsolated(["a", "b", "c"], async () => refusal);
      assert.deepEqual([written.done, written.rejected, written.kept?.needsPerson], [0, [], true]);
      assert.match(written.kept?.reason ?? "", /^every line refused, none named: .*(partial write|too large)$/);
    }
  });

  it("keeps a batch after one request when the answer does not speak of lines", async () => {
    let requests = 0;
    const written = await writeIsolated(["a", "b", "c"], async () => {
      requests++;
      return answer(400, "Client sent an HTTP request to an HTTPS server.");
    });
    const reason = "HTTP 400: Client sent an HTTP request to an HTTPS server.";
    assert.deepEqual(written.kept, { reason, retryAfterS: undefined, needsPerson: true });
    assert.deepEqual([written.done, written.rejected, requests], [0, [], 1]);
  });

  it("rejects a single line that is too large", async () => {
    const written = await writeIsolated(["long"], async () => answer(413, "Request Entity Too Large"));
    assert.deepEqual(written, {
      done: 1,
      rejected: [{ index: 0, reason: "influxdb-too-large", detail: "HTTP 413: Request Entity Too Large" }],
    });
  });
});
