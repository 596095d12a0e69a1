import assert from "node:assert/strict";
import type { BoardView } from "../../../../hub/api/views.js";
import { byLabel, single } from "../../../../hub/api/metrics.js";
import { startApi, API_DEFAULTS } from "../../../../hub/api/server.js";
import type { ApiDeps } from "../../../../hub/api/server.js";
import { SetupError } from "../../../../hub/errors.js";
import { enter, reading, START, startBench, visitor } from "../setup.js";
import type { Bench } from "../setup.js";
import { raise, FLOWS_TOKEN } from "./rig.js";

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
    const { boards } = JSON.parse(text) as { boards: BoardView[] };
    assert.deepEqual(
      boards.map(({ board, number, site, since, keys }) => ({ board, number, site, since, keys })),
      [{ board: "post-7", number: 1, site: "underpass-1", since: START - 1, keys: [{ id: "k1", revoked: false }] }],
    );
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
