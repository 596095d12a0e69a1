/**
 * Bodies: what stands in a line's body field, by type.
 *
 * - pack  SenML records (RFC 8428) as JSON without spaces. The line's board is the base name and its `time`/`uptimeMs`
 *         the base time. A reading is `{"n":…,"u":…,"v":…}`; one that failed is `{"n":…,"vs":"!<fault>"}`: never a
 *         number that means "no number".
 * - hello JSON object {@link Hello}: what runs on the board and how it came up
 * - gap   JSON object {@link Gap}: what the board's ring had to drop before it was acknowledged
 * - ack   `ok` (stored, or known already) or `refused` (authentic, but useless: do not send it again)
 */
import type { Property } from "./properties.js";

/** Why a sensor gave no value. A fault is counted and shown; it is never turned into a number. */
export type Fault =
  | "timeout" // the sensor said nothing, or nothing whole
  | "checksum" // only damaged frames arrived
  | "bus" // no answer on I²C
  | "electrical" // the sensor reports itself broken, or its signal is outside what it can give
  | "obstacle" // something stands nearer than the sensor can measure
  | "no-echo" // nothing in range
  | "range" // a value outside what the sensor can measure
  | "device" // the sensor's own error code is set
  | "no-fix"; // the receiver does not know where it is

/** In the order of their codes on a narrow radio: a new one goes to the end. */
export const FAULTS: Fault[] = [
  "timeout",
  "checksum",
  "bus",
  "electrical",
  "obstacle",
  "no-echo",
  "range",
  "device",
  "no-fix",
];

/** One record of a pack: a value in the property's unit, or the fault that stands in its place. */
export type Reading = { property: Property; ok: true; value: number } | { property: Property; ok: false; fault: Fault };

export interface Hello {
  /** Image: site type, and version of the firmware. */
  image: string;
  version: string;
  /** Why the board started, as far as it knows: `power`, `watchdog`, `reboot`, `error`. */
  reset: string;
  /** Lines waiting in flash for an acknowledgement. */
  waiting: number;
  // What older firmware does not say:
  /** Up to which of the hub's changes of settings it has come (order.ts), and the names of those it cannot take. */
  set?: number;
  refused?: string;
  /** The longest time between two packs, in seconds. */
  period?: number;
  /** Image slot that runs (0 or 1) and the image in it; why another was left; what the other slot holds (`id:bytes`). */
  slot?: number;
  runs?: string;
  back?: string;
  has?: string;
  /** `missing` where compaction of flash could reach the files in front. */
  fence?: string;
  /** Strength of what the board receives, in dBm, where its link measures that. */
  signalDbm?: number;
  /** How often the pages of its ring in flash were erased so far. */
  wear?: number;
}

/** What a board answers to an order (order.ts), with the nonce that it answers. */
export interface Reply {
  verb: string;
  to: string;
  [field: string]: unknown;
}

export interface Gap {
  /** Ranges that the ring dropped unacknowledged: [`<epoch>.<boot>`, first seq, last seq]. */
  dropped: [string, number, number][];
}

/**
 * A value as it stands on the wire: a plain decimal number with the property's decimals, "-0" never. Built from a
 * rounded integer, because the interpreter's own number printing (`toFixed` included) is irregular for large doubles.
 */
export function decimal(value: number, decimals: number): string {
  let scale = 1;
  for (let i = 0; i < decimals; i++) scale *= 10;
  const units = Math.round(Math.abs(value) * scale);
  const sign = value < 0 && units > 0 ? "-" : "";
  const whole = Math.floor(units / scale);
  if (decimals === 0) return sign + whole.toFixed(0);
  let rest = (units - whole * scale).toFixed(0);
  while (rest.length < decimals) rest = "0" + rest;
  return sign + whole.toFixed(0) + "." + rest;
}

function record(reading: Reading): string {
  const name = '{"n":"' + reading.property.name + '",';
  if (!reading.ok) return name + '"vs":"!' + reading.fault + '"}';
  return name + '"u":"' + reading.property.unit + '","v":' + decimal(reading.value, reading.property.decimals) + "}";
}

/** The body of a pack. */
export function packBody(readings: Reading[]): string {
  return "[" + readings.map(record).join(",") + "]";
}
