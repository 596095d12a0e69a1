/** The rain gauge as a sensor: how often its bucket has tipped since the board started. */
import { RAIN_COUNT } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { faulty } from "../readings.js";
import type { Driver, Port, Sensor, SensorKind } from "../sensor.js";
import { NAME } from "./facts.js";

/** A number that no gauge reaches between two starts: 800 m of rain. */
const MOST = 4000000;

function connect(port: Port): Driver {
  return {
    wake: function (): void {},
    sample: function (done: (readings: Reading[]) => void): void {
      if (!port.pin) return done(faulty([RAIN_COUNT], "bus"));
      done([{ property: RAIN_COUNT, ok: true, value: port.pin.count() }]);
    },
    sleep: function (): void {},
  };
}

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return {
    name: NAME,
    properties: [RAIN_COUNT],
    limits: { "rain-count": [0, MOST] },
    warmUpMs: 0,
    sampleTimeoutMs: 100,
    samples: 1,
    sampleEveryMs: 0,
    spread: null,
    connect: connect,
  };
}

export const kind: SensorKind = { name: NAME, ports: ["pulse"], defaults: {}, make: make };
