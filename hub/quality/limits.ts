/**
 * What each property may do, as data. Limits are about the instrument and physics, not about health or danger: they
 * say when a reading is doubtful, never when it is bad news.
 */

export interface Limits {
  /** Gross range: outside is flag 4. Inclusive. */
  fail: [number, number];
  /** Outside is flag 3. Inclusive. */
  suspect?: [number, number];
  /** Distance from all of the latest points that makes a point a spike, in the property's unit. */
  spike?: { suspect: number; fail?: number };
  /** Fastest believable change, in units per minute. */
  ratePerMinute?: number;
  /** How long a value may stay within `tolerance`, in seconds. `above`: only values above it can be stuck. */
  flat?: { suspectS: number; failS: number; tolerance: number; above?: number; below?: number };
  /** Silence longer than `afterS` is a gap; points within `settleS` after it are not evaluated (flag 2). */
  gap: { afterS: number; settleS?: number };
}

/** An unlisted property is given flag 2: nobody has said what is believable. */
export const LIMITS: Record<string, Limits> = {
  // From the nearest that an A02YYUW sees to the farthest of an MB7386: a sensor's own codes and ends are faults, and never
  // arrive as numbers. 254 mm/min is FloodNet's gradient filter; the fastest of its 548 street floods rose 184 mm in a
  // minute. No flat line: a dry road does not move for weeks.
  distance: { fail: [30, 9998], spike: { suspect: 1000 }, ratePerMinute: 254, gap: { afterS: 7200 } },
  "distance-spread": { fail: [0, 9968], suspect: [0, 200], gap: { afterS: 7200 } },
  // SHT31: −40 … 125 °C; Almaty's record extremes are −38 and +43 °C, sun on a housing adds some.
  temperature: {
    fail: [-40, 125],
    suspect: [-40, 60],
    spike: { suspect: 10 },
    ratePerMinute: 3,
    flat: { suspectS: 6 * 3600, failS: 24 * 3600, tolerance: 0.011 },
    gap: { afterS: 7200 },
  },
  humidity: {
    fail: [0, 100],
    spike: { suspect: 40 },
    ratePerMinute: 20,
    flat: { suspectS: 6 * 3600, failS: 24 * 3600, tolerance: 0.011, below: 99 },
    gap: { afterS: 7200 },
  },
  // PMS5003: effective to 500, gives at least 1000 µg/m³. A value of 2 and less may stand for hours in clean air.
  ...Object.fromEntries(
    ["pm1-cf1", "pm25-cf1", "pm10-cf1", "pm1-atm", "pm25-atm", "pm10-atm"]
      .flatMap((counter) => [counter, `${counter}-out`])
      .map((name): [string, Limits] => [
        name,
        {
          fail: [0, 1000],
          suspect: [0, 500],
          spike: { suspect: 100, fail: 300 },
          flat: { suspectS: 7200, failS: 6 * 3600, tolerance: 0.5, above: 2 },
          gap: { afterS: 3600 },
        },
      ]),
  ),
  "count-03": { fail: [0, 65535], gap: { afterS: 3600 } },
  "count-03-out": { fail: [0, 65535], gap: { afterS: 3600 } },
  // NO2-B43F on its board: electronic zeros near 230 mV, 0.2–0.5 mV/ppb. After an interruption of its bias the cell
  // drifts for hours: AirSensEUR discards 4 h.
  "no2-we": {
    fail: [0, 2048],
    suspect: [50, 1500],
    spike: { suspect: 50 },
    flat: { suspectS: 3600, failS: 6 * 3600, tolerance: 0.001 },
    gap: { afterS: 1800, settleS: 4 * 3600 },
  },
  "no2-ae": {
    fail: [0, 2048],
    suspect: [50, 1500],
    spike: { suspect: 50 },
    flat: { suspectS: 3600, failS: 6 * 3600, tolerance: 0.001 },
    gap: { afterS: 1800, settleS: 4 * 3600 },
  },
  // A second echo sensor: as the first.
  "distance-2": { fail: [30, 9998], spike: { suspect: 1000 }, ratePerMinute: 254, gap: { afterS: 7200 } },
  // A probe of 10 m; the loop's own faults never arrive as numbers (NAMUR NE 43: below 3.6 and above 21 mA).
  head: { fail: [-5000, 10500], suspect: [-20, 10000], spike: { suspect: 1000 }, gap: { afterS: 7200 } },
  current: { fail: [3.6, 21], suspect: [3.8, 20.5], gap: { afterS: 7200 } },
  float: { fail: [0, 1], gap: { afterS: 7200 } },
  door: { fail: [0, 1], gap: { afterS: 7 * 3600 } },
  // HX711: 24 bits, both ends are saturation.
  "weight-raw": { fail: [-8388608, 8388608], gap: { afterS: 7200 } },
  // BME280: 300 … 1100 hPa; Almaty lies at 700 … 900 m, where 870 … 960 is what air presses.
  pressure: { fail: [300, 1100], suspect: [850, 980], spike: { suspect: 20 }, ratePerMinute: 2, gap: { afterS: 7200 } },
  // SPS30 to 1000 µg/m³; SDS011 to 999.9.
  ...Object.fromEntries(
    ["pm1-mass", "pm25-mass", "pm4-mass", "pm10-mass"].map((name): [string, Limits] => [
      name,
      { fail: [0, 1000], suspect: [0, 500], spike: { suspect: 100, fail: 300 }, gap: { afterS: 3600 } },
    ]),
  ),
  "size-typical": { fail: [0, 10], gap: { afterS: 3600 } },
  "number-25": { fail: [0, 30_000], gap: { afterS: 3600 } },
  // As the NO2 cell: the same board, the same drift after an interruption.
  ...Object.fromEntries(
    ["ox-we", "ox-ae", "no2-we-out", "no2-ae-out"].map((name): [string, Limits] => [
      name,
      {
        fail: [0, 2048],
        suspect: [50, 1500],
        spike: { suspect: 50 },
        flat: { suspectS: 3600, failS: 6 * 3600, tolerance: 0.001 },
        gap: { afterS: 1800, settleS: 4 * 3600 },
      },
    ]),
  ),
  // DGS-NO2: 0 … 5 ppm; noise and drift take it below zero. An hour to settle.
  "no2-module": {
    fail: [-1000, 10_000],
    suspect: [-100, 2000],
    spike: { suspect: 200 },
    gap: { afterS: 1800, settleS: 3600 },
  },
  "rs-ox": { fail: [0, 65535], gap: { afterS: 3600, settleS: 600 } },
  "rs-red": { fail: [0, 65535], gap: { afterS: 3600, settleS: 600 } },
  tilt: { fail: [0, 180], suspect: [0, 90], gap: { afterS: 7 * 3600 } },
  // Counts from each start: it falls to nothing when the board is started again.
  "rain-count": { fail: [0, 10_000_000], gap: { afterS: 7200 } },
  battery: { fail: [0, 20_000], suspect: [1800, 16_000], gap: { afterS: 7 * 3600 } },
  supply: { fail: [0, 60_000], gap: { afterS: 7200 } },
  latitude: { fail: [-90, 90], gap: { afterS: 3600 } },
  longitude: { fail: [-180, 180], gap: { afterS: 3600 } },
  hdop: { fail: [0, 99.9], suspect: [0, 5], gap: { afterS: 3600 } },
};
