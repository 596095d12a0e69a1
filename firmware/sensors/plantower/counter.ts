/**
 * Drives Plantower's particle counters: those that take commands in passive mode, the others as they send by themselves.
 * The one place of their folders that touches the port. Source: Plantower PMS5003 manual V1.0 (2019-07-31).
 */
import type { Property } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { createExchange } from "../exchange.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, Outcome, Parser, Port, Sensor } from "../sensor.js";
import { COMMAND } from "./pmsx003.js";

const BAUD = 9600;
/** The fan needs 30 s after wake-up before the counts are stable (circuit attentions, note 4). */
const WARM_UP_MS = 30000;
/** The sensor's controller takes commands some time after it was woken. */
const COMMAND_AFTER_MS = 1000;
/** Seven bytes take 7.3 ms at 9600 baud: the port stays open this long for the last command. */
const LAST_WORD_MS = 20;
/** In passive mode the answer comes within 1 s; a sensor left in active mode sends at least every 2.3 s. */
const PATIENCE_MS = 3000;
/** By then the driver has called back, whatever happened. */
const TIMEOUT_MS = PATIENCE_MS + 200;
/** The sensor renews its figures every 2.3 s at the slowest. */
const SAMPLE_EVERY_MS = 2300;
const SAMPLES = 5;
/** Figures are 16 bits; all ones is saturation. The maker promises 0–500 and "at least 1000" µg/m³. */
const FIGURE: [number, number] = [0, 65534];

/** What a member of the family has of its own. */
export interface CounterType<T> {
  name: string;
  properties: Property[];
  /** Limits of properties that are not figures of the counter: all others reach from 0 to saturation. */
  limits: { [property: string]: [number, number] };
  /** False: it sends by itself, and its fan runs as long as it has its supply. */
  obeys: boolean;
  createParser(onOutcome: (outcome: Outcome<T>) => void): Parser;
  /** What a frame says, in the order of the properties. */
  figures(frame: T): number[];
}

function connect<T>(type: CounterType<T>, limits: Sensor["limits"], port: Port): Driver {
  const exchange = createExchange<T>(port);
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
    if (port.uart && type.obeys) port.uart.write(bytes);
  };

  return {
    wake: function (): void {
      const parser = type.createParser(exchange.take);
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
      exchange.begin(PATIENCE_MS, function (outcome: Outcome<T>): void {
        if (!outcome.ok) return done(faulty(type.properties, outcome.fault));
        const values = type.figures(outcome.value);
        done(
          type.properties.map(function (property: Property, i: number): Reading {
            return bounded(property, limits, values[i]);
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

/** A counter of the family, for one round of measuring. */
export function makeCounter<T>(type: CounterType<T>): Sensor {
  const limits: Sensor["limits"] = {};
  type.properties.forEach(function (property: Property): void {
    limits[property.name] = type.limits[property.name] || FIGURE;
  });
  return {
    name: type.name,
    properties: type.properties,
    limits: limits,
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: null,
    connect: function (port: Port): Driver {
      return connect(type, limits, port);
    },
  };
}
