/**
 * Sensors that say one distance after the other on a serial line: the driver listens, or asks for each reading. What
 * all of them share; a part's numbers and its frames are in its folder.
 */
import { DISTANCE, DISTANCE_SPREAD } from "../wire/properties.js";
import type { Reading } from "../wire/pack.js";
import { createExchange } from "./exchange.js";
import { bounded, faulty } from "./readings.js";
import type { Driver, Outcome, Parser, Port, Sensor } from "./sensor.js";

export interface Echo {
  name: string;
  baud: number;
  /** Nearest and furthest distance that is a reading, in mm. */
  minMm: number;
  maxMm: number;
  warmUpMs: number;
  /** How long the driver waits for one whole line or frame. */
  patienceMs: number;
  samples: number;
  /** Time between two readings of the part. */
  cycleMs: number;
  /** What makes the part measure once; empty where it measures by itself. */
  ask: string;
  parser(onOutcome: (outcome: Outcome<number>) => void): Parser;
}

/** By then the driver has called back, whatever happened: this long after its own patience. */
const GRACE_MS = 200;

/** A sensor of `distance`, with the spread of its samples. */
export function echoSensor(echo: Echo): Sensor {
  const limits: { [property: string]: [number, number] } = { distance: [echo.minMm, echo.maxMm] };

  const connect = function (port: Port): Driver {
    const exchange = createExchange<number>(port);
    return {
      wake: function (): void {
        const parser = echo.parser(exchange.take);
        if (port.uart) port.uart.open(echo.baud, parser.push);
      },
      sample: function (done: (readings: Reading[]) => void): void {
        exchange.begin(echo.patienceMs, function (outcome: Outcome<number>): void {
          done(outcome.ok ? [bounded(DISTANCE, limits, outcome.value)] : faulty([DISTANCE], outcome.fault));
        });
        if (echo.ask !== "" && port.uart) port.uart.write(echo.ask);
      },
      sleep: function (): void {
        exchange.end("timeout");
        if (port.uart) port.uart.close();
      },
    };
  };

  return {
    name: echo.name,
    properties: [DISTANCE],
    limits: limits,
    warmUpMs: echo.warmUpMs,
    sampleTimeoutMs: echo.patienceMs + GRACE_MS,
    samples: echo.samples,
    sampleEveryMs: echo.cycleMs,
    spread: { of: DISTANCE, as: DISTANCE_SPREAD },
    connect: connect,
  };
}
