import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import type { SiteId } from "../../../hub/model.js";
import { byLabel, single } from "../../../hub/api/metrics.js";
import { startApi, API_DEFAULTS } from "../../../hub/api/server.js";
import type { ApiDeps } from "../../../hub/api/server.js";
import { SetupError } from "../../../hub/errors.js";
import { projectRoot } from "../../../hub/root.js";
import { enter, login, reading, START, startBench, visitor } from "./setup.js";
import type { Bench, Visitor } from "./setup.js";

/** What anybody may fetch: the app itself (the login page is part of it), what it needs to log in, and /healthz. */
const PUBLIC = [
  "GET /",
  "GET /login",
  "GET /app.js",
  "GET /app.css",
  "GET /icon.svg",
  "GET /map.json",
  "GET /healthz",
  "GET /livez",
  "GET /api/v1/session",
  "POST /api/v1/login",
];

/** A request with any `Host` header, which fetch does not allow. */
function raw(bench: Bench, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(bench.url + path, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on("error", reject);
    call.end();
  });
}

/** Raises a flood alarm of that level through the register's own door. */
function raise(bench: Bench, site: string, level: 1 | 2 | 3 | 4): void {
  const { register, journal, clock } = bench;
  const event = { kind: "flood", action: "raise", level, reason: "depth-2-of-3", figures: { depthMm: 200 } } as const;
  const known = register.states().find((state) => state.site === site);
  register.commit({
    fence: register.takeFence("test"),
    cursor: journal.head(),
    now: clock.now(),
    evaluations: [
      {
        site: site as SiteId,
        rule: "flood",
        expectedRevision: known?.revision ?? 0,
        state: { level },
        events: [{ ...event, time: clock.now(), entry: null }],
      },
    ],
    notices: [],
  });
}

const FLOWS_TOKEN = "the-flows-of-this-hub-and-nobody-else";

