/**
 * What the history takes, and how fast it answers: 30 days of an underpass once a minute, with the measured street floods
 * of test/fixtures/floodnet one after another on a road that is dry in between. Ends in one line of JSON.
 *
 *   --sites N   how many posts write at once (default 10)
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { SteppedClock } from "../../hub/clock.js";
import { encodeChunk, HOUR_MS, type Sample } from "../../hub/outputs/history/chunk.js";
import { History } from "../../hub/outputs/history.js";
import type { BoardId, Journalled, SiteId } from "../../hub/model.js";
import { projectRoot } from "../../hub/root.js";

const DAYS = 30;
const MINUTES = DAYS * 24 * 60;
const START = Date.UTC(2026, 3, 1);
const MOUNT_MM = 3000;
const { sites: asked } = parseArgs({ options: { sites: { type: "string", default: "10" } } }).values;
const sites = Array.from({ length: Number(asked) }, (_, i) => `underpass-${i + 1}` as SiteId);

/** Depths in mm, a minute apart: each flood, and some hours of a dry road after it. */
function depths(from: number): number[] {
  const file = join(projectRoot(), "test/fixtures/floodnet/rain-events.csv.gz");
  const floods = gunzipSync(readFileSync(file)).toString().trim().split("\n").slice(1);
  const out: number[] = [];
  for (let i = from; out.length < MINUTES; i++) {
    out.push(...floods[i % floods.length].split(",")[2].split(" ").map(Number));
    for (let dry = 0; dry < 360; dry++) out.push(0);
  }
  return out.slice(0, MINUTES);
}

/** One entry: the echo's distance as a board sends it, its spread, the temperature of the day, the depth derived. */
function entry(site: SiteId, i: number, depth: number, minute: number): Journalled {
  const time = START + minute * 60_000 + ((i * 7919 + minute * 104_729) % 900);
  const echo = (minute * 31 + i * 17) % 5;
  const temperature = Math.round((12 + 9 * Math.sin((2 * Math.PI * (minute - 540)) / 1440)) * 10 + (minute % 3)) / 10;
  const reading = (property: string, value: number, calibration = 0): object => ({
    ...{ property, value, flag: 1, calibration },
  });
  return {
    ...{ kind: "pack", board: `b-${site}` as BoardId, epoch: "0a0b0c0d", boot: 1, seq: minute + 1, source: "bench" },
    ...{
      line: "",
      received: time + 300,
      nodeTime: time,
      time,
      timeFrom: "node",
      site,
      id: minute * sites.length + i + 1,
    },
    observations: [
      reading("distance", MOUNT_MM - depth - echo),
      reading("distance-spread", echo),
      reading("temperature", temperature),
      reading("water-depth", depth + echo, 1),
    ],
  } as Journalled;
}

const dir = mkdtempSync(join(tmpdir(), "aryk-bench-history-"));
try {
  const file = join(dir, "history.sqlite");
  const clock = new SteppedClock(START);
  const history = History.open(file, clock);
  const series = sites.map((_, i) => depths(i));
  const stall = monitorEventLoopDelay({ resolution: 1 });
  for (let minute = 0; minute < MINUTES; minute += 60) {
    for (let m = minute; m < minute + 60; m += 15)
      history.write(
        Array.from({ length: 15 }, (_, k) => sites.map((site, i) => entry(site, i, series[i][m + k], m + k))).flat(),
        "bench",
      );
    clock.advance(60 * 60_000);
    stall.enable();
    await history.maintain();
    stall.disable();
  }
  clock.advance(HOUR_MS);
  await history.maintain();
  const { chunks, bytes } = history.counts();
  const times: number[] = [];
  for (let i = 0; i < 30; i++) {
    const site = sites[i % sites.length];
    const begun = performance.now();
    const points = await history.series(site, "water-depth", START, START + DAYS * 24 * HOUR_MS, 500);
    times.push(performance.now() - begun);
    if (points.length !== 500) throw new Error(`${points.length} points in place of 500`);
  }
  times.sort((a, b) => a - b);
  await history.close();
  const readings = MINUTES * sites.length * 4;
  const alone = encodeChunk(
    START / HOUR_MS,
    Array.from({ length: 60 }, (_, m): Sample => {
      return { time: START + m * 60_000, seq: m + 1, value: 0, flag: 1, calibration: 0 };
    }),
  ).length;
  console.log(
    JSON.stringify({
      ...{ readings, chunks, chunkBytesPerReading: +(bytes / readings).toFixed(2) },
      fileBytesPerReading: +(statSync(file).size / readings).toFixed(2),
      flatHourBytes: alone,
      ...{ queryMedianMs: +times[15].toFixed(1), queryMaxMs: +times[29].toFixed(1) },
      sealStallMaxMs: +(stall.max / 1e6).toFixed(1),
    }),
  );
} finally {
  rmSync(dir, { recursive: true });
}
