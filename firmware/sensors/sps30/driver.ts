/** Drives the SPS30 by UART or I²C: wakes it, lets it blow its fan clean once a week, reads it, puts it to sleep. */
import {
  NUMBER_25,
  PM10_MASS,
  PM1_MASS,
  PM25_MASS,
  PM4_MASS,
  SIZE_TYPICAL,
  type Property,
} from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import { bounded, faulty } from "../readings.js";
import type { Driver, Options, Outcome, Port, Sensor, SensorKind } from "../sensor.js";
import {
  ADDRESS,
  CLEAN_AFTER_MS,
  CLEAN_EVERY,
  CLEAN_MS,
  COMMAND_MS,
  MAX_MASS,
  MAX_NUMBER,
  MAX_SIZE_UM,
  NAME,
  POLL_MS,
  POLLS,
  SAMPLES,
  SAMPLE_EVERY_MS,
  TIMEOUT_MS,
  WARM_UP_MS,
} from "./facts.js";
import type { Sps30 } from "./frame.js";
import { i2cLink, uartLink, type Link } from "./links.js";

const PROPERTIES: Property[] = [PM1_MASS, PM25_MASS, PM4_MASS, PM10_MASS, NUMBER_25, SIZE_TYPICAL];
const LIMITS: Sensor["limits"] = { "number-25": [0, MAX_NUMBER], "size-typical": [0, MAX_SIZE_UM] };
PROPERTIES.forEach(function (property: Property): void {
  if (!LIMITS[property.name]) LIMITS[property.name] = [0, MAX_MASS];
});

function linkOf(port: Port): Link | null {
  if (port.uart) return uartLink(port, port.uart);
  return port.i2c ? i2cLink(port, port.i2c) : null;
}

function readingsOf(sample: Sps30): Reading[] {
  const values = sample.mass.concat([sample.counts[2], sample.typicalSizeUm]);
  return PROPERTIES.map(function (property: Property, i: number): Reading {
    return bounded(property, LIMITS, values[i]);
  });
}

/**
 * Its own count towards a cleaning starts again whenever it loses its supply. So the board tells it when: in the first
 * round after a start, and then in every `cleanEvery`th. A post that starts again every day cleans every day, which does
 * no harm; none goes without.
 */
function isDue(port: Port, cleanEvery: number): boolean {
  return cleanEvery > 0 && port.turn !== undefined && port.turn % cleanEvery === 0;
}

function connect(port: Port, cleanEvery: number): Driver {
  const link = linkOf(port);
  let cleaning = false;
  let open = false;
  let started = false;
  /** What is put off, and called off when the round takes another way. */
  let waits: (() => void)[] = [];

  const later = function (ms: number, fn: () => void): void {
    waits.push(port.after(ms, fn));
  };

  const callOff = function (): void {
    waits.forEach(function (off: () => void): void {
      off();
    });
    waits = [];
  };

  const close = function (): void {
    callOff();
    if (open && link) link.close();
    open = false;
  };

  const read = function (polls: number, done: (readings: Reading[]) => void): void {
    if (!link) return done(faulty(PROPERTIES, "bus"));
    link.read(function (sample: Outcome<Sps30> | null): void {
      if (sample !== null) return done(sample.ok ? readingsOf(sample.value) : faulty(PROPERTIES, sample.fault));
      // It has no new figures; while its fan is cleaned it cannot have any.
      if (polls === 0) return done(faulty(PROPERTIES, "timeout"));
      port.after(POLL_MS, function (): void {
        read(cleaning ? polls : polls - 1, done);
      });
    });
  };

  return {
    wake: function (): void {
      close();
      if (!link) return;
      link.open();
      open = true;
      link.wake();
      later(COMMAND_MS, function (): void {
        link.start();
        started = true;
        if (!isDue(port, cleanEvery)) return;
        later(CLEAN_AFTER_MS, function (): void {
          cleaning = true;
          link.clean();
          later(CLEAN_MS, function (): void {
            cleaning = false;
          });
        });
      });
    },
    sample: function (done: (readings: Reading[]) => void): void {
      const begin = function (): void {
        // On a bench nobody waits until it is warm: it must have been started all the same.
        if (started || !link) read(POLLS, done);
        else port.after(COMMAND_MS, begin);
      };
      begin();
    },
    sleep: function (): void {
      callOff();
      if (!link || !open) return;
      link.stop();
      later(COMMAND_MS, function (): void {
        link.sleep();
        later(COMMAND_MS, close);
      });
    },
  };
}

/** The sensor of one round of measuring. */
export function make(options: Options): Sensor {
  return {
    name: NAME,
    properties: PROPERTIES,
    limits: LIMITS,
    warmUpMs: WARM_UP_MS,
    sampleTimeoutMs: TIMEOUT_MS,
    samples: SAMPLES,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: null,
    connect: function (port: Port): Driver {
      return connect(port, options.cleanEvery);
    },
  };
}

export const kind: SensorKind = {
  name: NAME,
  ports: ["uart", "i2c"],
  address: ADDRESS,
  defaults: { cleanEvery: CLEAN_EVERY },
  make: make,
};
