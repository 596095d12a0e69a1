/** Drives the NO2-B43F through the ADS1115. The only file of this folder that touches the port. */
import { NO2_AE, NO2_WE, type Property } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { averageMv } from "../ads1115/average.js";
import { GAIN_2048, RATE_128 } from "../ads1115/frame.js";
import type { Driver, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import {
  ADDRESS,
  AE_CHANNEL,
  CONVERSIONS,
  MAX_MV,
  MIN_MV,
  NAME,
  SAMPLES,
  SAMPLE_EVERY_MS,
  TIMEOUT_MS,
  WARM_UP_MS,
  WE_CHANNEL,
} from "./facts.js";
import { decodeElectrode } from "./frame.js";

function readingOf(property: Property, outcome: Outcome<number>): Reading {
  const electrode = outcome.ok ? decodeElectrode(outcome.value) : outcome;
  return electrode.ok
    ? { property: property, ok: true, value: electrode.value }
    : { property: property, ok: false, fault: electrode.fault };
}

function connect(port: Port): Driver {
  const read = function (channel: number, done: (outcome: Outcome<number>) => void): void {
    averageMv(port, ADDRESS, channel, GAIN_2048, RATE_128, CONVERSIONS, done);
  };

  return {
    wake: function (): void {},
    sample: function (done: (readings: Reading[]) => void): void {
      read(WE_CHANNEL, function (we: Outcome<number>): void {
        read(AE_CHANNEL, function (ae: Outcome<number>): void {
          done([readingOf(NO2_WE, we), readingOf(NO2_AE, ae)]);
        });
      });
    },
    sleep: function (): void {},
  };
}

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return {
    name: NAME,
    properties: [NO2_WE, NO2_AE],
    limits: { "no2-we": [MIN_MV, MAX_MV], "no2-ae": [MIN_MV, MAX_MV] },
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: null,
    connect: connect,
  };
}

export const kind: SensorKind = { name: NAME, ports: ["i2c"], defaults: {}, make: make };
