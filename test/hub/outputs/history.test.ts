import assert from "node:assert/strict";
import { join } from "node:path";
import Database from "better-sqlite3";
import { SteppedClock } from "../../../hub/clock.js";
import { SetupError } from "../../../hub/errors.js";
import type { Journalled, PackEntry, SiteId } from "../../../hub/model.js";
import { History, startHistory, type SeriesPoint } from "../../../hub/outputs/history.js";
import { openJournal, packEntry, START, temporaryDir, until } from "./entries.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("history", () => {
  let place: { dir: string; remove: () => void };
  let file: string;
  let clock: SteppedClock;
  let history: History;
  let nextId = 1;

  beforeEach(() => {
    place = temporaryDir();
    file = join(place.dir, "history.sqlite");
    clock = new SteppedClock(START);
    history = History.open(file, clock, { retentionDays: 30 });
    nextId = 1;
  });
  afterEach(async () => {
    await history.close();
    place.remove();
  });

  const numbered = (pack: PackEntry): Journalled => ({ ...pack, id: nextId++ });
  const keep = (...packs: PackEntry[]): void => history.write(packs.map(numbered), "epoch-1");
  const minutes = (from: number, to: number, change: Partial<PackEntry> = {}): PackEntry[] =>
    Array.from({ length: to - from + 1 }, (_, i) => packEntry(from + i, change));
  const series = (maxPoints?: number, from = START - 40 * DAY, to = START + 40 * DAY, property = "distance") =>
    history.series("underpass-1", property, from, to, maxPoints);
  const values = (points: SeriesPoint[]) => points.map((point) => point.value);
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => 1000 + from + i);
  const sealed = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await history.maintain();
  };
  async function reopen(): Promise<void> {
    await history.close();
    history = History.open(file, clock, { retentionDays: 30 });
  }

  it("gives back every reading with its time, flag, reasons and calibration, before and after its hour is sealed", async () => {
    const observations: PackEntry["observations"] = [
      { property: "distance", value: null, flag: 9, why: ["no-echo"], calibration: 0 },
      { property: "water-depth", value: -0.1 + 0.3, flag: 3, why: ["hull", "input"], calibration: 12 },
    ];
    keep(...minutes(1, 90), packEntry(91, { observations }));
    const before = [await series(), await series(undefined, undefined, undefined, "water-depth")];
    assert.deepEqual(values(before[0]), [...range(1, 90), null]);
    assert.deepEqual(before[0][90], {
      ...{ time: START + 91 * 60_000, value: null, min: null, max: null, count: 1 },
      ...{ flag: 9, calibration: 0, why: ["no-echo"] },
    });
    assert.deepEqual(before[1][90], {
      ...{ time: START + 91 * 60_000, value: -0.1 + 0.3, min: -0.1 + 0.3, max: -0.1 + 0.3, count: 1 },
      ...{ flag: 3, calibration: 12, why: ["hull", "input"] },
    });
    await sealed(3 * HOUR);
    assert.equal(history.counts().hot, 0);
    assert.equal(history.counts().chunks, 4);
    assert.deepEqual([await series(), await series(undefined, undefined, undefined, "water-depth")], before);
    await reopen();
    assert.deepEqual(await series(), before[0]);
  });

  it("keeps once what is written twice, in rows as in chunks", async () => {
    keep(...minutes(1, 30));
    keep(...minutes(1, 30));
    assert.deepEqual(values(await series()), range(1, 30));
    await sealed(3 * HOUR);
    keep(...minutes(1, 30));
    assert.equal(history.counts().late, 30);
    assert.deepEqual(values(await series()), range(1, 30));
    await history.maintain();
    assert.equal(history.counts().late, 0);
    assert.deepEqual(values(await series()), range(1, 30));
  });

  it("brings late readings to their place", async () => {
    keep(...minutes(1, 10), ...minutes(21, 30));
    await sealed(5 * HOUR);
    keep(...minutes(11, 20));
    assert.deepEqual(values(await series()), range(1, 30));
    await history.maintain();
    assert.deepEqual(values(await series()), range(1, 30));
    assert.equal(history.counts().chunks, 2);
  });

  it("keeps two packs of one millisecond apart by their number", async () => {
    keep(packEntry(1, { time: START }), packEntry(2, { time: START }));
    assert.deepEqual(values(await series()), [1001, 1002]);
    await sealed(3 * HOUR);
    assert.deepEqual(values(await series()), [1001, 1002]);
  });

  it("loses nothing that arrives while hours are being sealed", async () => {
    keep(...minutes(1, 170));
    clock.advance(5 * HOUR);
    const maintained = history.maintain();
    for (let seq = 171; seq <= 290; seq++) {
      // Between two steps of the sealing: now into an hour that is being sealed, now into one that is not.
      keep(packEntry(seq, { time: START + (seq % 2) * 4 * HOUR + seq * 1000 }));
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(
        (await series()).reduce((sum, point) => sum + point.count, 0),
        seq,
      );
    }
    await maintained;
    await history.maintain();
    const points = await series();
    assert.deepEqual(values(points).sort(), range(1, 290).sort());
    assert.deepEqual(
      points.map((point) => point.time),
      points.map((point) => point.time).sort((a, b) => a - b),
    );
  });

  it("thins a long series to mean, least and greatest of equal stretches", async () => {
    keep(...minutes(0, 599));
    keep(
      packEntry(600, {
        time: START + 30_000,
        observations: [{ property: "distance", value: 9, flag: 4, calibration: 0 }],
      }),
    );
    await sealed(8 * HOUR);
    const points = await series(10, START, START + 600 * 60_000);
    assert.equal(points.length, 10);
    points.forEach((point, i) => {
      const first = 1000 + i * 60;
      assert.deepEqual([point.value, point.min, point.max], [first + 29.5, first, first + 59]);
      assert.equal(point.time, START + (i + 0.5) * HOUR);
    });
    assert.equal(points[0].count, 61);
    assert.equal(points[0].flag, 4);
    assert.equal(points[1].flag, 1);
  });

  it("bounds a range: from counts in, to does not", async () => {
    keep(...minutes(0, 10));
    assert.deepEqual(values(await series(500, START + 2 * 60_000, START + 5 * 60_000)), [1002, 1003, 1004]);
    assert.deepEqual(await series(500, START, START), []);
    assert.deepEqual(await history.series("nowhere", "distance", 0, START), []);
    assert.deepEqual(await history.series("underpass-1", "nothing", 0, START), []);
  });

  it("knows the newest reading of every series, which a late one never changes", async () => {
    keep(packEntry(5), packEntry(6, { site: "underpass-2" as SiteId }));
    keep(packEntry(3));
    assert.equal(history.latest().length, 4);
    const newest = () => history.latest().find((one) => one.site === "underpass-1" && one.property === "distance");
    assert.deepEqual(newest(), {
      ...{ site: "underpass-1", property: "distance", time: START + 5 * 60_000, seq: 5, value: 1005 },
      ...{ flag: 1, calibration: 0 },
    });
    const before = history.latest();
    await reopen();
    assert.deepEqual(sorted(history.latest()), sorted(before));
    await sealed(5 * HOUR);
    keep(packEntry(4));
    await reopen();
    assert.deepEqual(sorted(history.latest()), sorted(before));
  });

  it("drops what is older than it is to keep, and takes nothing that is", async () => {
    keep(...minutes(1, 10));
    await sealed(3 * HOUR);
    clock.advance(20 * DAY);
    keep(packEntry(11, { time: clock.now() }));
    await sealed(11 * DAY);
    keep(packEntry(12));
    await history.maintain();
    assert.deepEqual(values(await series()), [1011]);
    assert.equal(history.counts().late, 0);
  });

  it("leaves out what belongs to no site or is no reading", async () => {
    keep(packEntry(1, { site: null }));
    history.write(
      [{ kind: "event", event: "hello", board: null, site: null, received: START, detail: {}, id: 2 }],
      "epoch-1",
    );
    assert.deepEqual(await series(), []);
    assert.deepEqual(history.cursor(), { epoch: "epoch-1", id: 2 });
  });

  it("goes on past a chunk that is damaged, and counts it", async () => {
    keep(...minutes(1, 150));
    await sealed(5 * HOUR);
    await history.close();
    const db = new Database(file);
    db.prepare("UPDATE chunk SET data = x'01ff' WHERE hour = (SELECT min(hour) FROM chunk)").run();
    db.close();
    history = History.open(file, clock);
    assert.deepEqual(values(await series()), range(60, 150));
    assert.equal(history.counts().damaged, 1);
    keep(...minutes(1, 3));
    await history.maintain();
    assert.deepEqual(values(await series()), [...range(1, 3), ...range(60, 150)]);
  });

  it("refuses a file that is none of its own", async () => {
    const other = join(place.dir, "other.sqlite");
    const db = new Database(other);
    db.pragma("user_version = 99");
    db.close();
    const refused = (code: string) => (e: unknown) => e instanceof SetupError && e.code === code;
    assert.throws(() => History.open(other, clock), refused("HISTORY_NEWER"));
    assert.throws(() => History.open(join(place.dir, "no", "folder"), clock), refused("HISTORY_NOT_WRITABLE"));
  });

  it("follows the journal, stops, and goes on where it was", async () => {
    const journal = openJournal(place.dir);
    const own = join(place.dir, "followed.sqlite");
    let running = startHistory({ file: own, journal, clock, gatherMs: 0 });
    await Promise.all(minutes(1, 20).map((pack) => journal.append(pack)));
    await until("the history", () => journal.cursor("history").id === 20);
    await running.stop();
    await Promise.all(minutes(21, 40).map((pack) => journal.append(pack)));
    running = startHistory({ file: own, journal, clock, gatherMs: 0 });
    await until("the history", () => journal.cursor("history").id === 40);
    assert.deepEqual(running.history.cursor(), journal.head());
    const points = await running.history.series("underpass-1", "distance", 0, START + DAY);
    assert.deepEqual(values(points), range(1, 40));
    await running.stop();
    await journal.close();
  });
});

function sorted(all: { site: string; property: string }[]) {
  return all.sort((a, b) => (a.site + a.property < b.site + b.property ? -1 : 1));
}
