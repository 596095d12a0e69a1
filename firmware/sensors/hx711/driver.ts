/** Drives the HX711 through a clocked pair of pins. The only file of this folder that touches the port. */
import { WEIGHT_RAW } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { faulty } from "../readings.js";
import type { Driver, Options, Outcome, Pin, Port, Sensor, SensorKind } from "../sensor.js";
import { GAIN, NAME, RETRIES, RETRY_MS, SAMPLES, SAMPLE_EVERY_MS, TIMEOUT_MS, WARM_UP_MS } from "./facts.js";
import { decodeHx711, pulsesFor } from "./frame.js";

const SCALE = 0x800000;

function connect(port: Port, options: Options): Driver {
  const pulses = pulsesFor(options.gain);
  /** A converter that has just started, or that was read otherwise before, has its first result at another gain. */
  let chosen = false;

  const take = function (pin: Pin, done: (outcome: Outcome<number>) => void): void {
    let left = RETRIES;
    const ask = function (): void {
      const bits = pin.clockIn(pulses);
      if (bits !== null) return done(decodeHx711(bits, pulses));
      if (left === 0) return done({ ok: false, fault: "timeout" });
      left--;
      port.after(RETRY_MS, ask);
    };
    ask();
  };

  return {
    wake: function (): void {
      chosen = false;
    },
    sample: function (done: (readings: Reading[]) => void): void {
      const answer = function (outcome: Outcome<number>): void {
        done(
          outcome.ok ? [{ property: WEIGHT_RAW, ok: true, value: outcome.value }] : faulty([WEIGHT_RAW], outcome.fault),
        );
      };
      if (!port.pin) return answer({ ok: false, fault: "bus" });
      const pin = port.pin;
      if (chosen) return take(pin, answer);
      take(pin, function (first: Outcome<number>): void {
        // At another gain it may well be at the end of its scale: only silence counts.
        if (!first.ok && first.fault === "timeout") return answer(first);
        chosen = true;
        port.after(RETRY_MS, function (): void {
          take(pin, answer);
        });
      });
    },
    sleep: function (): void {},
  };
}

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return {
    name: NAME,
    properties: [WEIGHT_RAW],
    limits: { "weight-raw": [-SCALE, SCALE] },
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: null,
    connect: function (port: Port): Driver {
      return connect(port, options);
    },
  };
}

export const kind: SensorKind = { name: NAME, ports: ["clocked"], defaults: { gain: GAIN }, make: make };
