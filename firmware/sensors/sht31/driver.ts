/** Drives the SHT31 by single shots. The only file of this folder that touches the port. */
import { HUMIDITY, TEMPERATURE, type Property } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, Options, Port, Sensor, SensorKind } from "../sensor.js";
import {
  ADDRESS,
  HUMIDITY_PERCENT,
  MEASURE,
  MEASURE_MS,
  NAME,
  RETRIES,
  RETRY_MS,
  SAMPLES,
  SAMPLE_EVERY_MS,
  TEMPERATURE_C,
  TIMEOUT_MS,
  WARM_UP_MS,
} from "./facts.js";
import { ANSWER_BYTES, decodeSht31 } from "./frame.js";

const PROPERTIES: Property[] = [TEMPERATURE, HUMIDITY];
const LIMITS: { [property: string]: [number, number] } = { temperature: TEMPERATURE_C, humidity: HUMIDITY_PERCENT };

function readingsOf(bytes: Uint8Array): Reading[] {
  const outcome = decodeSht31(bytes);
  if (!outcome.ok) return faulty(PROPERTIES, outcome.fault);
  return [
    bounded(TEMPERATURE, LIMITS, outcome.value.temperatureC),
    bounded(HUMIDITY, LIMITS, outcome.value.humidityPercent),
  ];
}

function connect(port: Port, address: number): Driver {
  const i2c = port.i2c;

  return {
    wake: function (): void {},
    sample: function (done: (readings: Reading[]) => void): void {
      if (!i2c || !i2c.write(address, MEASURE)) return done(faulty(PROPERTIES, "bus"));
      let left = RETRIES;
      const collect = function (): void {
        const bytes = i2c.read(address, ANSWER_BYTES);
        if (bytes) return done(readingsOf(bytes));
        if (left === 0) return done(faulty(PROPERTIES, "bus"));
        left--;
        port.after(RETRY_MS, collect);
      };
      port.after(MEASURE_MS, collect);
    },
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
