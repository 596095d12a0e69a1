/** Reads the DGS-NO2: asks for a line, takes the first that is whole. The only file that touches the port. */
import { NO2_MODULE, type Property } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { createExchange } from "../exchange.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import {
  BAUD,
  MAX_PPB,
  MIN_PPB,
  NAME,
  PATIENCE_MS,
  SAMPLES,
  SAMPLE_EVERY_MS,
  TIMEOUT_MS,
  WARM_UP_MS,
} from "./facts.js";
import { ASK, createDgsParser, type DgsLine } from "./frame.js";

const PROPERTIES: Property[] = [NO2_MODULE];
const LIMITS: Sensor["limits"] = { "no2-module": [MIN_PPB, MAX_PPB] };

function connect(port: Port): Driver {
  const uart = port.uart;
  const exchange = createExchange<DgsLine>(port);
  let open = false;

  return {
    wake: function (): void {
      if (!uart) return;
      const parser = createDgsParser(exchange.take);
      uart.open(BAUD, parser.push);
      open = true;
    },
    sample: function (done: (readings: Reading[]) => void): void {
      exchange.begin(PATIENCE_MS, function (outcome: Outcome<DgsLine>): void {
        if (!outcome.ok) return done(faulty(PROPERTIES, outcome.fault));
        done([bounded(NO2_MODULE, LIMITS, outcome.value.ppb)]);
      });
      if (uart) uart.write(ASK);
    },
    // Unasked it goes to standby by itself; its cell keeps its bias.
    sleep: function (): void {
      exchange.end("timeout");
      if (uart && open) uart.close();
      open = false;
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
