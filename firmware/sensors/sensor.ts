/**
 * The contract between a sensor's folder and the node. A driver is the only file that touches a bus; it never throws,
 * and it always calls back: with a value, or with the fault that stands in its place.
 */
import type { Property } from "../wire/properties.js";
import type { Fault, Reading } from "../wire/pack.js";

/** A UART as the board gives it. Bytes travel as strings of character codes 0–255, in chunks with arbitrary borders. */
export interface Uart {
  open(baud: number, onBytes: (chunk: string) => void): void;
  write(bytes: string): void;
  close(): void;
}

/** An I²C bus (7-bit addresses). `null` from `read` and `false` from `write` mean that the device did not answer. */
export interface I2c {
  write(address: number, bytes: number[]): boolean;
  read(address: number, count: number): Uint8Array | null;
}

/** What a driver is given: its port, and time. */
export interface Port {
  uart: Uart | null;
  i2c: I2c | null;
  /** Calls `fn` after `ms`; the returned function calls it off. */
  after(ms: number, fn: () => void): () => void;
}

export interface Driver {
  /** Wakes the sensor. Readings count only after the sensor's `warmUpMs`. */
  wake(): void;
  /** Takes one sample and calls back exactly once, within `sampleTimeoutMs`, with one reading for every property. */
  sample(done: (readings: Reading[]) => void): void;
  /** Puts the sensor to sleep and frees the bus. */
  sleep(): void;
}

/** A sensor: its facts, and how to drive it. */
export interface Sensor {
  name: string;
  /** What one sample gives, in this order. */
  properties: Property[];
  /** Values of these properties outside [min, max] are the fault `range`, never a reading. */
  limits: { [property: string]: [number, number] };
  warmUpMs: number;
  sampleTimeoutMs: number;
  /** How many samples stand behind one pack: the node sends the median of those that gave a value. */
  samples: number;
  /** Pause between two samples. */
  sampleEveryMs: number;
  /** The spread (largest minus smallest) of `of` among the samples is sent as `as`. */
  spread: { of: Property; as: Property } | null;
  connect(port: Port): Driver;
}

/** What a pure frame parser hands over for each frame that it recognises, whole or damaged. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; fault: Fault };

/** A parser keeps at most one frame's worth of bytes, whatever it is fed. */
export interface Parser {
  push(chunk: string): void;
}
