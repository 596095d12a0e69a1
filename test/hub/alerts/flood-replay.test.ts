import assert from "node:assert/strict";
import type { Level } from "../../../hub/alerts/rule.js";
import { depthAt, floodNet, type Flood } from "./floodnet.js";
import { MINUTE, random, START, Street } from "./street.js";

/** Runs a flood through the rule at one reading a minute. Times in seconds of the profile, by level. */
function replay(flood: Flood, phaseS: number): { raised: Partial<Record<Level, number>>; starts: number } {
  const street = new Street();
  const raised: Partial<Record<Level, number>> = {};
  let starts = 0;
  const end = flood.timeS[flood.timeS.length - 1] + 40 * 60;
  for (let second = phaseS - 15 * 60; second <= end; second += 60) {
    street.now = START + second * 1000;
    const before = street.state.level;
    street.reading(Math.round(depthAt(flood, second)));
    street.tick();
    if (before === 0 && street.state.level > 0) starts++;
    for (let level = 1; level <= street.state.level; level++) raised[level as Level] ??= second;
  }
  return { raised, starts };
}

const quantile = (sorted: number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];

describe("rule flood on real street floods (FloodNet NYC)", function () {
  this.timeout(60_000);
  const floods = floodNet();
  const chance = random(7);
  const runs = floods.map((flood) => ({ flood, ...replay(flood, Math.floor(chance() * 60)) }));

  /** POD and minutes from the true crossing; a raise up to 2 minutes early is a hit with its (negative) latency. */
  function score(level: Level, mm: number): { pod: number; p50: number; p95: number; events: number } {
    const reached = runs.filter((r) => Math.max(...r.flood.depthMm) >= mm);
    const latencies: number[] = [];
    for (const { flood, raised } of reached) {
      let crossing = flood.timeS[0];
      while (depthAt(flood, crossing) < mm) crossing++;
      const at = raised[level];
      if (at !== undefined && at - crossing <= 600) latencies.push((at - crossing) / 60);
    }
    latencies.sort((a, b) => a - b);
    const pod = latencies.length / reached.length;
    return { pod, p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), events: reached.length };
  }

  it("closes the road within minutes of 15 cm, and misses next to none", () => {
    const s = score(3, 150);
    console.log(
      `      level 3: ${s.events} floods, POD ${s.pod.toFixed(3)}, p50 ${s.p50.toFixed(1)} min, p95 ${s.p95.toFixed(1)} min`,
    );
    assert.ok(s.events >= 50 && s.pod >= 0.975 && s.p50 <= 2 && s.p95 <= 4, JSON.stringify(s));
  });

  it("watches from 5 cm", () => {
    const s = score(1, 50);
    console.log(
      `      level 1: ${s.events} floods, POD ${s.pod.toFixed(3)}, p50 ${s.p50.toFixed(1)} min, p95 ${s.p95.toFixed(1)} min`,
    );
    assert.ok(s.events >= 100 && s.pod >= 0.95 && s.p50 <= 2 && s.p95 <= 4, JSON.stringify(s));
  });

  it("does not chatter: close to one alarm for each flood", () => {
    const raised = runs.filter((r) => r.starts > 0);
    const mean = raised.reduce((sum, r) => sum + r.starts, 0) / raised.length;
    console.log(`      ${mean.toFixed(3)} alarms per flood, at most ${Math.max(...raised.map((r) => r.starts))}`);
    assert.ok(mean <= 1.1, String(mean));
  });

  it("never lets a flood of 15 cm pass without any alarm at all", () => {
    const chance2 = random(11);
    for (const flood of floods.filter((f) => Math.max(...f.depthMm) >= 150)) {
      const street = new Street();
      const phase = Math.floor(chance2() * 60);
      for (let s = phase - 300; s <= flood.timeS[flood.timeS.length - 1] + 60; s += 60) {
        street.now = START + s * 1000;
        street.reading(Math.round(depthAt(flood, s)));
      }
      // A peak over in less than two readings cannot be told from a blip.
      let above = 0;
      for (let s = flood.timeS[0]; s <= flood.timeS[flood.timeS.length - 1]; s++) if (depthAt(flood, s) >= 50) above++;
      assert.ok(above < 180 || street.events.length > 0, JSON.stringify(flood));
    }
  });
});

