/**
 * A contact as a sensor: a float switch, a lid, a door. On a digital port the board's pull-up holds the wire high and the
 * contact pulls it low; a broken wire then looks like an open contact. With two resistors at the contact ("supervised",
 * on an analog port) it does not: the four voltages below tell open, closed, cut and shorted from each other.
 */
import type { Reading } from "../wire/pack.js";
import type { Property } from "../wire/properties.js";
import { faulty } from "./readings.js";
import type { Driver, Options, Outcome, Pin, Port, Sensor } from "./sensor.js";

/**
 * Supervised: 10 kΩ from 3.3 V to the pin; at the contact 2.2 kΩ in series and 2.2 kΩ across it. Closed 595 mV, open
 * 1008 mV, wire cut 3300 mV, wires touching 0 mV; the limits lie between them.
 */
const SHORTED_MV = 300;
const CLOSED_MV = 800;
const OPEN_MV = 2000;

const SAMPLES = 3;
const SAMPLE_EVERY_MS = 20;
const TIMEOUT_MS = 100;
/** A pull-up has charged a long cable by then. */
const WARM_UP_MS = 10;

/** Whether a supervised contact is closed, or `electrical`. */
export function decodeSupervised(mv: number): Outcome<boolean> {
  if (!(mv >= SHORTED_MV && mv <= OPEN_MV)) return { ok: false, fault: "electrical" };
  return { ok: true, value: mv < CLOSED_MV };
}

function readContact(pin: Pin, options: Options): Outcome<boolean> {
  return options.supervised === 1 ? decodeSupervised(pin.millivolts()) : { ok: true, value: !pin.read() };
}

/**
 * A sensor of `property`.
 * @param options  `whenClosed`: what a closed contact means, 1 or 0; `supervised`: 1 with the two resistors on an analog port
 */
export function contactSensor(name: string, property: Property, options: Options): Sensor {
  const limits: { [property: string]: [number, number] } = {};
  limits[property.name] = [0, 1];
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
          const contact: Outcome<boolean> = port.pin ? readContact(port.pin, options) : { ok: false, fault: "bus" };
          if (!contact.ok) return done(faulty([property], contact.fault));
          const value = contact.value ? options.whenClosed : 1 - options.whenClosed;
          done([{ property: property, ok: true, value: value }]);
        },
        sleep: function (): void {},
      };
    },
  };
}
