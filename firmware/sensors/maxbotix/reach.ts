/**
 * The two lengths in which MaxBotix sells this family: what their numbers mean, and how long they take.
 * Source: MaxBotix datasheet PD11500, p. 8 (timing), p. 9–10 (300 and 500 mm, 5000 and 9999 for no target); 0 and 10000
 * as FloodNet has met them in the field.
 */
export interface Reach {
  /** Something stands at this distance or nearer: the sensor cannot say where, in mm. */
  obstacleMm: number;
  /** Nothing came back: this number, or others that parts of the family have been seen to send. */
  noEchoMm: number[];
  /** Furthest distance that it reports. */
  maxMm: number;
  /** Time between two lines. */
  cycleMs: number;
  /** Start, banner, and a full turn of the sensor's own filter. */
  warmUpMs: number;
  /** Six cycles: five lines may be lost to noise. */
  patienceMs: number;
}

/** 6.67 lines a second, a filter of 1.33 Hz. */
export const FIVE_METRES: Reach = {
  obstacleMm: 300,
  noEchoMm: [5000, 9999, 10000],
  maxMm: 4999,
  cycleMs: 150,
  warmUpMs: 1500,
  patienceMs: 900,
};

/** 6 lines a second, a filter of 1.2 Hz. 5000 is a distance like any other here. */
export const TEN_METRES: Reach = {
  obstacleMm: 500,
  noEchoMm: [9999, 10000],
  maxMm: 9998,
  cycleMs: 167,
  warmUpMs: 1700,
  patienceMs: 1000,
};
