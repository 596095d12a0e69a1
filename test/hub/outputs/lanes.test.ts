/** The newest entries before the backlog: on a sink that tells the order, and on a real InfluxDB under SIGKILL. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Journal } from "../../../hub/journal.js";
import type { Journalled } from "../../../hub/model.js";
import { startDrain, type Drain, type DrainOptions, type Written } from "../../../hub/outputs/drain.js";
import { startInfluxDb } from "../../../hub/outputs/influxdb.js";
import { program } from "../../rig/program.js";
import { need, startInfluxd, type RunningServer } from "../../rig/servers.js";
import { LANES, openJournal, packEntry, PLACES, temporaryDir, until } from "./entries.js";

describe("lanes to an output that was away for long", () => {
  let place: { dir: string; remove: () => void };
  let journal: Journal;
  let drains: Drain[];
  let away: boolean;
  /** Ids of the batches that the sink took, in its order. */
  let taken: number[][];

  beforeEach(() => {
    place = temporaryDir();
    journal = openJournal(place.dir);
    drains = [];
    away = false;
    taken = [];
  });
  afterEach(async () => {
    await Promise.all(drains.map((drain) => drain.stop()));
    await journal.close();
    place.remove();
  });

  const write = async (batch: Journalled[]): Promise<Written> => {
    if (away) return { done: 0, rejected: [], kept: { reason: "away" } };
    taken.push(batch.map((entry) => entry.id));
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { done: batch.length, rejected: [] };
  };
  function drain(more: Partial<DrainOptions> = {}): Drain {
    const options = { firstPauseMs: 1, longestPauseMs: 4, random: () => 0.5, gatherMs: 5, inFlight: 2 as const };
    const started = startDrain({ consumer: "sink", journal, write, ...options, ...LANES, ...more });
    drains.push(started);
    return started;
  }
  async function append(count: number): Promise<void> {
    const from = journal.head().id;
    await Promise.all(Array.from({ length: count }, (_, i) => journal.append(packEntry(from + i + 1))));
  }
  const done = () => until("the backlog", () => journal.cursor("sink").id === journal.head().id);
  const cursors = (): string[] => journal.consumers().map((one) => one.consumer);
  const whole = (ids: number[]): void =>
    assert.deepEqual(
      [...new Set(ids)].sort((a, b) => a - b),
      Array.from({ length: journal.head().id }, (_, i) => i + 1),
    );

  it("let what is new overtake the backlog, write everything once, and become one again", async () => {
    await append(3000);
    const running = drain();
    await until("two lanes", () => cursors().includes("sink#live"));
    await append(30);
    await until("the newest", () => taken.flat().includes(3030));
    assert.ok(running.stats().settled < 2900, `the backlog is at ${running.stats().settled} only`);
    assert.ok(running.stats().lag > 0);
    await done();
    whole(taken.flat());
    assert.equal(taken.flat().length, 3030, "each once");
    await append(10);
    await done();
    assert.deepEqual(cursors(), ["sink"]);
    assert.equal(running.stats().lag, 0);
  });

  it("begin with the newest of what waited, before the backlog goes on", async () => {
    away = true;
    await append(3000);
    const running = drain();
    await until("the outage to be noticed", () => running.stats().failing > 0);
    away = false;
    await until("the newest", () => taken.flat().includes(3000));
    // Both batches that were on their way when the output was away, and the newest.
    assert.ok(taken.findIndex((ids) => ids.includes(3000)) <= 3, JSON.stringify(taken.map((ids) => ids[0])));
    await done();
    whole(taken.flat());
    assert.equal(taken.flat().length, 3000, "each once");
  });

  it("keep the order while little waits, and where the output must have it", async () => {
    await append(400);
    drain();
    await done();
    assert.deepEqual(
      taken.flat(),
      [...taken.flat()].sort((a, b) => a - b),
    );
    await append(3000);
    drain({ consumer: "other", liveFirstEntries: undefined });
    await until("the other", () => journal.cursor("other").id === journal.head().id);
    assert.ok(!cursors().some((name) => name.startsWith("other#")));
  });

  it("go on with two after a stop, from where each was", async () => {
    await append(3000);
    const first = drain();
    await until("two lanes", () => cursors().includes("sink#live"));
    await append(30);
    await until("the newest", () => taken.flat().includes(3030));
    await first.stop();
    const before = taken.flat().length;
    assert.ok(cursors().includes("sink#seam"));
    drain({ liveFirstEntries: undefined });
    await done();
    whole(taken.flat());
    assert.equal(taken.flat().length, 3030, `nothing of the ${before} before is written again`);
  });

  it("turn to what is newest again after one more outage", async () => {
    await append(3000);
    const running = drain();
    await until("two lanes", () => cursors().includes("sink#live"));
    away = true;
    await append(3000);
    await until("the outage to be noticed", () => running.stats().failing > 0);
    away = false;
    taken = [];
    await until(
      "the seam to move on",
      () => (journal.consumers().find((c) => c.consumer === "sink#seam")?.id ?? 0) > 5000,
    );
    await append(20);
    await until("the newest", () => taken.flat().includes(6020));
    assert.ok(running.stats().settled < 5000);
    await done();
    const missing = new Set(Array.from({ length: 6020 - 3000 }, (_, i) => 3001 + i));
    for (const id of taken.flat()) missing.delete(id);
    assert.deepEqual([...missing], []);
  });

  it("lose nothing in a real InfluxDB when the hub is killed on the way, again and again", async function () {
    this.timeout(60_000);
    need(this, "influxd");
    const server: RunningServer = await startInfluxd();
    try {
      await server.start();
      const query = async (q: string): Promise<string> =>
        (await fetch(`${server.url}/query?db=city`, { method: "POST", body: new URLSearchParams({ q }) })).text();
      await query("CREATE DATABASE city");
      await append(6000);
      await journal.close();
      let ahead = 0;
      for (let round = 0; round < 3; round++) {
        const args = [...program("test/hub/outputs/lanes-child"), place.dir, server.url, "city"];
        const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
        const exited = once(child, "exit");
        for await (const line of createInterface({ input: child.stdout })) {
          const { lag, liveLag, settled } = JSON.parse(line) as { lag: number; liveLag: number; settled: number };
          if (lag === 0 || settled < 400 * (round + 1) || liveLag > 50) continue;
          if (lag > liveLag + 500) ahead++;
          child.kill("SIGKILL");
          break;
        }
        await exited;
      }
      assert.ok(ahead > 0, "killed at least once while the newest were ahead of the backlog");
      journal = openJournal(place.dir);
      drains.push(
        startInfluxDb({ journal, target: { api: "v1", url: server.url, database: "city" }, places: PLACES, ...LANES }),
      );
      await until("the rest", () => journal.cursor("influxdb").id === journal.head().id);
      const { results } = JSON.parse(await query("SELECT count(distance) FROM flood")) as {
        results: { series: { values: [string, number][] }[] }[];
      };
      assert.equal(results[0].series[0].values[0][1], journal.head().id);
      assert.ok(journal.head().id > 6000);
    } finally {
      await server.dispose();
    }
  });
});
