/** Reads a 4–20 mA pressure probe through the ADS1115. */
import { CURRENT, HEAD, type Property } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { averageMv } from "../ads1115/average.js";
import { RATE_128 } from "../ads1115/frame.js";
import type { Driver, Options, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import {
  ADDRESS,
  CHANNEL,
  CONVERSIONS,
  FAIL_HIGH_MA,
  FAIL_LOW_MA,
  FULL_MM,
  NAME,
  OHMS,
  SAMPLES,
  SAMPLE_EVERY_MS,
  TIMEOUT_MS,
  WARM_UP_MS,
} from "./facts.js";
import { decodeLoop, headMm } from "./frame.js";

/** The converter's code of ±4.096 V. */
const GAIN_4096 = 1;

function readingOf(property: Property, outcome: Outcome<number>): Reading {
  return outcome.ok
    ? { property: property, ok: true, value: outcome.value }
    : { property: property, ok: false, fault: outcome.fault };
}

function connect(port: Port, options: Options): Driver {
  return {
    wake: function (): void {},
    sample: function (done: (readings: Reading[]) => void): void {
      averageMv(port, options.address, options.channel, GAIN_4096, RATE_128, CONVERSIONS, function (mv): void {
        const loop = mv.ok ? decodeLoop(mv.value, options.ohms) : mv;
        const head = loop.ok ? headMm(loop.value, options.fullMm) : loop;
        done([readingOf(HEAD, head), readingOf(CURRENT, loop)]);
      });
    },
    sleep: function (): void {},
  };
}

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return {
    name: NAME,
    properties: [HEAD, CURRENT],
    limits: { head: [-options.fullMm, 2 * options.fullMm], current: [FAIL_LOW_MA, FAIL_HIGH_MA] },
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

export const kind: SensorKind = {
  name: NAME,
  ports: ["i2c"],
  defaults: { address: ADDRESS, channel: CHANNEL, ohms: OHMS, fullMm: FULL_MM },
  make: make,
};
