import assert from "node:assert/strict";
import { judge, retryAfterSeconds, type Answer } from "../../../../hub/outputs/influxdb/answer.js";

const NOW = Date.UTC(2026, 0, 1);
const answer = (status: number, body = "", more: Partial<Answer> = {}): Answer =>
  ({ status, body, contentType: "application/json", retryAfter: undefined, ...more }) as Answer;
const lines = ["m v=1 1", "m v=x 2", "m v=3 3"];
const kind = (status: number, body?: string) => judge(answer(status, body), lines, NOW).kind;

describe("an InfluxDB's answer", () => {
  it("is success for 204, an empty 201, and 200", () => {
    assert.equal(kind(204), "accepted");
    assert.equal(kind(201), "accepted");
    assert.equal(kind(200), "accepted");
  });

  it("is no success when it is a web page of something in between", () => {
    const page = judge(answer(200, "<html>", { contentType: "text/html" }), lines, NOW);
    assert.deepEqual(page, { kind: "kept", reason: "HTTP 200: a web page", needsPerson: true });
  });

  it("keeps everything while the server is busy, broken or away", () => {
    for (const status of [408, 425, 429, 500, 502, 503, 504]) {
      const verdict = judge(answer(status), lines, NOW);
      assert.ok(verdict.kind === "kept" && verdict.needsPerson === undefined, String(status));
    }
    assert.deepEqual(judge({ error: "connect ECONNREFUSED" }, lines, NOW), {
      kind: "kept",
      reason: "connect ECONNREFUSED",
    });
  });

  it("keeps everything when it is our settings that are refused, and calls for a person", () => {
    const cases: [number, string][] = [
      [401, '{"error":"authorization failed"}'],
      [403, '{"code":"forbidden","message":"insufficient permissions"}'],
      [404, '{"error":"database not found: \\"aryk\\""}'],
      [404, '{"code":"not found","message":"bucket \\"aryk\\" not found"}'],
      [400, '{"error":"database is required"}'],
      [400, '{"error":"invalid consistency level"}'],
      [301, ""],
    ];
    for (const [status, body] of cases) {
      const verdict = judge(answer(status, body), lines, NOW);
      assert.ok(verdict.kind === "kept" && verdict.needsPerson, `${status} ${body}`);
    }
  });

  it("condemns no line for a 400 or 422 that does not speak of lines, and calls for a person", () => {
    const nginx = "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>";
    const bodies = [
      nginx,
      "400 The plain HTTP request was sent to HTTPS port",
      "Client sent an HTTP request to an HTTPS server.\n",
      '{"code":"invalid","message":"Invalid org ID"}',
      '{"error":"invalid database name"}',
      '{"error":"retention policy not found: \\"year\\""}',
      '{"error":"user is required to write to database \\"aryk\\""}',
      '{"error":"unable to parse authentication credentials"}',
      "refused",
      "",
    ];
    for (const status of [400, 422])
      for (const body of bodies) {
        const verdict = judge(answer(status, body), lines, NOW);
        assert.ok(verdict.kind === "kept" && verdict.needsPerson, `${status} ${body}`);
        assert.ok(verdict.reason.startsWith(`HTTP ${status}`));
      }
  });

  it("condemns no line for what a web page says", () => {
    const body = "<html>partial write: unable to parse 'm v=x 2': bad</html>";
    assert.equal(kind(400, body), "kept");
    assert.equal(judge(answer(422, "partial write", { contentType: "text/html" }), lines, NOW).kind, "kept");
    assert.equal(kind(413, "<html>413 Request Entity Too Large</html>"), "too-large");
    assert.equal(judge(answer(413, "<html>413</html>"), ["m v=1 1"], NOW).kind, "kept");
  });

  it("condemns no line when the database is at one of its limits", () => {
    const bodies = [
      '{"error":"partial write: max-series-per-database limit exceeded: (1000000) dropped=3"}',
      '{"error":"partial write: max-values-per-tag limit exceeded (100000/100000): measurement=\\"m\\" dropped=1"}',
    ];
    for (const body of bodies) {
      const verdict = judge(answer(400, body), lines, NOW);
      assert.ok(verdict.kind === "kept" && verdict.needsPerson, body);
    }
  });

  it("does not take 'hinted handoff queue not empty' for success", () => {
    assert.equal(kind(503, '{"error":"hinted handoff queue not empty"}'), "kept");
  });

  it("reads Retry-After as seconds or as a date", () => {
    assert.equal(retryAfterSeconds("7", NOW), 7);
    assert.equal(retryAfterSeconds(new Date(NOW + 90_000).toUTCString(), NOW), 90);
    assert.equal(retryAfterSeconds(new Date(NOW - 90_000).toUTCString(), NOW), 0);
    assert.equal(retryAfterSeconds("soon", NOW), undefined);
    assert.equal(retryAfterSeconds(undefined, NOW), undefined);
    const verdict = judge(answer(429, "", { retryAfter: "30" }), lines, NOW);
    assert.ok(verdict.kind === "kept" && verdict.retryAfterS === 30);
  });

  function bad(status: number, body: string): [string, [number, string][]] {
    const verdict = judge(answer(status, body), lines, NOW);
    assert.ok(verdict.kind === "lines");
    return [verdict.reason, [...verdict.bad]];
  }

  it("finds the lines that 1.x and 2.x quote", () => {
    const words = "unable to parse 'm v=x 2': invalid boolean";
    assert.deepEqual(bad(400, JSON.stringify({ error: `partial write: ${words} dropped=0` })), [
      "influxdb-parse",
      [[1, "invalid boolean"]],
    ]);
    assert.deepEqual(bad(400, JSON.stringify({ code: "invalid", message: words })), [
      "influxdb-parse",
      [[1, "invalid boolean"]],
    ]);
  });

  it("finds the lines that 3.x numbers, in a 400 or beside what a 201 stored", () => {
    const data = [{ line_number: 2, original_line: "m v=x 2", error_message: "no such value" }];
    const body = JSON.stringify({ error: "partial write of line protocol occurred", data });
    for (const status of [400, 201]) assert.deepEqual(bad(status, body)[1], [[1, "no such value"]]);
    const message = "partial write has occurred, errors encountered on line(s):\nline 2: no such value\nline 9: none";
    assert.deepEqual(bad(400, JSON.stringify({ code: "invalid", message }))[1], [[1, "no such value"]]);
  });

  it("takes all lines for bad when 1.x dropped as many as there were", () => {
    const error = "partial write: points beyond retention policy dropped=3";
    assert.deepEqual(bad(400, JSON.stringify({ error })), [
      "influxdb-beyond-retention",
      [0, 1, 2].map((i) => [i, error]),
    ]);
  });

  it("names no line when the answer names none", () => {
    const error = 'partial write: field type conflict: input field "v" on measurement "m" dropped=1';
    assert.deepEqual(bad(400, JSON.stringify({ error })), ["influxdb-type-conflict", []]);
    assert.deepEqual(bad(422, "partial write, not even JSON"), ["influxdb-refused", []]);
  });

  it("believes no line number that there is not", () => {
    const data = [{ line_number: 0 }, { line_number: 4 }, { line_number: 1.5 }, { line_number: "2" }, null];
    assert.deepEqual(bad(400, JSON.stringify({ error: "partial write", data }))[1], []);
  });
});
