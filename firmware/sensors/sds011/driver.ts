/** Drives the SDS011: wakes it, takes what it says by itself or when asked, puts it to sleep to spare its laser. */
import { PM10_MASS, PM25_MASS, type Property } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { createExchange } from "../exchange.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import {
  BAUD,
  LAST_WORD_MS,
  MAX_MASS,
  NAME,
  PATIENCE_MS,
  SAMPLES,
  SAMPLE_EVERY_MS,
  TIMEOUT_MS,
  WARM_UP_MS,
} from "./facts.js";
import { COMMAND, createSds011Parser, type Sds011 } from "./frame.js";

const PROPERTIES: Property[] = [PM25_MASS, PM10_MASS];
const LIMITS: Sensor["limits"] = { "pm25-mass": [0, MAX_MASS], "pm10-mass": [0, MAX_MASS] };

function connect(port: Port): Driver {
  const exchange = createExchange<Sds011>(port);
  let callOff: (() => void) | null = null;
  let open = false;

  const close = function (): void {
    if (callOff) callOff();
    callOff = null;
    if (open && port.uart) port.uart.close();
    open = false;
  };

  const write = function (bytes: string): void {
    if (port.uart) port.uart.write(bytes);
  };

  return {
    wake: function (): void {
      const parser = createSds011Parser(exchange.take);
      close();
      if (port.uart) port.uart.open(BAUD, parser.push);
      open = true;
      write(COMMAND.work);
    },
    sample: function (done: (readings: Reading[]) => void): void {
      exchange.begin(PATIENCE_MS, function (outcome: Outcome<Sds011>): void {
        if (!outcome.ok) return done(faulty(PROPERTIES, outcome.fault));
        done([bounded(PM25_MASS, LIMITS, outcome.value.pm25), bounded(PM10_MASS, LIMITS, outcome.value.pm10)]);
      });
      write(COMMAND.read);
    },
    sleep: function (): void {
      if (callOff) callOff();
      exchange.end("timeout");
      write(COMMAND.sleep);
      callOff = port.after(LAST_WORD_MS, function (): void {
        callOff = null;
        close();
      });
    },
  };
}

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return {
    name: NAME,
    properties: PROPERTIES,
    limits: LIMITS,
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: null,
    connect: connect,
  };
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };
