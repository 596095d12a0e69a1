/** The first straight line, against a real VictoriaMetrics over the API of InfluxDB 2.x. */
import assert from "node:assert/strict";
import { pointPlaces } from "../../hub/join.js";
import type { Drain } from "../../hub/outputs/drain.js";
import { startInfluxDb } from "../../hub/outputs/influxdb.js";
import { need, startVictoriaMetrics, type RunningServer } from "../rig/servers.js";
import { until } from "../hub/outputs/entries.js";
import { StraightLine } from "./straight-line.js";

/** `<measurement>_<field> | site | type | district` → time in ms → value. */
type Series = Map<string, Map<number, number>>;

describe("a reading's line to VictoriaMetrics", function () {
  this.timeout(60_000);
  let server: RunningServer;
  let line: StraightLine;
  let drains: Drain[];

  before(function () {
    need(this, "victoria-metrics");
  });
  beforeEach(async () => {
    server = await startVictoriaMetrics();
    line = new StraightLine();
    drains = [];
  });
  afterEach(async () => {
    await Promise.all(drains.map((drain) => drain.stop()));
    await line.close();
    await server.dispose();
  });

  function start(consumer = "victoria"): Drain {
    const drain = startInfluxDb({
      consumer,
      target: { api: "v2", url: server.url, org: "city", bucket: "aryk", token: "secret" },
      journal: line.journal,
      places: pointPlaces(line.registry),
      compression: consumer === "victoria" ? "none" : "gzip",
      timeoutMs: 2000,
      gatherMs: 0,
      firstPauseMs: 5,
      longestPauseMs: 50,
    });
    drains.push(drain);
    return drain;
  }

  const drained = (consumer = "victoria") =>
    until("the drain", () => line.journal.cursor(consumer).id === line.journal.head().id);

  async function stored(): Promise<Series> {
    await fetch(`${server.url}/internal/force_flush`);
    const answer = await fetch(`${server.url}/api/v1/export?match[]=${encodeURIComponent('{site!=""}')}`);
    const series: Series = new Map();
    for (const text of (await answer.text()).split("\n").filter((row) => row !== "")) {
      const { metric, values, timestamps } = JSON.parse(text) as {
        metric: Record<string, string>;
        values: number[];
        timestamps: number[];
      };
      const key = [metric.__name__, metric.site, metric.kind, metric.district ?? ""].join(" | ");
      assert.equal(new Set(timestamps).size, timestamps.length, `${key}: a millisecond stands there twice`);
      series.set(key, new Map(timestamps.map((time, i) => [time, values[i]])));
    }
    return series;
  }

  function expected(): Series {
    const all: Series = new Map();
    const kinds: Record<string, string> = { underpass: "flood", reservoir: "water", "mesh-container": "waste" };
    for (const pack of line.packs()) {
      const { type, district } = line.registry.site(pack.site)!;
      const put = (field: string, value: number): void => {
        const key = [`${kinds[type] ?? "air"}_${field}`, pack.site, type, district].join(" | ");
        if (!all.has(key)) all.set(key, new Map());
        all.get(key)?.set(pack.time, value);
      };
      put("board", line.registry.boardNumber(pack.board));
      for (const { property, value, flag, calibration } of pack.observations) {
        const name = property.replaceAll("-", "_");
        if (value !== null) put(name, value);
        put(`${name}_flag`, flag);
        if (calibration > 0) put(`${name}_cal`, calibration);
      }
    }
    return all;
  }

  /**
   * It stores the values of a block as whole numbers times one power of ten: what a board sends comes back exactly, a
   * derived double may lose its last bits.
   */
  async function same(): Promise<void> {
    const [found, wanted] = [await stored(), expected()];
    assert.deepEqual([...found.keys()].sort(), [...wanted.keys()].sort());
    for (const [key, points] of wanted) {
      const there = found.get(key)!;
      assert.deepEqual([...there.keys()], [...points.keys()], key);
      for (const [time, value] of points) {
        const difference = Math.abs((there.get(time) ?? NaN) - value);
        const allowed = key.startsWith("flood_water_depth |") ? 1e-6 : 0;
        assert.ok(difference <= allowed, `${key} at ${time}: ${there.get(time)} is not ${value}`);
      }
    }
  }

  it("finds every reading back with equal value, flag and time", async () => {
    await line.rounds(60);
    start();
    await drained();
    await same();
  });

  it("stores once what is sent twice, and what is drained twice", async () => {
    await line.rounds(20);
    start();
    await drained();
    const again = await line.send(line.lines);
    assert.ok(again.every(({ outcome }) => outcome === "duplicate"));
    start("victoria-again");
    await drained("victoria-again");
    await same();
  });

  it("loses nothing while the database is stopped for a while", async () => {
    const drain = start();
    await line.rounds(10);
    await drained();
    await server.stop();
    await line.rounds(20);
    await until("the first failures", () => drain.stats().failing > 1);
    assert.ok(drain.stats().lag > 0);
    await server.start();
    await line.rounds(5);
    await drained();
    await same();
    assert.equal(line.journal.deadLetters().length, 0);
  });
});