describe("rule flood on made-up disturbances of a dry road", function () {
  this.timeout(60_000);
  const RUNS = 600;
  type Shape = (chance: () => number) => number[];
  const between = (chance: () => number, low: number, high: number): number => low + (high - low) * chance();
  const fill = (minutes: number, height: () => number): number[] =>
    Array.from({ length: Math.max(1, Math.round(minutes)) }, () => height());

  const blip: Shape = (c) => fill(1, () => between(c, 50, 2500));
  const person: Shape = (c) => {
    const tall = between(c, 1000, 1900);
    return fill(between(c, 2, 4.49), () => tall + between(c, -60, 60));
  };
  const flat = (low: number, high: number): Shape => {
    return (c) => {
      const top = between(c, low, high);
      return fill(between(c, 10, 60), () => top + between(c, -4, 4));
    };
  };
  const pulses = (low: number, high: number): Shape => {
    return (c) => {
      const top = between(c, low, high);
      return fill(between(c, 6, 30), () => (c() < 0.5 ? 0 : top + between(c, -30, 30)));
    };
  };
  const car = flat(300, 1900);
  /** One in ten lies in the bands where the rule is weak (see hub/alerts/README.md). */
  const oneInTen = (low: Shape, high: Shape): Shape => {
    return (c) => (c() < 0.1 ? low : high)(c);
  };
  const longPerson: Shape = (c) => {
    const tall = between(c, 1000, 1900);
    return fill(between(c, 5, 15), () => tall + between(c, -60, 60));
  };

  /** Share of runs that raise a flood level of at least `level`. */
  function falseShare(shape: Shape, level: Level, seed: number): number {
    const chance = random(seed);
    let bad = 0;
    for (let run = 0; run < RUNS; run++) {
      const street = new Street();
      const noise = (): number => Math.round(Math.max(0, between(chance, -8, 12)));
      street.minutes(Array.from({ length: 6 }, noise));
      street.minutes(shape(chance).map((mm) => Math.max(0, Math.round(mm))));
      street.minutes(Array.from({ length: 6 }, noise));
      if (street.events.some((e) => e.kind === "flood" && e.level >= level)) bad++;
    }
    return bad / RUNS;
  }

  const TABLE: [string, Shape, Level, number][] = [
    ["a blip", blip, 1, 0],
    ["a person of 2 to 4 minutes", person, 1, 0],
    ["a parked car, or any flat object higher than 30 cm", car, 1, 0],
    ["a flat object of 10 to 14 cm", flat(100, 140), 1, 0],
    ["a person of 5 to 15 minutes", longPerson, 1, 0.03],
    ["a flat object, one in ten of 10 to 25 cm", oneInTen(flat(100, 250), flat(1350, 1900)), 1, 0.09],
    ["a chain of pulses higher than 30 cm", pulses(300, 2000), 1, 0.005],
    ["a chain of pulses, one in ten of 6 to 25 cm", oneInTen(pulses(60, 250), pulses(260, 2000)), 1, 0.12],
  ];
  for (const [i, [name, shape, level, most]] of TABLE.entries())
    it(`raises a level for ${name} in at most ${most * 100} % of cases`, () => {
      const share = falseShare(shape, level, 100 + i);
      console.log(`      ${name}: ${(share * 100).toFixed(1)} %`);
      assert.ok(share <= most, String(share));
    });

  it("never stays silent about a parked car", () => {
    const chance = random(5);
    for (let run = 0; run < 200; run++) {
      const street = new Street();
      street.minutes([0, 0, 0, 0, ...car(chance)]);
      assert.ok(street.events.length > 0);
      assert.ok(street.now >= START + MINUTE);
    }
  });
});