describe("the hub's HTTP server", () => {
  let bench: Bench;
  let packs = 0;

  before(async () => {
    bench = await startBench({
      metricsToken: "scrape-me-please",
      metrics: [
        single("aryk_journal_entries", "gauge", "Entries kept in the journal.", () => bench.journal.counts().entries),
        byLabel("aryk_packs_total", "counter", "Lines by outcome.", "outcome", () => ({ stored: packs, refused: 2 })),
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

  it("lets an operator take an alarm under their own name, and refuses an old screen", async () => {
    raise(bench, "underpass-1", 3);
    const operator = await enter(bench, "operator");
    type Listed = { alarms: { id: number; revision: number; state: string; ackedBy: string }[] };
    const list = async (): Promise<Listed["alarms"]> =>
      ((await (await operator.get("/api/v1/alarms")).json()) as Listed).alarms;
    const [alarm] = await list();
    assert.equal(alarm.state, "UNACK");
    const path = `/api/v1/alarms/${alarm.id}/acts`;
    const old = await operator.send("POST", path, { type: "ack", expectedRevision: alarm.revision - 1 });
    assert.equal(old.status, 409);
    assert.equal(((await old.json()) as { code: string }).code, "STALE_REVISION");
    assert.equal((await operator.send("POST", path, { type: "ack", expectedRevision: alarm.revision })).status, 200);
    const [acked] = await list();
    assert.equal(acked.state, "ACKED");
    assert.match(acked.ackedBy, /^operator-/);
    type History = { transitions: { step: string; who: string }[] };
    const { transitions } = (await (await operator.get("/api/v1/transitions")).json()) as History;
    assert.deepEqual(
      transitions.map((t) => [t.step, t.who]),
      [
        ["raise", "rule:flood"],
        ["ack", acked.ackedBy],
      ],
    );
    const noReason = await operator.send("POST", path, {
      type: "shelve",
      expectedRevision: acked.revision,
      untilMs: START + 60_000,
    });
    assert.equal(noReason.status, 409);
  });

  it("tells the newest readings, their ages, and one series", async () => {
    const viewer = await enter(bench, "viewer");
    bench.registry.addBoard("post-7", "test");
    bench.registry.assign("post-7", "underpass-1", START - 1, "test");
    await bench.pack("underpass-1", START - 240_000, [reading("water-depth", 118)]);
    await bench.pack("underpass-1", START - 200_000, [reading("water-depth", 120)]);
    await bench.pack("underpass-1", START - 300_000, [reading("water-depth", 5)]); // late: history, not news
    await bench.settled();
    packs = 3;
    const latest = (await (await viewer.get("/api/v1/latest")).json()) as {
      latest: Record<string, Record<string, { value: number }>>;
    };
    assert.equal(latest.latest["underpass-1"]["water-depth"].value, 120);
    const ages = (await (await viewer.get("/api/v1/ages")).json()) as {
      ages: { ageS: number; silent: boolean; boards: string[] }[];
    };
    assert.deepEqual(
      ages.ages.map(({ ageS, silent, boards }) => ({ ageS, silent, boards })),
      [{ ageS: 200, silent: true, boards: ["post-7"] }],
    );
    const path = `/api/v1/series?site=underpass-1&property=water-depth&from=${START - 3_600_000}&to=${START}`;
    const series = (await (await viewer.get(path)).json()) as { unit: string; points: { value: number }[] };
    assert.equal(series.unit, "mm");
    assert.deepEqual(
      series.points.map((p) => p.value),
      [5, 118, 120],
    );
    assert.equal((await viewer.get("/api/v1/series?site=nowhere&property=water-depth")).status, 404);
    assert.equal((await viewer.get("/api/v1/series?site=underpass-1&property=phone-number")).status, 400);
    assert.equal((await viewer.get("/api/v1/series?site=underpass-1&property=fill&from=5&to=4")).status, 400);
  });

  it("tells a technician which board hangs where, and nobody its key", async () => {
    const response = await (await enter(bench, "technician")).get("/api/v1/boards");
    const text = await response.text();
    assert.deepEqual((JSON.parse(text) as { boards: object[] }).boards, [
      { board: "post-7", number: 1, site: "underpass-1", since: START - 1, keys: [{ id: "k1", revoked: false }] },
    ]);
    const key = Buffer.from(bench.registry.keyOf("post-7", "k1") ?? []);
    for (const form of ["base64url", "hex", "base64"] as const) assert.equal(text.includes(key.toString(form)), false);
    assert.equal((await (await enter(bench, "operator")).get("/api/v1/boards")).status, 403);
  });

  it("tells degraded from down, tersely to strangers", async () => {
    const ask = async () => {
      const response = await visitor(bench).get("/healthz");
      return { status: response.status, body: (await response.json()) as object };
    };
    assert.deepEqual(await ask(), { status: 200, body: { status: "ok", reasons: [] } });
    const reason = { component: "drain:influxdb", code: "lag", message: "http://10.1.2.3:8086 is away" };
    bench.health = { status: "degraded", reasons: [{ ...reason, status: "degraded" }] };
    const told = { component: "drain:influxdb", status: "degraded", code: "lag" };
    assert.deepEqual(await ask(), { status: 200, body: { status: "degraded", reasons: [told] } });
    const viewer = await enter(bench, "viewer");
    assert.match(await (await viewer.get("/api/v1/health")).text(), /10\.1\.2\.3/);
    bench.health = { status: "down", reasons: [] };
    assert.equal((await ask()).status, 503);
    bench.health = { status: "ok", reasons: [] };
  });

  it("gives its metrics to a viewer or to the bearer of the token", async () => {
    const scrape = (token: string) => fetch(`${bench.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await scrape("scrape-me-pleasf")).status, 401);
    const response = await scrape("scrape-me-please");
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    assert.match(text, /^# TYPE aryk_packs_total counter$/m);
    assert.match(text, /^aryk_packs_total\{outcome="stored"\} 3$/m);
    assert.match(text, /^aryk_journal_entries \d+$/m);
    assert.match(
      await (await scrape("scrape-me-please")).text(),
      /^aryk_packs_total\{outcome="stored"\} 3$/m,
      "counts once",
    );
  });

  it("lets the anonymous look but not act, if asked to, and only on the loopback interface", async () => {
    const open = await startBench({ anonymousViewer: true });
    try {
      assert.equal((await visitor(open).get("/api/v1/sites")).status, 200);
      assert.equal((await visitor(open).get("/api/v1/people")).status, 403);
      const act = await visitor(open).send("POST", "/api/v1/alarms/1/acts", { type: "ack", expectedRevision: 1 });
      assert.equal(act.status, 403);
      assert.equal((await visitor(open).get("/flows/editor/")).status, 403);
    } finally {
      await open.stop();
    }
    const options = { ...API_DEFAULTS, webDir: "/nowhere", host: "0.0.0.0", anonymousViewer: true };
    const refused = (error: unknown) => error instanceof SetupError && error.code === "ANONYMOUS_NOT_LOCAL";
    await assert.rejects(startApi({} as ApiDeps, options), refused);
  });
});
