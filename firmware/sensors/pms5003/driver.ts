/** Drives the PMS5003 in passive mode. The only file of this folder that touches the port. */
import {
  COUNT_03,
  PM10_ATM,
  PM10_CF1,
  PM1_ATM,
  PM1_CF1,
  PM25_ATM,
  PM25_CF1,
  type Property,
} from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { createExchange } from "../exchange.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import {
  BAUD,
  COMMAND_AFTER_MS,
  LAST_WORD_MS,
  MAX_FIGURE,
  NAME,
  PATIENCE_MS,
  SAMPLES,
  SAMPLE_EVERY_MS,
  TIMEOUT_MS,
  WARM_UP_MS,
} from "./facts.js";
import { COMMAND, createPms5003Parser, type Pms5003 } from "./frame.js";

const PROPERTIES: Property[] = [PM1_CF1, PM25_CF1, PM10_CF1, PM1_ATM, PM25_ATM, PM10_ATM, COUNT_03];

const FIGURE: [number, number] = [0, MAX_FIGURE];
const LIMITS: { [property: string]: [number, number] } = {};
PROPERTIES.forEach(function (property: Property): void {
  LIMITS[property.name] = FIGURE;
});

/** The figures in the order of PROPERTIES. */
function figures(frame: Pms5003): number[] {
  const m = frame.mass;
  return [m.pm1Cf1, m.pm25Cf1, m.pm10Cf1, m.pm1Atm, m.pm25Atm, m.pm10Atm, frame.counts[0]];
}

function connect(port: Port): Driver {
  const exchange = createExchange<Pms5003>(port);
  /** What is put off: the passive command after waking, or the closing of the port after the sleep command. */
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
      const parser = createPms5003Parser(exchange.take);
      close();
      if (port.uart) port.uart.open(BAUD, parser.push);
      open = true;
      write(COMMAND.wake);
      // A sensor that lost its power wakes in active mode, and is deaf while it starts.
      callOff = port.after(COMMAND_AFTER_MS, function (): void {
        callOff = null;
        write(COMMAND.passive);
      });
    },
    sample: function (done: (readings: Reading[]) => void): void {
      exchange.begin(PATIENCE_MS, function (outcome: Outcome<Pms5003>): void {
        if (!outcome.ok) return done(faulty(PROPERTIES, outcome.fault));
        const values = figures(outcome.value);
        done(
          PROPERTIES.map(function (property: Property, i: number): Reading {
            return bounded(property, LIMITS, values[i]);
          }),
        );
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
