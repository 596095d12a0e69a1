/**
 * What a driver and its simulated part said to each other during one round of measuring in Node, and the same round as a
 * program for the interpreter, in which the part says it again. Time is not waited for in either: it is counted.
 */
import { sampleAll } from "../../firmware/node/sampler.js";
import type { Options, Port, SensorKind } from "../../firmware/sensors/sensor.js";
import { i2cBus, joinUart, type Simulated } from "../../firmware/sensors/sim.js";
import type { Reading } from "../../firmware/wire/pack.js";
import type { SteppedClock } from "../../hub/clock.js";
import { pinOf } from "./sim-pin.js";

/** Answers in the order in which they were given; bytes as hexadecimal digits. */
export interface Talk {
  /** What the part said by itself: [ms, bytes]. */
  byTime: [number, string][];
  /** What it said while it was written to: [number of the write, bytes]. */
  byWrite: [number, string][];
  i2cWrites: boolean[];
  i2cReads: (string | null)[];
  pinAnswers: (number | boolean | null)[];
}

/** One line for each reading, with a value as a whole number of ten-thousandths. */
export function lineOf(reading: Reading): string {
  const said = reading.ok ? String(Math.round(reading.value * 10000)) : reading.fault;
  return `${reading.property.name} ${said}`;
}

const hex = (bytes: string | Uint8Array): string =>
  Buffer.from(bytes as string, typeof bytes === "string" ? "latin1" : undefined).toString("hex");

/** A port that notes all that the part answers. */
function recordedPort(part: Simulated, clock: SteppedClock, talk: Talk): Port {
  const note = <T extends number | boolean | null>(answer: T): T => (talk.pinAnswers.push(answer), answer);
  const port: Port = { uart: null, i2c: null, pin: null, after: (ms, fn) => clock.after(ms, fn), turn: 1 };
  if (part.uart !== undefined) {
    const make = part.uart;
    let writes = 0;
    let writing = false;
    const joined = joinUart(
      (emit, time) =>
        make((bytes) => {
          if (writing) talk.byWrite.push([writes, hex(bytes)]);
          else talk.byTime.push([clock.steady(), hex(bytes)]);
          emit(bytes);
        }, time),
      clock,
    );
    joined.part.power(true);
    const { open, close, write } = joined.uart;
    port.uart = {
      open,
      close,
      write: (bytes) => {
        writes += 1;
        writing = true;
        write(bytes);
        writing = false;
      },
    };
  }
  if (part.i2c !== undefined) {
    const bus = i2cBus([part.i2c]);
    port.i2c = {
      write(address, bytes) {
        const heard = bus.write(address, bytes);
        talk.i2cWrites.push(heard);
        return heard;
      },
      read(address, count) {
        const bytes = bus.read(address, count);
        talk.i2cReads.push(bytes === null ? null : hex(bytes));
        return bytes;
      },
    };
  }
  if (part.pin !== undefined) {
    const pin = pinOf(part.pin);
    port.pin = {
      read: () => note(pin.read()),
      millivolts: () => note(pin.millivolts()),
      count: () => note(pin.count()),
      clockIn: (pulses) => note(pin.clockIn(pulses)),
    };
  }
  return port;
}

/** One round in Node, with a part that lives by this clock. */
export function talkOf(
  kind: SensorKind,
  options: Options,
  part: Simulated,
  clock: SteppedClock,
): { talk: Talk; lines: string[] } {
  const talk: Talk = { byTime: [], byWrite: [], i2cWrites: [], i2cReads: [], pinAnswers: [] };
  const port = recordedPort(part, clock, talk);
  const lines: string[] = [];
  sampleAll(
    {
      fitted: [{ maker: () => kind.make, options, port: "p" }],
      portOf: () => port,
      power: () => undefined,
      pacePercent: 100,
      after: port.after,
    },
    (readings) => lines.push(...readings.map(lineOf)),
    () => lines.push("done"),
  );
  while (!lines.includes("done")) clock.advance(1000);
  return { talk, lines };
}

/** The same round as a program. It prints each line behind `@@`. */
export function talkEntry(kind: SensorKind, options: Options, talk: Talk): string {
  return `
import { make } from "./firmware/sensors/${kind.name}/driver.js";
import { sampleAll } from "./firmware/node/sampler.js";
declare const print: (text: string) => void;
declare const setTimeout: (fn: () => void, ms: number) => number;
const bytesOf = (digits: string): string => {
  let bytes = "";
  for (let i = 0; i < digits.length; i += 2) bytes += String.fromCharCode(parseInt(digits.substr(i, 2), 16));
  return bytes;
};
const arrayOf = (digits: string): Uint8Array => {
  const bytes = new Uint8Array(digits.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(digits.substr(2 * i, 2), 16);
  return bytes;
};
let now = 0;
let queue: { at: number; job: (() => void) | null }[] = [];
const later = (ms: number, fn: () => void): (() => void) => {
  const entry: { at: number; job: (() => void) | null } = { at: now + ms, job: fn };
  queue.push(entry);
  return () => { entry.job = null; };
};
let listener: ((chunk: string) => void) | null = null;
const hear = (digits: string): void => { if (listener !== null) listener(bytesOf(digits)); };
const byTime: [number, string][] = ${JSON.stringify(talk.byTime)};
const byWrite: [number, string][] = ${JSON.stringify(talk.byWrite)};
const i2cWrites: boolean[] = ${JSON.stringify(talk.i2cWrites)};
const i2cReads: (string | null)[] = ${JSON.stringify(talk.i2cReads)};
const pinAnswers: (number | boolean | null)[] = ${JSON.stringify(talk.pinAnswers)};
byTime.forEach((said) => { later(said[0], () => hear(said[1])); });
let writes = 0;
const uart = {
  open: (_baud: number, fn: (chunk: string) => void) => { listener = fn; },
  close: () => { listener = null; },
  write: (_bytes: string) => {
    writes += 1;
    byWrite.forEach((said) => { if (said[0] === writes) hear(said[1]); });
  },
};
const i2c = {
  write: () => i2cWrites.shift() === true,
  read: () => { const digits = i2cReads.shift(); return typeof digits === "string" ? arrayOf(digits) : null; },
};
const answer = (): any => pinAnswers.shift();
const pin = { read: answer, millivolts: answer, count: answer, clockIn: answer };
const port: any = {
  uart: byTime.length + byWrite.length > 0 ? uart : null,
  i2c: i2cWrites.length > 0 ? i2c : null,
  pin: pinAnswers.length > 0 ? pin : null,
  after: later,
  turn: 1,
};
sampleAll(
  { fitted: [{ maker: () => make, options: ${JSON.stringify(options)}, port: "p" }], portOf: () => port,
    power: () => undefined, pacePercent: 100, after: later },
  (readings: any[]) => readings.forEach((reading) => {
    print("@@" + reading.property.name + " " + (reading.ok ? Math.round(reading.value * 10000) : reading.fault));
  }),
  () => print("@@done"),
);
const earliest = (): number => {
  let first = 0;
  for (let i = 1; i < queue.length; i++) if (queue[i].at < queue[first].at) first = i;
  return first;
};
const step = (): void => {
  if (queue.length === 0) return;
  const next = queue.splice(earliest(), 1)[0];
  now = next.at;
  if (next.job !== null) next.job();
  setTimeout(step, 0);
};
step();
`;
}
