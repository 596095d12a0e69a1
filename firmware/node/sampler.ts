/**
 * One round of measuring: each sensor in turn is woken, warmed up, sampled as often as it asks, and put to sleep. The
 * median of the samples that gave a value goes into the pack; a property whose samples all failed is its last fault.
 *
 * Sensors take turns because each is then awake no longer than it must be, and because the heap then never holds more
 * than one driver.
 */
import type { Port, Sensor } from "../sensors/sensor.js";
import type { Fault, Reading } from "../wire/pack.js";

export interface Fitted {
  /** Makes the sensor, which is built anew for each round: its tables need not stay in the heap between rounds. */
  sensor(): Sensor;
  /** Name of its port. */
  port: string;
}

export interface Sampling {
  fitted: Fitted[];
  /** The board's side of a port, made anew for each round. */
  portOf(name: string): Port;
  pacePercent: number;
  after: Port["after"];
}

/** How long past its own limit a driver may keep silent before its sample counts as `timeout`. */
const GRACE_MS = 1000;

/** The samples of one property: values in flat memory, and the fault of the latest that gave none. */
interface Column {
  values: Float64Array;
  count: number;
  fault: Fault;
}

/** The middle value; the mean of the two middle ones when their number is even. `values` is in ascending order. */
export function median(values: number[]): number {
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

function inOrder(column: Column): number[] {
  const values: number[] = [];
  for (let i = 0; i < column.count; i++) values.push(column.values[i]);
  return values.sort((a, b) => a - b);
}

/** What the columns of a sensor amount to, in the order of its properties, the spread last. */
function summarize(sensor: Sensor, columns: Column[]): Reading[] {
  const out: Reading[] = [];
  const spread = sensor.spread;
  let spreadReading: Reading | null = null;
  sensor.properties.forEach((property, i) => {
    const values = inOrder(columns[i]);
    if (values.length === 0) {
      out.push({ property: property, ok: false, fault: columns[i].fault });
      return;
    }
    out.push({ property: property, ok: true, value: median(values) });
    if (spread !== null && spread.of === property)
      spreadReading = { property: spread.as, ok: true, value: values[values.length - 1] - values[0] };
  });
  if (spreadReading !== null) out.push(spreadReading);
  return out;
}

function columnsOf(sensor: Sensor): Column[] {
  return sensor.properties.map((): Column => {
    const values = new Float64Array(sensor.samples);
    return { values: values, count: 0, fault: "timeout" };
  });
}

/** Measures with one sensor and calls back once, with a reading for each of its properties. */
export function measure(sensor: Sensor, port: Port, pacePercent: number, done: (readings: Reading[]) => void): void {
  const after = port.after;
  const driver = sensor.connect(port);
  const columns = columnsOf(sensor);
  let left = sensor.samples;

  const take = (readings: Reading[]): void => {
    readings.forEach((reading, i) => {
      const column = columns[i];
      if (reading.ok) {
        column.values[column.count] = reading.value;
        column.count += 1;
      } else column.fault = reading.fault;
    });
  };

  const next = (): void => {
    let answered = false;
    let stopWaiting: () => void = () => undefined;
    const answer = (readings: Reading[]): void => {
      if (answered) return;
      answered = true;
      stopWaiting();
      take(readings);
      left -= 1;
      if (left > 0) {
        after((sensor.sampleEveryMs * pacePercent) / 100, next);
        return;
      }
      driver.sleep();
      done(summarize(sensor, columns));
    };
    stopWaiting = after(sensor.sampleTimeoutMs + GRACE_MS, () => answer([]));
    driver.sample(answer);
  };

  driver.wake();
  after((sensor.warmUpMs * pacePercent) / 100, next);
}

/**
 * Runs one round: `take` is given each sensor's readings in the order in which they are fitted, then `done` is called.
 * Each sensor has a timer of its own, so that nothing of the one before is left on the stack.
 */
export function sampleAll(sampling: Sampling, take: (readings: Reading[]) => void, done: () => void): void {
  const turn = (index: number): void => {
    const next = sampling.fitted[index];
    if (next === undefined) {
      done();
      return;
    }
    measure(next.sensor(), sampling.portOf(next.port), sampling.pacePercent, (readings) => {
      take(readings);
      sampling.after(0, () => turn(index + 1));
    });
  };
  turn(0);
}
