/** Reads the MiCS-4514 through DFRobot's board, and keeps its heaters on. The only file that touches the port. */
import { RS_OX, RS_RED, type Property } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { faulty } from "../readings.js";
import type { Driver, Options, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import { ADDRESS, MAX_COUNT, NAME, SAMPLES, SAMPLE_EVERY_MS, TIMEOUT_MS, WARM_UP_MS } from "./facts.js";
import { decodeMics4514, FIGURE_BYTES, POWER_ON, REGISTER } from "./frame.js";

const PROPERTIES: Property[] = [RS_OX, RS_RED];
const LIMITS: Sensor["limits"] = { "rs-ox": [0, MAX_COUNT], "rs-red": [0, MAX_COUNT] };

function readingOf(property: Property, outcome: Outcome<number>): Reading {
  return outcome.ok
    ? { property: property, ok: true, value: outcome.value }
    : { property: property, ok: false, fault: outcome.fault };
}

function connect(port: Port, address: number): Driver {
  const i2c = port.i2c;
  /** The heaters had been off when the round began: minutes pass before the oxides are hot and dry. */
  let cold = false;

  const ask = function (register: number, count: number): Uint8Array | null {
    return i2c && i2c.write(address, [register]) ? i2c.read(address, count) : null;
  };

  return {
    wake: function (): void {
      const power = ask(REGISTER.power, 1);
      cold = power !== null && power[0] !== POWER_ON;
      if (i2c && cold) i2c.write(address, [REGISTER.power, POWER_ON]);
    },
    sample: function (done: (readings: Reading[]) => void): void {
      const bytes = ask(REGISTER.figures, FIGURE_BYTES);
      if (bytes === null) return done(faulty(PROPERTIES, "bus"));
      if (cold) return done(faulty(PROPERTIES, "device"));
      const outcome = decodeMics4514(bytes);
      if (!outcome.ok) return done(faulty(PROPERTIES, outcome.fault));
      done([readingOf(RS_OX, outcome.value.ox), readingOf(RS_RED, outcome.value.red)]);
    },
    // The heaters stay on: an oxide that cools takes up water, and needs minutes to lose it again.
    sleep: function (): void {},
  };
}

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return {
    name: NAME,
    properties: PROPERTIES,
    limits: LIMITS,
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: null,
    connect: function (port: Port): Driver {
      return connect(port, options.address);
    },
  };
}

export const kind: SensorKind = { name: NAME, ports: ["i2c"], defaults: { address: ADDRESS }, make: make };
