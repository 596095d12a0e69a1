import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createCadence } from "../../firmware/node/cadence.js";
import type { Reading } from "../../firmware/wire/pack.js";
import { DISTANCE, FLOAT, HEAD, RAIN_COUNT, type Property } from "../../firmware/wire/properties.js";
import { siteType } from "../../hardware/sites.js";
import { projectRoot } from "../../hub/root.js";

const PACE = siteType("underpass-barrier")!.sampling;
const ROAD_MM = 3000;
const DRY_S = PACE.drySeconds;

const of = (property: Property, value: number | null): Reading[] => [
  value === null ? { property, ok: false, fault: "no-echo" } : { property, ok: true, value },
];

/** A post whose rounds are told what to see; `periods` are the pauses that followed. */
function post(pace = PACE) {
  const cadence = createCadence({ ...pace });
  const periods: number[] = [];
  let nowMs = 1000;
  return {
    periods,
    nowMs: () => nowMs,
    round(readings: Reading[]): number {
      cadence.see(readings, nowMs);
      const periodS = cadence.periodS(nowMs);
      periods.push(periodS);
      nowMs += periodS * 1000;
      return periodS;
    },
  };
}

describe("the pace of a post that watches water", () => {
  it("is slow over a dry road, whatever the scatter of the sensor", () => {
    const p = post();
    for (let i = 0; i < 300; i++) p.round(of(DISTANCE, ROAD_MM + ((i * 7) % 9) - 4));
    assert.deepEqual([...new Set(p.periods)], [DRY_S]);
  });

  it("is one a minute from 3 cm of water on, one in 10 s while it rises fast, and slow again after half an hour dry", () => {
    const p = post();
    for (let i = 0; i < 20; i++) p.round(of(DISTANCE, ROAD_MM));
    assert.equal(p.round(of(DISTANCE, ROAD_MM - 35)), PACE.wetSeconds);
    assert.equal(p.round(of(DISTANCE, ROAD_MM - 38)), PACE.wetSeconds);
    assert.equal(p.round(of(DISTANCE, ROAD_MM - 60)), PACE.fastSeconds);
    const began = p.nowMs();
    while (p.round(of(DISTANCE, ROAD_MM - 62)) === PACE.fastSeconds);
    assert.ok(p.nowMs() - began >= 280_000);
    const dry = p.nowMs();
    while (p.round(of(DISTANCE, ROAD_MM)) !== DRY_S) assert.ok(p.nowMs() - dry < 3_600_000);
    assert.ok(p.nowMs() - dry >= 1000 * PACE.dryAfterSeconds);
  });

  it("counts 3 cm from the road as it was before, and what stands there after an hour without sight", () => {
    for (const blindRounds of [0, 24]) {
      const p = post();
      for (let i = 0; i < 20; i++) p.round(of(DISTANCE, ROAD_MM));
      for (let i = 0; i < blindRounds; i++) assert.equal(p.round(of(DISTANCE, null)), DRY_S);
      assert.equal(p.round(of(DISTANCE, ROAD_MM - 30)), PACE.wetSeconds, `after ${blindRounds} blind rounds`);
      assert.equal(p.round(of(DISTANCE, ROAD_MM - 36)), PACE.wetSeconds);
    }
  });

  it("quickens for rain, a float and a pressure probe, too", () => {
    const wet = (readings: Reading[]): number => {
      const p = post();
      p.round(of(RAIN_COUNT, 5));
      return p.round(readings);
    };
    assert.equal(wet(of(RAIN_COUNT, 5)), DRY_S);
    assert.equal(wet(of(RAIN_COUNT, 6)), PACE.wetSeconds);
    assert.equal(wet(of(FLOAT, 1)), PACE.wetSeconds);
    assert.equal(wet(of(FLOAT, 0)), DRY_S);
    assert.equal(wet(of(HEAD, 31)), PACE.wetSeconds);
    assert.equal(wet(of(HEAD, 10)), DRY_S);
  });

  it("does not take a level that fails for a dry road", () => {
    const p = post();
    p.round(of(DISTANCE, ROAD_MM));
    p.round(of(DISTANCE, ROAD_MM - 100));
    for (let i = 0; i < 120; i++) assert.notEqual(p.round(of(DISTANCE, null)), DRY_S);
  });

  it("comes to rest under a car that parks, or snow that stays", () => {
    const p = post();
    for (let i = 0; i < 20; i++) p.round(of(DISTANCE, ROAD_MM));
    const since = p.nowMs();
    while (p.round(of(DISTANCE, ROAD_MM - 60)) !== DRY_S) assert.ok(p.nowMs() - since < 3 * 3_600_000);
  });

  it("knows the dry road from the hub where it has started in a flood", () => {
    const p = post({ ...PACE, zeroMm: ROAD_MM });
    assert.equal(p.round(of(DISTANCE, ROAD_MM - 200)), PACE.wetSeconds);
  });

  it("follows real street floods (FloodNet NYC) within a minute of 15 cm, and measures seldom else", () => {
    const text = gunzipSync(readFileSync(join(projectRoot(), "test/fixtures/floodnet/rain-events.csv.gz"))).toString();
    const delays: number[] = [];
    for (const line of text.trim().split(/\r?\n/).slice(1)) {
      const [, , depths, times] = line.split(",");
      const [depthMm, timeS] = [depths.split(" ").map(Number), times.split(" ").map(Number)];
      const depthAt = (second: number): number => {
        const next = timeS.findIndex((t) => t >= second);
        if (next <= 0) return next < 0 ? 0 : depthMm[0];
        const share = (second - timeS[next - 1]) / (timeS[next] - timeS[next - 1]);
        return depthMm[next - 1] + share * (depthMm[next] - depthMm[next - 1]);
      };
      const seconds = Array.from({ length: Math.ceil(timeS[timeS.length - 1]) }, (_, second) => second);
      const crossed = seconds.find((second) => depthAt(second) >= 150);
      // What lasts for less than two minutes may pass between two rounds.
      if (crossed === undefined || seconds.slice(crossed, crossed + 120).some((second) => depthAt(second) < 150))
        continue;
      const p = post();
      // The hour before is dry; the flood begins somewhere between two rounds.
      const startMs = 3_600_000 + (timeS.length % DRY_S) * 1000;
      for (;;) {
        const second = (p.nowMs() - startMs) / 1000;
        const depth = second < timeS[0] ? 0 : depthAt(second);
        if (depth >= 150 || second > timeS[timeS.length - 1]) {
          delays.push(second - crossed);
          break;
        }
        p.round(of(DISTANCE, ROAD_MM - Math.round(depth)));
      }
    }
    delays.sort((a, b) => a - b);
    const at = (share: number): number => delays[Math.floor(share * (delays.length - 1))];
    assert.ok(delays.length > 60, `${delays.length} floods`);
    assert.ok(at(0.5) <= 15 && at(0.95) <= 60, `median ${at(0.5)} s, 95 % ${at(0.95)} s, longest ${at(1)} s`);
  });
});
