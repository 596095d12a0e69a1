/**
 * The database killed and away while readings go on. In small: the whole city over hours, with its alarms and the hub's
 * memory, is `npm run chaos -- --outage 3`.
 */
import assert from "node:assert/strict";
import { startInfluxDb } from "../../hub/outputs/influxdb.js";
import { startProxy } from "../chaos/proxy.js";
import { openJournal, packEntry, PLACES, START, temporaryDir, until } from "../hub/outputs/entries.js";
import { need, startInfluxd } from "../rig/servers.js";

const BATCH = 100;
const BEFORE = 500;
const BACKLOG = 6000;

/** Number of the pack behind a point, which is its minute. */
const seqOf = (line: string): number => Math.floor((Number(line.split(" ").at(-1)) / 1e6 - START) / 60_000);

describe("a database that was away", function () {
  this.timeout(60_000);

  it("gets the newest first, then the backlog, each point once", async function () {
    need(this, "influxd");
    const place = temporaryDir();
    const server = await startInfluxd();
    const taken: number[][] = [];
    const proxy = await startProxy(server.port, (body, status) => {
      if (status === 204) taken.push(body.trim().split("\n").map(seqOf));
    });
    const journal = openJournal(place.dir);
    const ask = async (q: string): Promise<string> =>
      (await fetch(`${server.url}/query?db=city`, { method: "POST", body: new URLSearchParams({ q }) })).text();
    await ask("CREATE DATABASE city");
    const target = { api: "v1" as const, url: proxy.url, database: "city" };
    const pauses = { firstPauseMs: 20, longestPauseMs: 100, gatherMs: 5 };
    const options = { journal, target, places: PLACES, batchSize: BATCH, liveFirstEntries: 4 * BATCH, ...pauses };
    const drain = startInfluxDb(options);
    const append = async (count: number): Promise<void> => {
      const from = journal.head().id;
      await Promise.all(Array.from({ length: count }, (_, i) => journal.append(packEntry(from + i + 1))));
    };
    try {
      await append(BEFORE);
      await until("the first points", () => drain.stats().lag === 0);
      await server.kill9();
      taken.length = 0;
      await append(1);
      await until("the outage to be noticed", () => drain.stats().failing > 0);
      await append(BACKLOG - 1);
      await server.start();
      await until("the backlog", () => drain.stats().lag === 0);

      const newest = BEFORE + BACKLOG;
      const first = taken.findIndex((seqs) => seqs.includes(newest));
      // Both batches that were on their way, and what was sent beside them.
      assert.ok(first >= 0 && first <= 6, `${first} requests before the newest`);
      const written = taken.flat().sort((a, b) => a - b);
      assert.deepEqual(
        written,
        Array.from({ length: BACKLOG }, (_, i) => BEFORE + i + 1),
      );
      const { results } = JSON.parse(await ask("SELECT count(distance) FROM flood")) as {
        results: { series: { values: [string, number][] }[] }[];
      };
      assert.equal(results[0].series[0].values[0][1], newest);
    } finally {
      await drain.stop();
      await journal.close();
      await proxy.stop();
      await server.dispose();
      place.remove();
    }
  });
});
