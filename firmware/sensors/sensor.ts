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

/** One or two pins of the board behind a port's name; which of these calls mean anything is a matter of the port's kind. */
export interface Pin {
  /** Level of a contact; the board's own pull-up holds an open one high. */
  read(): boolean;
  /** Voltage at the pin, in mV, the mean of several conversions. What a divider makes of it is the driver's business. */
  millivolts(): number;
  /** Closures of a contact since the board started: counted from then on, whatever the sampler does. */
  count(): number;
  /** Clocks `pulses` bits out of a converter with two wires, the first bit first; `null` when it is not ready. */
  clockIn(pulses: number): number | null;
}

/** What a port of a board can be. */
export type PortKind = "uart" | "i2c" | "digital" | "analog" | "pulse" | "clocked";

/** What a driver is given: its port, and time. What the port is not is `null`. */
export interface Port {
  uart: Uart | null;
  i2c: I2c | null;
  pin: Pin | null;
  /** Calls `fn` after `ms`; the returned function calls it off. */
  after(ms: number, fn: () => void): () => void;
  /** Rounds of measuring since the board started, 0 in the first: for what is due once in so many. */
  turn?: number;
}

export interface Driver {
  /** Wakes the sensor. Readings count only after the sensor's `warmUpMs`. */
  wake(): void;
  /** Takes one sample and calls back exactly once, within `sampleTimeoutMs`, with one reading for every property. */
  sample(done: (readings: Reading[]) => void): void;
  /** Puts the sensor to sleep and frees the bus. */
  sleep(): void;
}

/** What a site type may set of a sensor: addresses, channels, resistances, offsets. Numbers only. */
export interface Options {
  [name: string]: number;
}

/**
 * A sensor as `index.ts` lists it. An image contains `make` alone, which is built anew for each round of measuring: the
 * rest is for those who build images, sheets and budgets.
 */
export interface SensorKind {
  /** Name of its folder. */
  name: string;
  /** The site type's port must be one of these. */
  ports: PortKind[];
  /** Every option there is, with its default: another one is refused when an image is built. */
  defaults: Options;
  /** Its address on an I²C bus, where it has one that no option sets. */
  address?: number;
  /** A change at the pin starts a round of measuring at once. */
  edges?: true;
  make(options: Options): Sensor;
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
