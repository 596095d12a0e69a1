/** Journals and entries for the tests of the outputs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Journal } from "../../../hub/journal.js";
import type { BoardId, Observation, PackEntry, SiteId } from "../../../hub/model.js";
import type { PointPlaces } from "../../../hub/outputs/line-protocol.js";

/** A directory of its own, removed by the returned function. */
export function temporaryDir(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), "aryk-outputs-"));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export function openJournal(dir: string): Journal {
  return Journal.open(join(dir, "journal.sqlite"));
}

export const START = Date.UTC(2026, 3, 12, 9, 0, 0);

/** Pack number `seq` of a post under an underpass: one reading a minute from {@link START}, unless told otherwise. */
export function packEntry(seq: number, change: Partial<PackEntry> = {}): PackEntry {
  const time = change.time ?? START + seq * 60_000;
  const observations: Observation[] = [
    { property: "distance", value: 1000 + seq, flag: 1, calibration: 0 },
    { property: "water-depth", value: 3000 - seq / 4, flag: 2, calibration: 5 },
  ];
  return {
    kind: "pack",
    board: "post-1" as BoardId,
    epoch: "0badcafe",
    boot: 1,
    seq,
    line: `aryk1 pack post-1 0badcafe.1.${seq} 1 - [] k1.${String(seq).padStart(32, "0")}`,
    source: "test",
    received: time + 500,
    nodeTime: time,
    time,
    timeFrom: "node",
    site: "underpass-1" as SiteId,
    observations,
    ...change,
  };
}

/** Waits until `done()` holds; fails, saying what did not come, after 40 s. */
export async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  const giveUp = Date.now() + 40_000;
  while (!(await done())) {
    if (Date.now() > giveUp) throw new Error(`waited in vain for ${what}`);
    await sleep(5);
  }
}

/** Lanes for a backlog as small as a test's. */
export const LANES = { batchSize: 100, liveFirstEntries: 500 };

/** A registry that knows one underpass, whatever it is asked for. */
export const PLACES: PointPlaces = {
  pointSite: () => ({ kind: "flood", type: "underpass", district: "Almaly" }),
  boardNumber: () => 1,
};
