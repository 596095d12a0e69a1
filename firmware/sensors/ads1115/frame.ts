/** Words of the ADS1115, a 16-bit converter on I²C. Source: Texas Instruments SBAS444, register maps. */

export const REGISTER = { conversion: 0, config: 1 };

/** Programmable gain: full scale in mV, and its code. A code is 1/32768 of full scale. */
export const FULL_SCALE_MV: number[] = [6144, 4096, 2048, 1024, 512, 256];
/** Code of ±2.048 V: one step is 62.5 µV. */
export const GAIN_2048 = 2;

/** Conversions per second, by code. */
export const RATES: number[] = [8, 16, 32, 64, 128, 250, 475, 860];
export const RATE_128 = 4;

const START = 0x8000;
const SINGLE_SHOT = 0x0100;
const COMPARATOR_OFF = 3;

/**
 * The config word that starts one conversion of input `channel` (0–3) against ground.
 * AIN0 at ±4.096 V and 128 a second is C383.
 */
export function configWord(channel: number, gain: number, rate: number): number {
  return START | ((4 + channel) << 12) | (gain << 9) | SINGLE_SHOT | (rate << 5) | COMPARATOR_OFF;
}

/** True when the config register says that no conversion is running. */
export function isIdle(config: number): boolean {
  return (config & START) !== 0;
}

/** A register's 16 bits as a signed number. */
export function signed(high: number, low: number): number {
  const word = (high << 8) | low;
  return word > 0x7fff ? word - 0x10000 : word;
}

/** Both ends of the scale mean that the input was beyond it. */
export function isSaturated(code: number): boolean {
  return code >= 32767 || code <= -32768;
}

export function millivolts(code: number, gain: number): number {
  return (code * FULL_SCALE_MV[gain]) / 32768;
}
