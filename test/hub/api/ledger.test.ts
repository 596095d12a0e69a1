import assert from "node:assert/strict";
import type { LedgerReport } from "../../../hub/completeness/counts.js";
import { createLastDay } from "../../../hub/completeness/last-day.js";
import { SteppedClock } from "../../../hub/clock.js";
import { enter, reading, site, START, startBench, until, visitor } from "./setup.js";
import type { Bench } from "./setup.js";

type Answer = LedgerReport & { now: number; missingThere: number };

describe("GET /api/v1/ledger", () => {
  let bench: Bench;
  before(
    async () => (bench = await startBench({ sites: [site("u-1", "underpass", "A"), site("u-2", "underpass", "B")] })),
  );
  after(() => bench.stop());

  it("says to whoever is logged in what arrived and what is missing", async () => {
    bench.registry.addBoard("board-u-1", "t");
    bench.registry.addBoard("board-u-2", "t");
    bench.registry.assign("board-u-1", "u-1", START, "t");
    bench.registry.assign("board-u-2", "u-2", START, "t");
    // One counter numbers both boards' packs here, so each lacks the other's number.
    await bench.pack("u-1", START, [reading("distance", 1)]);
    await bench.pack("u-2", START, [reading("distance", 1)]);
    await bench.pack("u-1", START + 1000, [reading("distance", 1)]);
    const viewer = await enter(bench, "viewer");
    const get = async (query: string): Promise<Answer> =>
      (await (await viewer.get(`/api/v1/ledger${query}`)).json()) as Answer;
    await until("the ledger has read on", async () => (await get("")).behind === 0);
    const all = await get("?missing=true&hours=true");
    assert.deepEqual([all.total.expected, all.total.received, all.total.unexplained], [5, 3, 2]);
    assert.deepEqual(
      all.missing.map((m) => [m.board, m.first, m.last, m.reason]),
      [
        ["board-u-1", 2, 2, "unexplained"],
        ["board-u-2", 1, 1, "unexplained"],
      ],
    );
    assert.equal(all.missingThere, 2);
    assert.equal(all.hours.length, 2);
    const one = await get("?board=board-u-2");
    assert.deepEqual([one.things.length, one.total.received, "missing" in one], [1, 1, false]);
    assert.equal((await get(`?to=${START - 3_600_000}`)).total.expected, 0);
    assert.equal((await viewer.get("/api/v1/ledger?from=5&to=5")).status, 400);
    assert.equal((await visitor(bench).get("/api/v1/ledger")).status, 401);
  });
});

describe("totals of the last day", () => {
  it("are made once while they are fresh, whoever asks, and again afterwards", async () => {
    const clock = new SteppedClock(START);
    const asked: number[] = [];
    const total = { received: 7 } as LedgerReport["total"];
    const lastDay = createLastDay((query) => {
      asked.push(query.from ?? 0);
      return Promise.resolve({ total } as LedgerReport);
    }, clock);
    assert.equal(lastDay(), null);
    await new Promise((resolve) => setImmediate(resolve));
    for (let i = 0; i < 3; i++) assert.equal(lastDay(), total);
    clock.advance(300_000);
    lastDay();
    assert.deepEqual(asked, [START - 86_400_000, START - 86_400_000 + 300_000]);
  });
});
