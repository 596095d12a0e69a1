/**
 * Drives a cell with two electrodes on Alphasense's Individual Sensor Board (ISB), read by an ADS1115. What the NO2-B43F
 * and the OX-B431 share, and the one place of their folders that touches the port.
 */
import type { Property } from "../../wire/properties.js";
import type { Reading } from "../../wire/pack.js";
import type { Driver, Options, Outcome, Port, Sensor } from "../sensor.js";
import { averageMv } from "./average.js";
import { GAIN_2048, RATE_128 } from "./frame.js";

/**
 * The converter needs none. The cell needs hours after its bias was away, which is why the board is never switched off,
 * and why the hub does not evaluate the first hours after a gap.
 */
const WARM_UP_MS = 10;
const SAMPLE_EVERY_MS = 4000;
/**
 * The board's outputs, in mV: electronic zeros stand near 230 mV, and 0.5 mV/ppb leave room to 3 ppm. Below is a broken
 * wire or a dead board (0–2 mV have been seen in the field), above an amplifier at its rail.
 */
export const MIN_MV = 20;
export const MAX_MV = 2000;

/**
 * What a site may set: the converter's address (0x48–0x4B, by its ADDR pin), its inputs for the working and the
 * auxiliary electrode, conversions behind one sample of one electrode (32 at 128 a second are 0.3 s), and samples behind
 * one pack: fifteen, four seconds apart, because the datasheet's noise asks for a minute's mean.
 */
export function cellDefaults(we: number, ae: number): Options {
  return { address: 0x48, we: we, ae: ae, conversions: 32, samples: 15 };
}

/** An electrode's voltage in mV, or `electrical` when the board cannot give such a one. */
export function decodeElectrode(mv: number): Outcome<number> {
  return mv >= MIN_MV && mv <= MAX_MV ? { ok: true, value: mv } : { ok: false, fault: "electrical" };
}

function readingOf(property: Property, outcome: Outcome<number>): Reading {
  const electrode = outcome.ok ? decodeElectrode(outcome.value) : outcome;
  return electrode.ok
    ? { property: property, ok: true, value: electrode.value }
    : { property: property, ok: false, fault: electrode.fault };
}

function connect(port: Port, options: Options, we: Property, ae: Property): Driver {
  const read = function (channel: number, done: (outcome: Outcome<number>) => void): void {
    averageMv(port, options.address, channel, GAIN_2048, RATE_128, options.conversions, done);
  };

  return {
    wake: function (): void {},
    sample: function (done: (readings: Reading[]) => void): void {
      read(options.we, function (working: Outcome<number>): void {
        read(options.ae, function (auxiliary: Outcome<number>): void {
          done([readingOf(we, working), readingOf(ae, auxiliary)]);
        });
      });
    },
    sleep: function (): void {},
  };
}

/** A cell of that name for one round of measuring, with its two electrodes' properties. */
export function makeCell(name: string, we: Property, ae: Property, options: Options): Sensor {
  const limits: Sensor["limits"] = {};
  limits[we.name] = [MIN_MV, MAX_MV];
  limits[ae.name] = [MIN_MV, MAX_MV];
  return {
    name: name,
    properties: [we, ae],
    limits: limits,
    warmUpMs: WARM_UP_MS,
    // Two electrodes, each conversion asked four times at the most, ten milliseconds apart.
    sampleTimeoutMs: 440 + 80 * options.conversions,
    samples: options.samples,
    sampleEveryMs: SAMPLE_EVERY_MS,
    spread: null,
    connect: function (port: Port): Driver {
      return connect(port, options, we, ae);
    },
  };
}
