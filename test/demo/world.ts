/**
 * What happens in the demo's city: pure functions of the minutes since it began. The posts see it only through their
 * sensors' bytes.
 *
 * - underpass-1 floods to 20 cm, 1.5 cm a minute, and drains again
 * - underpass-2 stays dry; a person stands under the sensor for three minutes
 * - underpass-3 gets 4 cm wet, slowly, and then its post dies
 * - underpass-4 stays dry
 * - container-4 overflows; the other containers fill slowly
 */

/** Length of the script, in minutes. */
export const MINUTES = 270;

export const UNDERPASS_MOUNT_MM = 3000;
export const CONTAINER_MOUNT_MM = 1700;
export const CONTAINER_FULL_MM = 1200;
export const RESERVOIR_MOUNT_MM = 4500;

/** When underpass-3's post loses its supply. */
export const POST_DIES_AT_MIN = 112;

/** A value that goes straight from point to point, and stands still outside of them. */
function through(points: [minute: number, value: number][], minute: number): number {
  const after = points.findIndex(([at]) => at > minute);
  if (after === 0) return points[0][1];
  if (after < 0) return points[points.length - 1][1];
  const [m0, v0] = points[after - 1];
  const [m1, v1] = points[after];
  return v0 + ((v1 - v0) * (minute - m0)) / (m1 - m0);
}

const FLOOD: [number, number][] = [
  [60, 0],
  [60 + 200 / 15, 200],
  [95, 200],
  [125, 0],
];
const SLOW_WATER: [number, number][] = [
  [98, 0],
  [108, 40],
];
const PERSON = { from: 150, until: 153, heightMm: 1700 };
const OVERFLOWING: [number, number][] = [
  [0, 0.8],
  [50, 0.98],
];

/** Water depth on the road under an underpass's post, in mm. */
export function waterMm(site: string, minute: number): number {
  if (site === "underpass-1") return through(FLOOD, minute);
  if (site === "underpass-3") return through(SLOW_WATER, minute);
  return 0;
}

/** How full a container is, 0–1. */
export function fill(site: string, minute: number): number {
  const number = Number(site.split("-")[1]);
  if (number === 4) return through(OVERFLOWING, minute);
  return 0.1 + 0.1 * number + (0.02 * minute) / 60;
}

/** What a downward-looking level sensor sees, in mm. */
export function distanceMm(site: string, minute: number): number {
  if (site.startsWith("underpass")) {
    const person = site === "underpass-2" && minute >= PERSON.from && minute < PERSON.until;
    return UNDERPASS_MOUNT_MM - (person ? PERSON.heightMm : waterMm(site, minute));
  }
  if (site.startsWith("container")) return CONTAINER_MOUNT_MM - fill(site, minute) * CONTAINER_FULL_MM;
  return RESERVOIR_MOUNT_MM - (1800 + (site.endsWith("1") ? 0.4 : -0.3) * minute);
}

/** Air temperature in °C: it falls while it rains. */
export function temperature(minute: number): number {
  return through(
    [
      [0, 17],
      [60, 15],
      [120, 12],
      [270, 11],
    ],
    minute,
  );
}

/** Relative humidity in %. */
export function humidity(minute: number): number {
  return through(
    [
      [0, 58],
      [60, 75],
      [90, 93],
      [270, 80],
    ],
    minute,
  );
}

/** PM2.5 as an optical counter shows it, in µg/m³: the rain washes the air. */
export function pm25(site: string, minute: number): number {
  const base = 22 + 9 * Number(site.split("-").pop());
  // Air is never still: without this the hub would rightly call the counter stuck.
  const gusts = 1.5 * Math.sin(minute / 9);
  const washed = through(
    [
      [0, base],
      [60, base * 1.2],
      [130, base * 0.4],
      [270, base * 0.6],
    ],
    minute,
  );
  return washed + gusts;
}

/** NO2 in ppb. */
export function no2(site: string, minute: number): number {
  return 18 + 6 * Number(site.split("-").pop()) + 8 * Math.sin(minute / 40);
}

/** What warmth and the amplifiers' slow noise add to both electrodes of an NO2 cell, in mV: no real one stands still. */
export function electrodeDriftMv(minute: number): number {
  return 0.05 * (temperature(minute) - 20) + 0.4 * Math.sin(minute / 11);
}
