/** The voltage behind a divider as a sensor: a battery, a supply. */
import type { Reading } from "../wire/pack.js";
import type { Property } from "../wire/properties.js";
import { bounded, faulty } from "./readings.js";
import type { Driver, Options, Port, Sensor } from "./sensor.js";

const SAMPLES = 3;
const SAMPLE_EVERY_MS = 20;
const TIMEOUT_MS = 200;
/** The divider's capacitor (100 nF behind some 300 kΩ) has charged five times over. */
const WARM_UP_MS = 200;

/**
 * A sensor of `property`, in mV.
 * @param leastMv  less than this at the pin is no voltage but a sense wire that is off (`electrical`)
 * @param options  `ratio`: voltage before the divider over voltage at the pin
 */
export function voltageSensor(
  name: string,
  property: Property,
  limit: [number, number],
  leastMv: number,
  options: Options,
): Sensor {
  const limits: { [property: string]: [number, number] } = {};
  limits[property.name] = limit;
  return {
    name: name,
    properties: [property],
    limits: limits,
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: null,
    connect: function (port: Port): Driver {
      return {
        wake: function (): void {},
        sample: function (done: (readings: Reading[]) => void): void {
          if (!port.pin) return done(faulty([property], "bus"));
          const mv = port.pin.millivolts();
          // A converter without a reference gives no number at all: that, too, is no voltage.
          if (!(mv >= leastMv)) return done(faulty([property], "electrical"));
          done([bounded(property, limits, mv * options.ratio)]);
        },
        sleep: function (): void {},
      };
    },
  };
}
