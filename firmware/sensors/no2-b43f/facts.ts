/**
 * Alphasense NO2-B43F on its Individual Sensor Board, read by an ADS1115.
 * Sources: Alphasense NO2-B43F datasheet; AAN 803; Texas Instruments SBAS444.
 */
export const NAME = "no2-b43f";
/** The converter's ADDR pin to ground. */
export const ADDRESS = 0x48;
/** Inputs: OP1 of the board is the working electrode, OP2 the auxiliary one. */
export const WE_CHANNEL = 0;
export const AE_CHANNEL = 1;
/** Conversions behind one sample of one electrode: 32 at 128 a second are 0.3 s. */
export const CONVERSIONS = 32;
/** Fifteen samples four seconds apart: the datasheet's noise asks for a minute's mean. */
export const SAMPLES = 15;
export const SAMPLE_EVERY_MS = 4000;
export const TIMEOUT_MS = 3000;
/**
 * The converter needs none. The cell needs hours after its bias was away, which is why the board is never switched off,
 * and why the hub does not evaluate the first hours after a gap.
 */
export const WARM_UP_MS = 10;
/**
 * The board's outputs, in mV: electronic zeros stand near 230 mV, and 0.5 mV/ppb leave room to 3 ppm. Below is a broken
 * wire or a dead board (0–2 mV have been seen in the field), above an amplifier at its rail.
 */
export const MIN_MV = 20;
export const MAX_MV = 2000;
