/** Fifty frames captured from real sensors must decode to what was decoded independently beside them. */
import assert from "node:assert/strict";
import type { Framer } from "../../firmware/sensors/framer.js";
import type { Outcome } from "../../firmware/sensors/sensor.js";
import { createPms3003Parser } from "../../firmware/sensors/pms3003/frame.js";
import { createPms5003Parser } from "../../firmware/sensors/pms5003/frame.js";
import { createPms5003tParser } from "../../firmware/sensors/pms5003t/frame.js";
import { createSds011Parser } from "../../firmware/sensors/sds011/frame.js";
import { createSps30Parser } from "../../firmware/sensors/sps30/frame.js";
import type { Mass } from "../../firmware/sensors/plantower/mass.js";
import { bytes, capturedFrames, capturedValues } from "./captures.js";

type Create<T> = (onOutcome: (outcome: Outcome<T>) => void) => Framer;

function decode<T>(create: Create<T>, stream: string): T[] {
  const values: T[] = [];
  create((outcome) => {
    assert.ok(outcome.ok, "no frame of the captures is damaged");
    values.push(outcome.value);
  }).push(stream);
  return values;
}

/** Our decoding of a capture in the columns of its csv, both rounded to the csv's decimals. */
function compare<T>(
  create: Create<T>,
  sensor: string,
  name: string,
  columns: Record<string, { decimals: number; of: (value: T) => number }>,
): void {
  it(`decodes the ten frames of ${name}`, () => {
    const frames = capturedFrames(sensor, name);
    assert.equal(frames.length, 10);
    const ours = decode(create, frames.join("")).map((value) =>
      Object.fromEntries(
        Object.entries(columns).map(([column, { decimals, of }]) => [column, of(value).toFixed(decimals)]),
      ),
    );
    const theirs = capturedValues(sensor, name).map((row) =>
      Object.fromEntries(
        Object.entries(columns).map(([column, { decimals }]) => [column, row[column]!.toFixed(decimals)]),
      ),
    );
    assert.deepEqual(ours, theirs);
  });
}

const mass = <T>(of: (value: T) => Mass): Record<string, { decimals: number; of: (value: T) => number }> => ({
  raw01: { decimals: 0, of: (v) => of(v).pm1Cf1 },
  raw25: { decimals: 0, of: (v) => of(v).pm25Cf1 },
  raw10: { decimals: 0, of: (v) => of(v).pm10Cf1 },
  pm01: { decimals: 1, of: (v) => of(v).pm1Atm },
  pm25: { decimals: 1, of: (v) => of(v).pm25Atm },
  pm10: { decimals: 1, of: (v) => of(v).pm10Atm },
});

/** The csv counts per cm³, the sensor per 0.1 litre. */
const counts = <T extends { counts: number[] }>(
  names: string[],
): Record<string, { decimals: number; of: (value: T) => number }> =>
  Object.fromEntries(names.map((name, i) => [name, { decimals: 2, of: (v: T): number => v.counts[i]! / 100 }]));

describe("captured frames", () => {
  compare(createPms5003Parser, "pms5003", "PMSx003", {
    ...mass((v) => v.mass),
    ...counts(["n0_3", "n0_5", "n1_0", "n2_5", "n5_0", "n10_0"]),
  });

  compare(
    createPms3003Parser,
    "pms3003",
    "PMS3003",
    mass((v) => v),
  );

  compare(createPms5003tParser, "pms5003t", "PMS5003T", {
    ...mass((v) => v.mass),
    ...counts(["n0_3", "n0_5", "n1_0", "n2_5"]),
    temp: { decimals: 1, of: (v) => v.temperatureC },
    rhum: { decimals: 1, of: (v) => v.humidityPercent },
  });

  compare(createSds011Parser, "sds011", "SDS01x", {
    pm25: { decimals: 1, of: (v) => v.pm25 },
    pm10: { decimals: 1, of: (v) => v.pm10 },
  });

  compare(createSps30Parser, "sps30", "SPS30", {
    ...Object.fromEntries(
      ["pm01", "pm25", "pm04", "pm10"].map((n, i) => [n, { decimals: 1, of: (v: { mass: number[] }) => v.mass[i]! }]),
    ),
    ...Object.fromEntries(
      ["n0_5", "n1_0", "n2_5", "n4_0", "n10_0"].map((n, i) => [
        n,
        { decimals: 2, of: (v: { counts: number[] }) => v.counts[i]! },
      ]),
    ),
    diam: { decimals: 1, of: (v: { typicalSizeUm: number }) => v.typicalSizeUm },
  });

  it("decodes the frame of the PMS5003 maker's own manual", () => {
    const frame = bytes(
      "42 4d 00 1c 00 67 00 9f 00 ae 00 44 00 69 00 74 43 b6 14 38 04 3a 00 5a 00 1a 00 04 98 00 06 13",
    );
    assert.deepEqual(decode(createPms5003Parser, frame), [
      {
        mass: { pm1Cf1: 103, pm25Cf1: 159, pm10Cf1: 174, pm1Atm: 68, pm25Atm: 105, pm10Atm: 116 },
        counts: [17334, 5176, 1082, 90, 26, 4],
        version: 0x98,
      },
    ]);
  });
});
