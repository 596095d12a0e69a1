/** Drives the BME280 by single measurements. The only file of this folder that touches the port. */
import { HUMIDITY, PRESSURE, TEMPERATURE, type Property } from "../../wire/properties.js";
import type { Fault, Reading } from "../../wire/pack.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, I2c, Options, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import {
  ADDRESS,
  CHIP_ID,
  HUMIDITY_PERCENT,
  MEASURE_MS,
  NAME,
  PRESSURE_HPA,
  RETRIES,
  RETRY_MS,
  SAMPLES,
  SAMPLE_EVERY_MS,
  TEMPERATURE_C,
  TIMEOUT_MS,
  WARM_UP_MS,
} from "./facts.js";
import {
  constantsOf,
  decodeBme280,
  FIGURE_BYTES,
  FIRST_BYTES,
  FORCED_ONCE,
  HUMIDITY_ONCE,
  IS_MEASURING,
  REGISTER,
  SECOND_BYTES,
  type Bme280,
} from "./frame.js";

const PROPERTIES: Property[] = [TEMPERATURE, HUMIDITY, PRESSURE];
const LIMITS: Sensor["limits"] = {
  temperature: TEMPERATURE_C,
  humidity: HUMIDITY_PERCENT,
  pressure: PRESSURE_HPA,
};

/** The registers from `first` on, or null if the part does not give them all. */
function registers(i2c: I2c, address: number, first: number, count: number): Uint8Array | null {
  if (!i2c.write(address, [first])) return null;
  const bytes = i2c.read(address, count);
  return bytes && bytes.length === count ? bytes : null;
}

/** What is wrong before anything was measured. An open bus reads as zeros or ones: that is no part at all. */
function refusal(i2c: I2c, address: number): Fault | null {
  const id = registers(i2c, address, REGISTER.id, 1);
  if (id === null || id[0] === 0 || id[0] === 0xff) return "bus";
  return id[0] === CHIP_ID ? null : "device";
}

function figures(i2c: I2c, address: number): Outcome<Bme280> {
  const first = registers(i2c, address, REGISTER.firstConstants, FIRST_BYTES);
  const second = registers(i2c, address, REGISTER.secondConstants, SECOND_BYTES);
  const raw = registers(i2c, address, REGISTER.figures, FIGURE_BYTES);
  if (first === null || second === null || raw === null) return { ok: false, fault: "bus" };
  return decodeBme280(raw, constantsOf(first, second));
}

function readingsOf(outcome: Outcome<Bme280>): Reading[] {
  if (!outcome.ok) return faulty(PROPERTIES, outcome.fault);
  return [
    bounded(TEMPERATURE, LIMITS, outcome.value.temperatureC),
    bounded(HUMIDITY, LIMITS, outcome.value.humidityPercent),
    bounded(PRESSURE, LIMITS, outcome.value.pressureHpa),
  ];
}

function connect(port: Port, address: number): Driver {
  const i2c = port.i2c;

  return {
    wake: function (): void {},
    sample: function (done: (readings: Reading[]) => void): void {
      if (!i2c) return done(faulty(PROPERTIES, "bus"));
      const fault = refusal(i2c, address);
      if (fault !== null) return done(faulty(PROPERTIES, fault));
      // Humidity's control takes effect only with the one that is written after it.
      const ordered =
        i2c.write(address, [REGISTER.controlHumidity, HUMIDITY_ONCE]) &&
        i2c.write(address, [REGISTER.controlMeasure, FORCED_ONCE]);
      if (!ordered) return done(faulty(PROPERTIES, "bus"));
      let left = RETRIES;
      const collect = function (): void {
        const status = registers(i2c, address, REGISTER.status, 1);
        if (status !== null && (status[0] & IS_MEASURING) === 0) return done(readingsOf(figures(i2c, address)));
        if (left === 0) return done(faulty(PROPERTIES, "bus"));
        left--;
        port.after(RETRY_MS, collect);
      };
      port.after(MEASURE_MS, collect);
    },
    // A single measurement ends in sleep by itself.
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
