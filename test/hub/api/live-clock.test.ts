/** What a clock that ran ahead left behind, and what a page is told of a time in doubt. */
import assert from "node:assert/strict";
import { LiveBoard } from "../../../hub/api/live.js";
import { History } from "../../../hub/outputs/history.js";
import { SteppedClock } from "../../../hub/clock.js";
import type { Journalled, SiteId, TimeWhy } from "../../../hub/model.js";
import { packEntry, START } from "../outputs/entries.js";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const YEARS = 10 * 365 * 86_400_000;

function entry(id: number, time: number, timeWhy?: TimeWhy): Journalled {
  const pack = { ...packEntry(id), site: "site-1" as SiteId, seq: id, time, id };
  const observations = [{ property: "distance", value: id, flag: 1 as const, calibration: 0 }];
  return { ...pack, observations, ...(timeWhy === undefined ? {} : { timeWhy }) };
}

describe("the newest readings, after a clock that ran ten years ahead", () => {
  it("are those of the present, with the doubt that their time carries, also once their hour is sealed", async () => {
    const entries = [
      entry(1, START + YEARS),
      entry(2, START),
      entry(3, START - 1000),
      entry(4, START + 1000, "hub-clock-stepped"),
    ];
    const journal = {
      head: () => ({ epoch: "e", id: entries.length }),
      read: (after: number) => entries.filter((one) => one.id > after),
      onCommit: () => () => undefined,
    };
    const board = new LiveBoard({ latest: () => [], cursor: () => ({ epoch: "", id: 0 }) }, journal, () => START);
    board.catchUp();
    assert.deepEqual(board.site("site-1")?.["distance"], {
      ...{ time: START + 1000, value: 4, flag: 1, calibration: 0, why: ["hub-clock-stepped"] },
    });
    const dir = mkdtempSync(join(tmpdir(), "aryk-live-clock-"));
    const clock = new SteppedClock(START);
    const history = History.open(join(dir, "history.sqlite"), clock);
    try {
      history.write(entries, "e");
      const newest = () => history.latest().map((one) => [one.time, one.value]);
      assert.deepEqual(newest(), [[START + 1000, 4]]);
      clock.advance(2 * 3_600_000);
      await history.maintain();
      assert.equal(history.counts().hot, 1, "only what is far ahead is not sealed");
      assert.deepEqual(newest(), [[START + 1000, 4]]);
    } finally {
      await history.close();
      rmSync(dir, { recursive: true });
    }
  });
});
