import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { byLabel, single } from "../../../../hub/api/metrics.js";
import { projectRoot } from "../../../../hub/root.js";
import { enter, startBench, visitor } from "../setup.js";
import type { Bench } from "../setup.js";
import { PUBLIC, raw, FLOWS_TOKEN } from "./rig.js";

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

  it("refuses the anonymous on every route but the few that make a login possible", async () => {
    assert.ok(bench.routes.length > 25, `only ${bench.routes.length} routes found`);
    const open: string[] = [];
    for (const { method, url } of bench.routes) {
      if (method === "HEAD" || method === "OPTIONS") continue;
      const path = url.replace(/:\w+/g, "1").replace("*", "x");
      const response = await fetch(bench.url + path, {
        method,
        headers: { origin: bench.url, "content-type": "application/json" },
        ...(method === "GET" ? {} : { body: "{}" }),
      });
      await response.arrayBuffer();
      if (response.status !== 401 && response.status !== 403) open.push(`${method} ${url}`);
    }
    assert.deepEqual(open.sort(), [...PUBLIC].sort());
  });

  it("lets the flows in by their token, which needs no page, and by no cookie", async () => {
    const admin = await enter(bench, "admin");
    const open = (headers: Record<string, string>) =>
      fetch(`${bench.url}/api/v1/flows/open`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: "{}",
      });
    const own = { origin: bench.url, cookie: admin.cookie, "x-aryk-csrf": admin.csrf };
    assert.equal((await open({ authorization: `Bearer ${FLOWS_TOKEN}` })).status, 200);
    assert.equal((await open({ authorization: `Bearer ${FLOWS_TOKEN}x` })).status, 401);
    assert.equal((await open(own)).status, 401);
  });

  it("has the routes that its README names, each open to whom it says", () => {
    const readme = readFileSync(join(projectRoot(), "hub/api/README.md"), "utf8");
    const told = readme.split("\n").flatMap((row) => {
      const cells = /^\| (`[^|]*`) +\| (\w+) +\|/.exec(row);
      return [...(cells?.[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => `${match[1]} ${cells?.[2]}`);
    });
    const editor = (url: string): boolean => url.startsWith("/flows/editor");
    const served = bench.routes
      .filter(({ method, url }) => method !== "HEAD" && !url.startsWith("/api/v1/flows/"))
      .map(({ method, url, access }) => `${editor(url) ? "" : `${method} `}${url} ${access}`);
    const own = told.filter((one) => one.endsWith(" own"));
    assert.deepEqual(own, ["POST /api/v1/flows/… own"]);
    assert.deepEqual(told.filter((one) => !own.includes(one)).sort(), [...new Set(served)].sort());
  });

  it("refuses the anonymous also where nothing is", async () => {
    for (const path of ["/api/v1/nothing", "/../../etc/passwd", "/%2e%2e/package.json", "/app.js.map"])
      assert.equal((await visitor(bench).get(path)).status, 401, path);
    const viewer = await enter(bench, "viewer");
    for (const path of ["/api/v1/nothing", "/%2e%2e/%2e%2e/package.json"])
      assert.equal((await viewer.get(path)).status, 404, path);
  });

  it("sends every answer with headers that keep others out, and its errors without a stack", async () => {
    for (const path of ["/", "/healthz", "/api/v1/sites", "/nothing"]) {
      const { headers } = await visitor(bench).get(path);
      assert.match(
        headers.get("content-security-policy") ?? "",
        /default-src 'none'; script-src 'self'; style-src 'self'/,
      );
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("x-frame-options"), "DENY");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
    }
    const viewer = await enter(bench, "viewer");
    const bad = await viewer.get("/api/v1/series?site=underpass-1&property=water-depth&from=soon");
    assert.equal(bad.status, 400);
    const before = bench.health;
    Object.defineProperty(bench, "health", { configurable: true, get: () => assert.fail("secret detail") });
    const broken = await viewer.get("/api/v1/health");
    Object.defineProperty(bench, "health", { configurable: true, writable: true, value: before });
    const text = await broken.text();
    assert.equal(broken.status, 500);
    assert.doesNotMatch(text, /secret detail|\.ts|at /);
  });

  it("knows only its own names, so that a stranger's name for this machine leads nowhere", async () => {
    assert.equal(await raw(bench, "/healthz", { host: "evil.example:80" }), 421);
    assert.equal(await raw(bench, "/healthz", { host: "localhost:8080" }), 200);
    assert.equal(await raw(bench, "/healthz", { host: "[::1]:8080" }), 200);
  });

  it("takes changes only from its own pages, with the page's token", async () => {
    const operator = await enter(bench, "operator");
    const act = { type: "ack", expectedRevision: 1 };
    const tries: [Record<string, string>, string][] = [
      [{ origin: "https://evil.example" }, "CROSS_ORIGIN"],
      [{ origin: "null" }, "CROSS_ORIGIN"],
      [{ "x-aryk-csrf": "" }, "CSRF"],
      [{ "x-aryk-csrf": "x".repeat(operator.csrf.length) }, "CSRF"],
    ];
    for (const [headers, code] of tries) {
      const response = await operator.send("POST", "/api/v1/alarms/1/acts", act, headers);
      assert.equal(response.status, 403);
      assert.equal(((await response.json()) as { code: string }).code, code);
    }
    const bare = await fetch(`${bench.url}/api/v1/logout`, { method: "POST", headers: { cookie: operator.cookie } });
    assert.equal(bare.status, 403, "no origin at all");
    const stolenLogin = await visitor(bench).send(
      "POST",
      "/api/v1/login",
      { name: "a", password: "b" },
      { origin: "http://x" },
    );
    assert.equal(stolenLogin.status, 403, "nobody may be logged in by another page");
  });
});
