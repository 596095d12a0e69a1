/** The ledger's hours as points of a real InfluxDB 1.x. */
import assert from "node:assert/strict";
import { pointPlaces } from "../../../hub/join.js";
import { ledgerLine, startLedgerPoints } from "../../../hub/outputs/ledger-points.js";
import { need, startInfluxd, startVictoriaMetrics, type RunningServer } from "../../rig/servers.js";
import { HOUR, mm, openRig, START } from "../completeness/rig.js";
import type { Rig } from "../completeness/rig.js";
import { until } from "./entries.js";

const MINUTE = 60_000;

describe("the ledger's points", function () {
  this.timeout(60_000);
  let server: RunningServer;
  let r: Rig;
  before(async function () {
    need(this, "influxd");
    server = await startInfluxd();
  });
  after(() => server?.dispose());
  beforeEach(() => (r = openRig()));
  afterEach(() => r.remove());

  async function query(q: string): Promise<Record<string, number>[]> {
    const answer = await fetch(`${server.url}/query?epoch=ns&db=aryk`, {
      method: "POST",
      body: new URLSearchParams({ q }),
      signal: AbortSignal.timeout(20_000),
    });
    const { results } = (await answer.json()) as {
      results: { series?: { columns: string[]; values: number[][] }[] }[];
    };
    const [series] = results[0].series ?? [];
    return (series?.values ?? []).map((row) => Object.fromEntries(row.map((value, i) => [series.columns[i], value])));
  }

  it("are one an hour, with the hours in which all was lost, and the same point when a late pack comes", async () => {
    await query("CREATE DATABASE aryk");
    r.hang("b1", "site-1", START);
    r.hang("b2", "site-1", START);
    const send = async (board: ReturnType<Rig["board"]>, skip: (i: number) => boolean): Promise<string[]> => {
      const lines = Array.from({ length: 180 }, (_, i) => board.pack(mm(2000), i * MINUTE, START + i * MINUTE));
      await Promise.all(lines.filter((_, i) => !skip(i)).map((line) => r.send(line)));
      return lines;
    };
    r.clock.advance(3 * HOUR);
    const lines = await send(r.board("b1"), (i) => i === 5 || (i >= 60 && i < 120));
    await send(r.board("b2"), () => false);
    const said: string[] = [];
    const points = startLedgerPoints({
      ...{ output: "influxdb", source: r.completeness, places: pointPlaces(r.registry) },
      target: { api: "v1", url: server.url, database: "aryk" },
      log: (_, message) => void said.push(message),
    });
    try {
      r.completeness.flush();
      await points.pass();
      const board = async (number: number) =>
        (await query(`SELECT * FROM ledger WHERE board = ${number} ORDER BY time`)).map((p) => [
          ...[Math.floor(p.time / 1e6), p.expected, p.received, p.unexplained, p.late, p.completeness],
        ]);
      // The third hour is not over for five minutes yet, and it alone shows what the second lost.
      assert.deepEqual(await board(1), [[START, 60, 59, 1, 59, 59 / 60]]);
      assert.equal((await board(2)).length, 2);
      assert.equal((await query("SELECT * FROM ledger"))[0]["kind"] as unknown, "underpass");

      await server.stop();
      r.clock.advance(10 * MINUTE);
      await r.send(lines[5]);
      r.completeness.flush();
      await points.pass();
      assert.match(said.join(), /the ledger's hours wait/);
      await server.start();
      await points.pass();
      const after = await board(1);
      assert.deepEqual(after, [
        [START, 60, 60, 0, 60, 1],
        [START + HOUR, 60, 0, 60, 0, 0],
        [START + 2 * HOUR, 60, 60, 0, 50, 1],
      ]);
    } finally {
      await points.stop();
    }
  });

  it("reach VictoriaMetrics over the API of 2.x, where what came late raises what was received", async function () {
    need(this, "victoria-metrics");
    const metrics = await startVictoriaMetrics();
    r.hang("b1", "site-1", START);
    r.clock.advance(2 * HOUR);
    const board = r.board("b1");
    const lines = Array.from({ length: 60 }, (_, i) => board.pack(mm(2000), i * MINUTE, START + i * MINUTE));
    await Promise.all(lines.filter((_, i) => i !== 5).map((line) => r.send(line)));
    const points = startLedgerPoints({
      ...{ output: "victoria", source: r.completeness, places: pointPlaces(r.registry) },
      target: { api: "v2", url: metrics.url, org: "city", bucket: "aryk" },
      log: () => undefined,
    });
    const received = async (): Promise<number[]> => {
      await fetch(`${metrics.url}/internal/force_flush`);
      const text = await (await fetch(`${metrics.url}/api/v1/export?match[]=ledger_received`)).text();
      const rows = text.split("\n").filter((line) => line !== "");
      return rows.flatMap((row) => (JSON.parse(row) as { values: number[] }).values);
    };
    try {
      r.completeness.flush();
      await points.pass();
      await until("the first state", async () => (await received()).at(-1) === 59);
      await r.send(lines[5]);
      r.completeness.flush();
      await points.pass();
      await until("the second state", async () => Math.max(...(await received())) === 60);
    } finally {
      await points.stop();
      await metrics.dispose();
    }
  });

  it("have no line for a site that the registry does not know", () => {
    const counts = { expected: 1, received: 1, dropped: 0, mayWait: 0, unexplained: 0, dead: 0, duplicates: 0 };
    const hour = { site: "gone", board: "b1", hour: START, ...counts, refused: 0, late: 0, clock: 0 };
    assert.equal(ledgerLine(hour, pointPlaces(r.registry)), null);
    assert.equal(ledgerLine({ ...hour, site: null }, pointPlaces(r.registry)), null);
  });
});
