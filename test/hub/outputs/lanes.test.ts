/** The newest entries before the backlog: on a sink that tells the order, and on a real InfluxDB under SIGKILL. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import Database from "better-sqlite3";
import type { Journal } from "../../../hub/journal.js";
import { Cursors } from "../../../hub/journal/cursors.js";
import type { Journalled } from "../../../hub/model.js";
import { startDrain, type Drain, type DrainOptions, type Written } from "../../../hub/outputs/drain.js";
import type { Lane } from "../../../hub/outputs/drain/lane.js";
import { Lanes, type LanesJournal } from "../../../hub/outputs/drain/lanes.js";
import { startInfluxDb } from "../../../hub/outputs/influxdb.js";
import { projectRoot } from "../../../hub/root.js";
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

  /** A run through everything that lanes do, over 2,000 entries that cost nothing. */
  class Run {
    /** Where the journal ends. */
    head = 1000;
    readonly written = new Set<number>();
    readonly #entries = journal.read(0, 2000);

    read(after: number, limit: number): Journalled[] {
      return this.#entries.slice(after, Math.min(after + limit, this.head));
    }

    #go(lane: Lane | null): boolean {
      const launched = lane?.launch(100, (flight) => {
        for (const { id } of flight.entries) this.written.add(id);
        flight.endedTo = flight.entries[flight.entries.length - 1].id;
        flight.entries = [];
        return Promise.resolve();
      });
      lane?.settle();
      return launched === true;
    }

    /** Opens both lanes, falls behind on the second one as well, and joins them. False if it was cut off. */
    whole(mortal: LanesJournal, consumer: string): boolean {
      try {
        const lanes = new Lanes(mortal, consumer, 500);
        lanes.arrange(this.head);
        for (let i = 0; i < 2; i++) this.#go(lanes.main);
        this.head = 1100;
        this.#go(lanes.live);
        this.head = 1800;
        lanes.arrange(this.head); // the newest lane is far behind, too
        this.head = 1850;
        this.#go(lanes.live);
        while (this.#go(lanes.main));
        lanes.arrange(this.head);
        while (this.#go(lanes.main));
        return true;
      } catch (error) {
        assert.match(String(error), /cut off/);
        return false;
      }
    }

    /** The next start carries what is left. */
    rest(immortal: LanesJournal, consumer: string): void {
      this.head = 2000;
      const after = new Lanes(immortal, consumer, Infinity);
      while (after.lag(this.head) > 0) {
        while (this.#go(after.live));
        while (this.#go(after.main));
        after.arrange(this.head);
      }
    }
  }

  it("survive being cut off before any of their writes, leaving nothing out", async () => {
    await append(2000);
    let left = Infinity;
    const cut = <T>(work: () => T): T => {
      if (left-- <= 0) throw new Error("cut off");
      return work();
    };
    let rounds = 0;
    for (let whole = false; !whole; rounds++) {
      const consumer = `round-${rounds}`;
      const run = new Run();
      const mortal: LanesJournal = {
        read: (after, limit) => run.read(after, limit),
        consumers: () => journal.consumers(),
        cursor: (name) => (cursors().includes(name) ? journal.cursor(name) : cut(() => journal.cursor(name))),
        settle: (name, id) => cut(() => journal.settle(name, id)),
        removeConsumer: (name) => cut(() => journal.removeConsumer(name)),
      };
      left = rounds;
      whole = run.whole(mortal, consumer);
      left = Infinity;
      run.rest(mortal, consumer);
      assert.equal(run.written.size, 2000, `cut off before write ${rounds + 1}`);
      assert.equal(journal.cursor(consumer).id, 2000);
      assert.ok(!cursors().some((name) => name.startsWith(`${consumer}#`)));
    }
    assert.ok(rounds > 20, `${rounds} places to cut`);
  });

  it("survive a crash that forgets the places which waited for a commit, whichever came last, leaving nothing out", async () => {
    await append(2000);
    /** Everything up to a crash before write `cutAt`; places are on disk from a commit before write `commitAt`. */
    function crash(commitAt: number, cutAt: number): boolean {
      const db = new Database(":memory:");
      db.exec("CREATE TABLE cursors (consumer TEXT PRIMARY KEY, id INTEGER, mirror INTEGER)");
      let places = new Cursors(db);
      let writes = 0;
      const next = (): void => {
        if (writes === commitAt) {
          places.save();
          places.saved();
        }
        if (writes++ === cutAt) throw new Error("cut off");
      };
      const run = new Run();
      const mortal: LanesJournal = {
        read: (after, limit) => run.read(after, limit),
        consumers: () => places.all(run.head),
        cursor(name) {
          if (!places.all(0).some(({ consumer }) => consumer === name)) next();
          return { id: places.open(name, () => 0) };
        },
        settle(name, id) {
          next();
          places.settle(name, id);
        },
        removeConsumer(name) {
          next();
          return places.remove(name);
        },
      };
      const whole = run.whole(mortal, "sink");
      places = new Cursors(db);
      commitAt = cutAt = Infinity;
      run.rest(mortal, "sink");
      assert.equal(run.written.size, 2000);
      assert.deepEqual(places.all(2000), [{ consumer: "sink", id: 2000, behind: 0 }]);
      db.close();
      return whole;
    }
    let cutAt = 0;
    for (let whole = false; !whole; cutAt++)
      for (let commitAt = 0; commitAt <= cutAt; commitAt++) {
        try {
          whole = crash(commitAt, cutAt);
        } catch (cause) {
          throw new Error(`commit before write ${commitAt + 1}, crash before write ${cutAt + 1}`, { cause });
        }
      }
    assert.ok(cutAt > 20, `${cutAt} places to crash at`);
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
        const script = `${projectRoot()}/test/hub/outputs/lanes-child.ts`;
        const args = ["--import=tsx", script, place.dir, server.url, "city"];
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
