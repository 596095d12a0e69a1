/**
 * One round of measuring: wake every sensor so that all are warm at the same moment, sample each as often as it asks,
 * and put the median of the samples that gave a value into the pack. A property whose samples all failed is its fault.
 */
import type { Driver, Sensor } from "../sensors/sensor.js";
import type { Reading } from "../wire/pack.js";

export interface Fitted {
  sensor: Sensor;
  driver: Driver;
}

export interface SamplerDeps {
  fitted: Fitted[];
  warmUpPercent: number;
  after(ms: number, fn: () => void): () => void;
}

/** How long past its own limit a driver may keep silent before its sample counts as `timeout`. */
const GRACE_MS = 1000;

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values: number[]): number {
  const sorted = values.slice().sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function valuesOf(samples: Reading[][], column: number): number[] {
  const values: number[] = [];
  samples.forEach((sample) => {
    const reading = sample[column];
    if (reading.ok) values.push(reading.value);
  });
  return values;
}

/** What the samples of one sensor amount to, in the order of its properties, the spread last. */
export function summarize(sensor: Sensor, samples: Reading[][]): Reading[] {
  const out: Reading[] = [];
  sensor.properties.forEach((property, column) => {
    const values = valuesOf(samples, column);
    const last = samples[samples.length - 1][column];
    if (values.length > 0) out.push({ property: property, ok: true, value: median(values) });
    else out.push(last);
  });
  const spread = sensor.spread;
  if (spread !== null) {
    const column = sensor.properties.indexOf(spread.of);
    const values = valuesOf(samples, column).sort((a, b) => a - b);
    if (values.length > 0) out.push({ property: spread.as, ok: true, value: values[values.length - 1] - values[0] });
  }
  return out;
}

function silent(sensor: Sensor): Reading[] {
  return sensor.properties.map((property): Reading => ({ property: property, ok: false, fault: "timeout" }));
}

function measure(deps: SamplerDeps, fitted: Fitted, done: (readings: Reading[]) => void): void {
  const sensor = fitted.sensor;
  const samples: Reading[][] = [];
  let next: () => void = () => undefined;
  const take = (readings: Reading[]): void => {
    samples.push(readings);
    if (samples.length < sensor.samples) {
      deps.after(sensor.sampleEveryMs, next);
      return;
    }
    fitted.driver.sleep();
    done(summarize(sensor, samples));
  };
  next = () => {
    let answered = false;
    const answer = (readings: Reading[]): void => {
      if (answered) return;
      answered = true;
      stopWaiting();
      take(readings);
    };
    const stopWaiting = deps.after(sensor.sampleTimeoutMs + GRACE_MS, () => answer(silent(sensor)));
    fitted.driver.sample(answer);
  };
  next();
}

/** Milliseconds from waking the first sensor to the first sample. */
export function warmUpMs(deps: SamplerDeps): number {
  let longest = 0;
  deps.fitted.forEach((f) => {
    if (f.sensor.warmUpMs > longest) longest = f.sensor.warmUpMs;
  });
  return (longest * deps.warmUpPercent) / 100;
}

/** Runs one round and calls back once, with every sensor's readings in the order in which they are fitted. */
export function sampleAll(deps: SamplerDeps, done: (readings: Reading[]) => void): void {
  const results: Reading[][] = [];
  let open = deps.fitted.length;
  const longestMs = warmUpMs(deps);
  deps.fitted.forEach((fitted, index) => {
    const ownMs = (fitted.sensor.warmUpMs * deps.warmUpPercent) / 100;
    const start = (): void =>
      measure(deps, fitted, (readings) => {
        results[index] = readings;
        open -= 1;
        if (open > 0) return;
        let all: Reading[] = [];
        results.forEach((r) => {
          all = all.concat(r);
        });
        done(all);
      });
    deps.after(longestMs - ownMs, () => {
      fitted.driver.wake();
      deps.after(ownMs, start);
    });
  });
}
