/** Drives the MB7389: it ranges freely, the driver listens. The only file of this folder that touches the port. */
import { DISTANCE, DISTANCE_SPREAD } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { createExchange } from "../exchange.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import { BAUD, CYCLE_MS, MAX_MM, MIN_MM, NAME, PATIENCE_MS, SAMPLES, TIMEOUT_MS, WARM_UP_MS } from "./facts.js";
import { createMb7389Parser } from "./frame.js";

const LIMITS: { [property: string]: [number, number] } = { distance: [MIN_MM, MAX_MM] };

function connect(port: Port): Driver {
  const exchange = createExchange<number>(port);

  return {
    wake: function (): void {
      const parser = createMb7389Parser(exchange.take);
      if (port.uart) port.uart.open(BAUD, parser.push);
    },
    sample: function (done: (readings: Reading[]) => void): void {
      exchange.begin(PATIENCE_MS, function (outcome: Outcome<number>): void {
        done(outcome.ok ? [bounded(DISTANCE, LIMITS, outcome.value)] : faulty([DISTANCE], outcome.fault));
      });
    },
    sleep: function (): void {
      exchange.end("timeout");
      if (port.uart) port.uart.close();
    },
  };
}

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return {
    name: NAME,
    properties: [DISTANCE],
    limits: LIMITS,
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: CYCLE_MS,
    spread: { of: DISTANCE, as: DISTANCE_SPREAD },
    connect: connect,
  };
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };
