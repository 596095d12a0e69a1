/** Drives the VL53L1X: sets it up at every waking, lets it measure again and again. The only file that touches the port. */
import { DISTANCE, DISTANCE_SPREAD } from "../../wire/properties.js";
import type { Fault, Reading } from "../../wire/pack.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, I2c, Options, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import {
  ADDRESS,
  MAX_LONG_MM,
  MAX_SHORT_MM,
  MIN_MM,
  NAME,
  POLL_MS,
  POLLS,
  SAMPLES,
  SAMPLE_EVERY_MS,
  TIMEOUT_MS,
  WARM_UP_MS,
} from "./facts.js";
import { BLOCK, decodeVl53l1x, MODEL, REGISTER, RESULT_BYTES, SHORT_MODE } from "./frame.js";

/** Mode 2 reaches further, but only in the dark. */
const SHORT = 1;
/** Bytes of the block that go in one transfer: few enough for any board. */
const PIECE = 16;
/** From power-up to the first answer, and as long again for the measurement that sets its reference. */
const BOOT_MS = 10;
const FIRST_MS = 200;

function connect(port: Port, options: Options, limits: { [property: string]: [number, number] }): Driver {
  const i2c = port.i2c;
  const address = options.address;
  /** What went wrong while it was set up. */
  let trouble: Fault | null = "bus";
  let callOff: (() => void) | null = null;

  const write = function (bus: I2c, register: number, bytes: number[]): boolean {
    return bus.write(address, [register >> 8, register & 255].concat(bytes));
  };
  const read = function (bus: I2c, register: number, count: number): Uint8Array | null {
    return write(bus, register, []) ? bus.read(address, count) : null;
  };

  const setUp = function (bus: I2c): Fault | null {
    const model = read(bus, REGISTER.model, 2);
    if (!model || model.length !== 2) return "bus";
    if (((model[0] << 8) | model[1]) !== MODEL) return "device";
    for (let at = 0; 2 * at < BLOCK.length; at += PIECE) {
      const bytes: number[] = [];
      for (let i = at; i < at + PIECE && 2 * i < BLOCK.length; i++) bytes.push(parseInt(BLOCK.substr(2 * i, 2), 16));
      if (!write(bus, REGISTER.block + at, bytes)) return "bus";
    }
    return write(bus, REGISTER.start, [0x40]) ? null : "bus";
  };

  /** Its first measurement has set its reference: from now on in the mode that was asked for. */
  const begin = function (bus: I2c): Fault | null {
    let heard = write(bus, REGISTER.clear, [1]) && write(bus, REGISTER.start, [0]);
    heard = heard && write(bus, REGISTER.vhvLoopBound, [9]) && write(bus, REGISTER.vhvStart, [0]);
    if (options.mode === SHORT)
      SHORT_MODE.forEach(function (change): void {
        heard = heard && write(bus, change[0], change[1]);
      });
    return heard && write(bus, REGISTER.start, [0x40]) ? null : "bus";
  };

  const measure = function (bus: I2c, done: (outcome: Outcome<number>) => void): void {
    let left = POLLS;
    const poll = function (): void {
      const ready = read(bus, REGISTER.ready, 1);
      if (!ready || ready.length !== 1) return done({ ok: false, fault: "bus" });
      if ((ready[0] & 1) === 1) {
        const bytes = read(bus, REGISTER.result, RESULT_BYTES);
        return done(bytes ? decodeVl53l1x(bytes) : { ok: false, fault: "bus" });
      }
      if (left === 0) return done({ ok: false, fault: "timeout" });
      left--;
      port.after(POLL_MS, poll);
    };
    // What it measured before is not what is asked for.
    if (!write(bus, REGISTER.clear, [1])) return done({ ok: false, fault: "bus" });
    port.after(POLL_MS, poll);
  };

  return {
    wake: function (): void {
      if (!i2c) return;
      const bus = i2c;
      callOff = port.after(BOOT_MS, function (): void {
        trouble = setUp(bus);
        callOff = port.after(FIRST_MS, function (): void {
          callOff = null;
          if (trouble === null) trouble = begin(bus);
        });
      });
    },
    sample: function (done: (readings: Reading[]) => void): void {
      if (!i2c) return done(faulty([DISTANCE], "bus"));
      const bus = i2c;
      const start = function (): void {
        // Asked before its set-up is over, as on a bench that does not wait for warm sensors.
        if (callOff) {
          port.after(POLL_MS, start);
          return;
        }
        if (trouble !== null) return done(faulty([DISTANCE], trouble));
        measure(bus, function (outcome: Outcome<number>): void {
          done(outcome.ok ? [bounded(DISTANCE, limits, outcome.value)] : faulty([DISTANCE], outcome.fault));
        });
      };
      start();
    },
    sleep: function (): void {
      if (callOff) callOff();
      callOff = null;
      if (i2c) write(i2c, REGISTER.start, [0]);
    },
  };
}

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  const limits: { [property: string]: [number, number] } = {
    distance: [MIN_MM, options.mode === SHORT ? MAX_SHORT_MM : MAX_LONG_MM],
  };
  return {
    name: NAME,
    properties: [DISTANCE],
    limits: limits,
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: { of: DISTANCE, as: DISTANCE_SPREAD },
    connect: function (port: Port): Driver {
      return connect(port, options, limits);
    },
  };
}

export const kind: SensorKind = { name: NAME, ports: ["i2c"], defaults: { address: ADDRESS, mode: 2 }, make: make };
