import assert from "node:assert/strict";
import { byLabel, single } from "../../../../hub/api/metrics.js";
import { enter, login, startBench, visitor } from "../setup.js";
import type { Bench, Visitor } from "../setup.js";
import { raw, FLOWS_TOKEN } from "./rig.js";

describe("the hub's HTTP server", () => {
  let bench: Bench;

  before(async () => {
    bench = await startBench({
      metricsToken: "scrape-me-please",
      metrics: [
        single("aryk_journal_entries", "gauge", "Entries kept in the journal.", () => bench.journal.counts().entries),
        byLabel("aryk_packs_total", "counter", "Lines by outcome.", "outcome", () => ({ stored: 0, refused: 2 })),
      ],
      flowsToken: FLOWS_TOKEN,
    });
  });
  after(() => bench.stop());

  it("logs in with a cookie that scripts cannot read, and out for good", async () => {
    const answer = await visitor(bench).send("POST", "/api/v1/login", { name: "admin", password: bench.adminPassword });
    assert.match(
      answer.headers.get("set-cookie") ?? "",
      /^aryk_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const admin = await login(bench, "admin", bench.adminPassword);
    assert.equal((await admin.get("/api/v1/sites")).status, 200);
    assert.equal((await admin.send("POST", "/api/v1/logout")).status, 200);
    assert.equal((await admin.get("/api/v1/sites")).status, 401);
  });

  it("marks the cookie Secure behind TLS", async () => {
    const tls = await startBench({ publicUrl: "https://aryk.example.kz" });
    try {
      const response = await visitor(tls).send("POST", "/api/v1/login", { name: "admin", password: tls.adminPassword });
      assert.match(response.headers.get("set-cookie") ?? "", /^__Host-aryk=.*; Secure/);
      assert.equal(await raw(tls, "/healthz", { host: "aryk.example.kz" }), 200);
    } finally {
      await tls.stop();
    }
  });

  it("makes whoever guesses passwords wait, and says how long", async () => {
    const guess = () => visitor(bench).send("POST", "/api/v1/login", { name: "victim", password: "wrong wrong" });
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await guess());
    assert.deepEqual(
      answers.map((a) => a.status),
      [401, 401, 401, 401, 401, 429],
    );
    assert.ok(Number(answers[5].headers.get("retry-after")) > 800);
  });

  it("lets each role do its part and no more", async () => {
    const asked: [string, string, object | undefined, Record<string, number>][] = [
      ["GET", "/api/v1/alarms", undefined, { viewer: 200, operator: 200, technician: 200, admin: 200 }],
      [
        "POST",
        "/api/v1/alarms/999/acts",
        { type: "ack", expectedRevision: 1 },
        { viewer: 403, operator: 404, technician: 404, admin: 404 },
      ],
      ["GET", "/flows/editor/", undefined, { viewer: 403, operator: 403, technician: 503, admin: 503 }],
      ["GET", "/api/v1/people", undefined, { viewer: 403, operator: 403, technician: 403, admin: 200 }],
    ];
    const people = new Map<string, Visitor>();
    for (const role of ["viewer", "operator", "technician", "admin"] as const)
      people.set(role, await enter(bench, role));
    for (const [method, path, body, wanted] of asked)
      for (const [role, person] of people) {
        const response = await (method === "GET" ? person.get(path) : person.send(method, path, body));
        assert.equal(response.status, wanted[role], `${role} ${method} ${path}`);
      }
  });

  it("keeps the book of people: adds, changes a password, removes, and ends their sessions", async () => {
    const admin = await login(bench, "admin", bench.adminPassword);
    const added = { name: "Дана", role: "operator", password: "first long one" };
    assert.equal((await admin.send("POST", "/api/v1/people", added)).status, 200);
    assert.equal((await admin.send("POST", "/api/v1/people", added)).status, 409);
    const dana = await login(bench, "Дана", "first long one");
    const wrong = await dana.send("POST", "/api/v1/password", { current: "not this one", next: "second long one" });
    assert.equal(wrong.status, 403);
    const right = await dana.send("POST", "/api/v1/password", { current: "first long one", next: "second long one" });
    assert.equal(right.status, 200);
    assert.equal((await dana.get("/api/v1/sites")).status, 401, "the old session is over");
    const again = await login(bench, "Дана", "second long one");
    assert.equal((await admin.send("DELETE", `/api/v1/people/${encodeURIComponent("Дана")}`)).status, 200);
    assert.equal((await again.get("/api/v1/sites")).status, 401);
  });

  it("refuses bodies that are too large, of another kind, or name another person", async () => {
    const operator = await enter(bench, "operator");
    const large = await operator.send("POST", "/api/v1/alarms/1/acts", {
      type: "ack",
      expectedRevision: 1,
      reason: "x".repeat(5000),
    });
    assert.equal(large.status, 413);
    const other = await operator.send("POST", "/api/v1/alarms/1/acts", {
      type: "ack",
      expectedRevision: 1,
      person: "mayor",
    });
    assert.equal(other.status, 400);
    const text = await operator.send("POST", "/api/v1/alarms/1/acts", undefined, { "content-type": "text/plain" });
    assert.ok(text.status === 415 || text.status === 400);
  });
});
