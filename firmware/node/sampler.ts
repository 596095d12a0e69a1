/**
 * One round of measuring: each sensor in turn is woken, warmed up, sampled as often as it asks, and put to sleep. The
 * median of the samples that gave a value goes into the pack; a property whose samples all failed is its last fault.
 *
 * Sensors take turns because each is then awake no longer than it must be, and because the heap then never holds more
 * than one driver.
 */
import type { Driver, Options, Port, Sensor } from "../sensors/sensor.js";
import type { Fault, Reading } from "../wire/pack.js";

export interface Fitted {
  /** Gives what makes the sensor, built anew for each round: its tables need not stay in the heap between rounds. */
  maker(): (options: Options) => Sensor;
  options: Options;
  /** Name of its port. */
  port: string;
  /** Switch of its supply, where it is not always on. */
  power?: string;
  /** Present where a change at its pin starts a round. */
  edges?: number;
  /** Appended to the names of its properties, where another of its kind stands at the same site. */
  suffix?: string;
}

export interface Sampling {
  fitted: Fitted[];
  /** The board's side of a port, made anew for each round. */
  portOf(name: string): Port;
  /** Switches a supply, by the name of its switch. */
  power(name: string, on: boolean): void;
  pacePercent: number;
  after: Port["after"];
}

/** How long past its own limit a driver may keep silent before its sample counts as `timeout`. */
const GRACE_MS = 1000;
/** How long a driver that was put to sleep may still write to its port. */
const LAST_WORDS_MS = 100;

/** The samples of a sensor in flat memory: `values` holds `samples` numbers for each property in turn. */
interface Samples {
  values: Float64Array;
  counts: Uint8Array;
  /** The latest fault of each property. */
  faults: Fault[];
}

/** The middle value; the mean of the two middle ones when their number is even. `values` is in ascending order. */
export function median(values: number[]): number {
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

function inOrder(sensor: Sensor, samples: Samples, column: number): number[] {
  const values: number[] = [];
  const from = column * sensor.samples;
  for (let i = 0; i < samples.counts[column]; i++) values.push(samples.values[from + i]);
  return values.sort((a, b) => a - b);
}

/** What the samples of a sensor amount to, in the order of its properties, the spread last. */
function summarize(sensor: Sensor, samples: Samples): Reading[] {
  const out: Reading[] = [];
  const spread = sensor.spread;
  let spreadReading: Reading | null = null;
  sensor.properties.forEach((property, column) => {
    const values = inOrder(sensor, samples, column);
    if (values.length === 0) {
      out.push({ property: property, ok: false, fault: samples.faults[column] });
      return;
    }
    out.push({ property: property, ok: true, value: median(values) });
    if (spread !== null && spread.of === property)
      spreadReading = { property: spread.as, ok: true, value: values[values.length - 1] - values[0] };
  });
  if (spreadReading !== null) out.push(spreadReading);
  return out;
}

function noSamples(sensor: Sensor): Samples {
  const columns = sensor.properties.length;
  return {
    values: new Float64Array(columns * sensor.samples),
    counts: new Uint8Array(columns),
    faults: sensor.properties.map((): Fault => "timeout"),
  };
}

type Take = (readings: Reading[]) => void;

/** What a second sensor of a kind says, under names of its own. */
function renamed(readings: Reading[], suffix: string): Reading[] {
  return readings.map((reading) =>
    Object.assign({}, reading, {
      property: Object.assign({}, reading.property, { name: reading.property.name + suffix }),
    }),
  );
}

/** Measures with one sensor: `take` is given a reading for each of its properties, then `done` is called. */
function measure(sensor: Sensor, port: Port, pacePercent: number, take: Take, done: () => void): void {
  const after = port.after;
  let driver: Driver | null = sensor.connect(port);
  const samples = noSamples(sensor);
  let left = sensor.samples;

  const keep = (readings: Reading[]): void => {
    readings.forEach((reading, column) => {
      if (reading.ok) {
        samples.values[column * sensor.samples + samples.counts[column]] = reading.value;
        samples.counts[column] += 1;
      } else samples.faults[column] = reading.fault;
    });
  };

  const next = (): void => {
    let answered = false;
    let stopWaiting: () => void = () => undefined;
    const answer = (readings: Reading[]): void => {
      if (answered) return;
      answered = true;
      stopWaiting();
      keep(readings);
      left -= 1;
      if (left > 0) {
        after((sensor.sampleEveryMs * pacePercent) / 100, next);
        return;
      }
      if (driver !== null) driver.sleep();
      driver = null;
      // Not at once: the driver, its last words and the frames that led here are then gone from the heap.
      after(LAST_WORDS_MS, () => {
        take(summarize(sensor, samples));
        done();
      });
    };
    stopWaiting = after(sensor.sampleTimeoutMs + GRACE_MS, () => answer([]));
    if (driver !== null) driver.sample(answer);
  };

  driver.wake();
  after((sensor.warmUpMs * pacePercent) / 100, next);
}

/**
 * Runs one round: `take` is given each sensor's readings in the order in which they are fitted, then `done` is called.
 * Each sensor has a timer of its own, so that nothing of the one before is left on the stack.
 */
export function sampleAll(sampling: Sampling, take: Take, done: () => void): void {
  const turn = (index: number): void => {
    const next = sampling.fitted[index];
    if (next === undefined) {
      done();
      return;
    }
    const power = next.power;
    const suffix = next.suffix;
    const then = (): void => {
      if (power !== undefined) sampling.power(power, false);
      sampling.after(0, () => turn(index + 1));
    };
    const keep: Take = suffix === undefined ? take : (readings) => take(renamed(readings, suffix));
    if (power !== undefined) sampling.power(power, true);
    measure(next.maker()(next.options), sampling.portOf(next.port), sampling.pacePercent, keep, then);
  };
  turn(0);
}
