/** Drives the LIS3DH. The only file of this folder that touches the port. */
import { TILT } from "../../wire/properties.js";
import type { Fault, Reading } from "../../wire/pack.js";
import { faulty } from "../readings.js";
import type { Driver, I2c, Options, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import { ADDRESS, AXIS, NAME, RETRIES, RETRY_MS, SAMPLES, SAMPLE_EVERY_MS, TIMEOUT_MS, WARM_UP_MS } from "./facts.js";
import {
  decodeLis3dh,
  FINE,
  MANY,
  NEW_SAMPLE,
  POWER_DOWN,
  REGISTER,
  RUN,
  SAMPLE_BYTES,
  tiltDeg,
  WHO_AM_I,
} from "./frame.js";

function connect(port: Port, options: Options): Driver {
  const i2c = port.i2c;
  const address = options.address;
  let trouble: Fault | null = "bus";

  const read = function (bus: I2c, register: number, count: number): Uint8Array | null {
    const bytes = bus.write(address, [register]) ? bus.read(address, count) : null;
    return bytes && bytes.length === count ? bytes : null;
  };

  const setUp = function (bus: I2c): Fault | null {
    const name = read(bus, REGISTER.whoAmI, 1);
    if (!name) return "bus";
    if (name[0] !== WHO_AM_I) return "device";
    return bus.write(address, [REGISTER.control4, FINE]) && bus.write(address, [REGISTER.control1, RUN]) ? null : "bus";
  };

  const readingOf = function (outcome: Outcome<number>): Reading[] {
    return outcome.ok ? [{ property: TILT, ok: true, value: outcome.value }] : faulty([TILT], outcome.fault);
  };

  return {
    wake: function (): void {
      if (i2c) trouble = setUp(i2c);
    },
    sample: function (done: (readings: Reading[]) => void): void {
      if (!i2c || trouble !== null) return done(faulty([TILT], trouble === null ? "bus" : trouble));
      const bus = i2c;
      let left = RETRIES;
      const collect = function (): void {
        const status = read(bus, REGISTER.status, 1);
        if (!status) return done(faulty([TILT], "bus"));
        if ((status[0] & NEW_SAMPLE) !== 0) {
          const bytes = read(bus, REGISTER.sample | MANY, SAMPLE_BYTES);
          const axes: Outcome<number[]> = bytes ? decodeLis3dh(bytes) : { ok: false, fault: "bus" };
          return done(readingOf(axes.ok ? tiltDeg(axes.value, options.axis) : axes));
        }
        if (left === 0) return done(faulty([TILT], "timeout"));
        left--;
        port.after(RETRY_MS, collect);
      };
      collect();
    },
    sleep: function (): void {
      if (i2c) i2c.write(address, [REGISTER.control1, POWER_DOWN]);
    },
  };
}

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return {
    name: NAME,
    properties: [TILT],
    limits: { tilt: [0, 180] },
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: null,
    connect: function (port: Port): Driver {
      return connect(port, options);
    },
  };
}

export const kind: SensorKind = { name: NAME, ports: ["i2c"], defaults: { address: ADDRESS, axis: AXIS }, make: make };
