/** A street for the flood rule: readings in, levels and events out. Random shapes come from a seeded generator. */
import { flood } from "../../../hub/alerts/flood.js";
import type { FloodSettings, FloodState } from "../../../hub/alerts/flood/settings.js";
import type { RuleEvent, RuleReading } from "../../../hub/alerts/rule.js";
import type { Flag } from "../../../hub/model.js";

export const MINUTE = 60_000;
export const START = 1_750_000_000_000;

export interface Sample {
  depth: number | null;
  flag?: Flag;
  airC?: number;
  distance?: number;
  /** Depths by the second principles; absent: not in the pack. */
  float?: number | null;
  head?: number | null;
  headFlag?: Flag;
}

export class Street {
  state: FloodState = flood.initial();
  events: RuleEvent[] = [];
  now = START;
  readonly settings: FloodSettings;

  constructor(settings: Partial<FloodSettings> = {}) {
    this.settings = { ...flood.defaults, ...settings };
  }

  /** A reading at the present moment, or one that was measured `ageMs` ago. */
  reading(sample: number | Sample, ageMs = 0): RuleEvent[] {
    const all: Sample = typeof sample === "number" ? { depth: sample } : sample;
    const { depth, flag = 1, airC, distance, float, head, headFlag = 1 } = all;
    const time = this.now - ageMs;
    const one = (property: string, value: number | null, f: Flag = 1): RuleReading => ({
      entry: 1,
      time,
      property,
      value,
      flag: f,
    });
    const readings = [one("water-depth", depth, depth === null ? 9 : flag)];
    if (distance !== undefined) readings.push(one("distance", distance));
    if (airC !== undefined) readings.push(one("temperature", airC));
    if (float !== undefined) readings.push(one("water-depth-float", float, float === null ? 9 : 1));
    if (head !== undefined) readings.push(one("water-depth-head", head, head === null ? 9 : headFlag));
    return this.#step({ type: "pack", now: this.now, readings });
  }

  tick(since?: number): RuleEvent[] {
    return this.#step({ type: "tick", now: this.now, ...(since === undefined ? {} : { since }) });
  }

  /** One reading a minute. */
  minutes(samples: (number | Sample)[]): RuleEvent[] {
    return samples.flatMap((sample) => {
      this.now += MINUTE;
      return [...this.reading(sample), ...this.tick()];
    });
  }

  wait(minutes: number): RuleEvent[] {
    const events: RuleEvent[] = [];
    for (let i = 0; i < minutes; i++) {
      this.now += MINUTE;
      events.push(...this.tick());
    }
    return events;
  }

  #step(input: Parameters<typeof flood.step>[1]): RuleEvent[] {
    const out = flood.step(this.state, input, this.settings);
    this.state = out.state;
    this.events.push(...out.events);
    return out.events;
  }
}

export const short = (events: RuleEvent[]): string[] =>
  events.map(
    (e) => `${e.kind} ${e.action}${e.kind === "flood" && e.action === "raise" ? " " + e.level : ""} ${e.reason}`,
  );

/** mulberry32: small, seeded, good enough for shapes. */
export function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
