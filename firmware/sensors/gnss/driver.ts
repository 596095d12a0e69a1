/** Drives a GNSS receiver: it speaks by itself, the driver listens. */
import { HDOP, LATITUDE, LONGITUDE, type Property } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { createExchange } from "../exchange.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import { BAUD, MAX_HDOP, NAME, PATIENCE_MS, SAMPLES, SAMPLE_EVERY_MS, TIMEOUT_MS, WARM_UP_MS } from "./facts.js";
import { createNmeaParser, type Place } from "./frame.js";

const PROPERTIES: Property[] = [LATITUDE, LONGITUDE, HDOP];
const LIMITS: { [property: string]: [number, number] } = {
  latitude: [-90, 90],
  longitude: [-180, 180],
  hdop: [0, MAX_HDOP],
};

function connect(port: Port): Driver {
  const exchange = createExchange<Place>(port);
  return {
    wake: function (): void {
      const parser = createNmeaParser(exchange.take);
      if (port.uart) port.uart.open(BAUD, parser.push);
    },
    sample: function (done: (readings: Reading[]) => void): void {
      exchange.begin(PATIENCE_MS, function (outcome: Outcome<Place>): void {
        if (!outcome.ok) return done(faulty(PROPERTIES, outcome.fault));
        done([
          bounded(LATITUDE, LIMITS, outcome.value.latitudeDeg),
          bounded(LONGITUDE, LIMITS, outcome.value.longitudeDeg),
          bounded(HDOP, LIMITS, outcome.value.hdop),
        ]);
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
