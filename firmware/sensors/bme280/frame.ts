/**
 * The BME280's registers: constants of the part, raw figures, and what they make together. The formulas are those of the
 * datasheet in real numbers (BST-BME280-DS001, 8.1), written out anew.
 */
import type { Outcome } from "../sensor.js";

export const REGISTER = {
  firstConstants: 0x88,
  id: 0xd0,
  secondConstants: 0xe1,
  controlHumidity: 0xf2,
  status: 0xf3,
  controlMeasure: 0xf4,
  figures: 0xf7,
};

export const FIRST_BYTES = 26;
export const SECOND_BYTES = 7;
export const FIGURE_BYTES = 8;

/** Humidity once; then, in the order in which it must be written, temperature and pressure once, one measurement. */
export const HUMIDITY_ONCE = 0x01;
export const FORCED_ONCE = 0x25;
/** Bit of the status register while it measures. */
export const IS_MEASURING = 0x08;

/** What a quantity that is switched off reads as. */
const SKIPPED_20 = 0x80000;
const SKIPPED_16 = 0x8000;

/** The part's own constants: dig_T1…T3, dig_P1…P9, dig_H1…H6 in the datasheet. */
export interface Constants {
  t: number[];
  p: number[];
  h: number[];
}

export interface Bme280 {
  temperatureC: number;
  humidityPercent: number;
  pressureHpa: number;
}

function unsigned(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}

function signed(bytes: Uint8Array, at: number): number {
  const word = unsigned(bytes, at);
  return word > 0x7fff ? word - 0x10000 : word;
}

function signed8(byte: number): number {
  return byte > 0x7f ? byte - 0x100 : byte;
}

/**
 * The constants, from registers 88…A1 and E1…E7. H4 and H5 are twelve bits, with four each in one byte.
 * @param first, second  FIRST_BYTES and SECOND_BYTES long
 */
export function constantsOf(first: Uint8Array, second: Uint8Array): Constants {
  const p: number[] = [unsigned(first, 6)];
  for (let i = 0; i < 8; i++) p.push(signed(first, 8 + 2 * i));
  return {
    t: [unsigned(first, 0), signed(first, 2), signed(first, 4)],
    p: p,
    h: [
      first[25],
      signed(second, 0),
      second[2],
      signed8(second[3]) * 16 + (second[4] & 15),
      signed8(second[5]) * 16 + (second[4] >> 4),
      signed8(second[6]),
    ],
  };
}

/** Pressure in Pa from its raw figure; null where the constants make no sense. */
function pascals(raw: number, fine: number, p: number[]): number | null {
  const a = fine / 2 - 64000;
  const offset = (((a * a * p[5]) / 32768 + a * p[4] * 2) / 4 + p[3] * 65536) / 4096;
  const slope = (1 + ((p[2] * a * a) / 524288 + p[1] * a) / 524288 / 32768) * p[0];
  if (slope === 0) return null;
  const first = ((1048576 - raw - offset) * 6250) / slope;
  return first + ((p[8] * first * first) / 2147483648 + (first * p[7]) / 32768 + p[6]) / 16;
}

/** Relative humidity in %, held within 0–100 as the datasheet does: near saturation the formula runs past it. */
function percent(raw: number, fine: number, h: number[]): number {
  const a = fine - 76800;
  const bent = 1 + (h[5] / 67108864) * a * (1 + (h[2] / 67108864) * a);
  const linear = (raw - (h[3] * 64 + (h[4] / 16384) * a)) * (h[1] / 65536) * bent;
  return Math.max(0, Math.min(100, linear * (1 - (h[0] * linear) / 524288)));
}

/**
 * Decodes registers F7…FE. `device` for a quantity that is switched off (the control registers were lost between the
 * order and the reading), `checksum` for a wrong length.
 */
export function decodeBme280(bytes: Uint8Array, constants: Constants): Outcome<Bme280> {
  if (bytes.length !== FIGURE_BYTES) return { ok: false, fault: "checksum" };
  const rawP = (bytes[0] << 12) | (bytes[1] << 4) | (bytes[2] >> 4);
  const rawT = (bytes[3] << 12) | (bytes[4] << 4) | (bytes[5] >> 4);
  const rawH = (bytes[6] << 8) | bytes[7];
  if (rawP === SKIPPED_20 || rawT === SKIPPED_20 || rawH === SKIPPED_16) return { ok: false, fault: "device" };
  const t = constants.t;
  const x = rawT / 16384 - t[0] / 1024;
  // (raw / 131072 - T1 / 8192) is the same difference, an eighth of it.
  const fine = x * t[1] + (x / 8) * (x / 8) * t[2];
  const pressure = pascals(rawP, fine, constants.p);
  if (pressure === null) return { ok: false, fault: "device" };
  return {
    ok: true,
    value: {
      temperatureC: fine / 5120,
      humidityPercent: percent(rawH, fine, constants.h),
      pressureHpa: pressure / 100,
    },
  };
}
