/** Sensirion SHT31. Source: datasheet SHT3x-DIS, version 5 (May 2018), sections 2 and 4. */
export const NAME = "sht31";
/** ADDR pin low; 0x45 when it is high. */
export const ADDRESS = 0x44;
/** Single shot, high repeatability, no clock stretching. */
export const MEASURE: number[] = [0x24, 0x00];
/** Longest measurement at high repeatability is 15.5 ms with a low supply. */
export const MEASURE_MS = 16;
/** A sensor that is not ready does not answer; it is asked again this often. */
export const RETRY_MS = 5;
export const RETRIES = 3;
export const TIMEOUT_MS = 100;
export const SAMPLES = 3;
export const SAMPLE_EVERY_MS = 500;
/** After power-up the sensor needs 1.5 ms; the node's own start is longer. */
export const WARM_UP_MS = 10;
export const TEMPERATURE_C: [number, number] = [-40, 125];
export const HUMIDITY_PERCENT: [number, number] = [0, 100];
