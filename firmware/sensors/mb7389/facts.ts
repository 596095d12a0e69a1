/**
 * MaxBotix MB7389 (HRXL-MaxSonar-WR, 5 m, serial output at TTL levels).
 * Source: MaxBotix datasheet PD11500, p. 8–10; codes as in FloodNet's maintenance guide.
 */
export const NAME = "mb7389";
export const BAUD = 9600;

/** Something stands at 300 mm or nearer: the sensor cannot say where. */
export const OBSTACLE_MM = 300;
/** Nothing came back: 5 m parts say 5000, 10 m parts 9999 or 10000. */
export const NO_ECHO_MM: number[] = [5000, 9999, 10000];
export const MIN_MM = 301;
export const MAX_MM = 4999;

/** One reading every 150 ms (6.67 Hz). */
export const CYCLE_MS = 150;
/** Start, banner, and a full turn of the sensor's own filter (1.33 Hz). */
export const WARM_UP_MS = 1500;
/** Six cycles: five lines may be lost to noise. */
export const PATIENCE_MS = 900;
/** By then the driver has called back, whatever happened. */
export const TIMEOUT_MS = PATIENCE_MS + 200;
/** Median of seven, as FloodNet does. */
export const SAMPLES = 7;
