/**
 * A pack as one line of InfluxDB's line protocol. Written by hand rather than with the client's Point, because a cached
 * series key makes it several times cheaper, and because Point silently leaves out what it does not like.
 *
 *   flood,site=underpass-1,kind=underpass,district=almaly board=7,distance=812,distance_flag=1,water_depth=143,… <ns>
 *
 * - every field is a float, for ever: a field never changes its type
 * - a reading without a value is only its flag (9): there is no number that means "no number"
 * - the time in nanoseconds is the reading's millisecond plus `seq % 1 000 000`: two packs of one millisecond stay two
 *   points, and the same pack written twice is the same point
 */
import type { BoardId, PackEntry, SiteId } from "../model.js";

/** What the tags of a site's points say. */
export interface PointSite {
  /** Kind of site (`flood`): the measurement. */
  kind: string;
  /** Name of the site type (`underpass`): the tag `kind`. */
  type: string;
  district: string;
}

/** Where sites and board numbers are looked up: the registry. */
export interface PointPlaces {
  /** The same object until something about the site has changed. */
  pointSite(site: SiteId): PointSite | undefined;
  /** Number of the board in the registry. */
  boardNumber(board: BoardId): number;
}

export type EncodedPack =
  { ok: true; line: string } | { ok: false; reason: "unknown-site" | "bad-number" | "bad-time" };

/** Largest time InfluxDB can hold, in ms (its limit is 2⁶³ − 2 ns, in the year 2262). */
const LATEST_MS = 9_223_372_036_853;

/** No escape exists for these: a control character would end the line, a backslash would escape what follows it. */
const UNWRITABLE = /[\u0000-\u001f\u007f\\]/g;

/** A measurement's name, escaped: comma and space. */
export function escapeMeasurement(text: string): string {
  return text.replace(UNWRITABLE, "_").replace(/[, ]/g, "\\$&");
}

/** A tag's key or value, or a field's key, escaped: comma, equals sign and space. */
export function escapeKey(text: string): string {
  return text.replace(UNWRITABLE, "_").replace(/[,= ]/g, "\\$&");
}

/** Measurement and tags. An empty tag is left out, because the protocol has no empty values. */
export function seriesKey(site: string, about: PointSite): string {
  const tags: [string, string][] = [
    ["district", about.district],
    ["kind", about.type],
    ["site", site],
  ];
  let key = escapeMeasurement(about.kind);
  for (const [name, value] of tags) if (value !== "") key += `,${name}=${escapeKey(value)}`;
  return key;
}

/** The field a property is written to: `pm25-cf1` → `pm25_cf1`. */
export function fieldName(property: string): string {
  return escapeKey(property.replaceAll("-", "_"));
}

/** Time of a pack's point in ns since 1970, as digits: it does not fit a double. Null if InfluxDB cannot hold it. */
export function pointTimeNs(timeMs: number, seq: number): string | null {
  if (!Number.isSafeInteger(timeMs) || timeMs <= 0 || timeMs > LATEST_MS) return null;
  return `${timeMs}${String(seq % 1_000_000).padStart(6, "0")}`;
}

/** A number of the protocol: the shortest decimal that reads back as the same double. */
function number(value: number): string {
  return value === 0 ? "0" : String(value);
}

/**
 * Makes an encoder that remembers series keys and field names (as many as there are sites and properties).
 * The pack must stand at a site. `bad-number`: a value is NaN or infinite, which the protocol cannot say.
 */
export function createPackEncoder(places: PointPlaces): (pack: PackEntry & { site: SiteId }) => EncodedPack {
  const keys = new Map<SiteId, { about: PointSite; key: string }>();
  const fields = new Map<string, { value: string; flag: string; calibration: string }>();

  function keyOf(site: SiteId): string | null {
    const about = places.pointSite(site);
    if (about === undefined) return null;
    const known = keys.get(site);
    if (known?.about === about) return known.key;
    const key = seriesKey(site, about);
    keys.set(site, { about, key });
    return key;
  }

  /** What stands before a property's value, its flag and its calibration. */
  function fieldsOf(property: string): { value: string; flag: string; calibration: string } {
    let names = fields.get(property);
    if (names === undefined) {
      const name = fieldName(property);
      names = { value: `,${name}=`, flag: `,${name}_flag=`, calibration: `,${name}_cal=` };
      fields.set(property, names);
    }
    return names;
  }

  return (pack) => {
    const key = keyOf(pack.site);
    if (key === null) return { ok: false, reason: "unknown-site" };
    const time = pointTimeNs(pack.time, pack.seq);
    if (time === null) return { ok: false, reason: "bad-time" };
    let line = `${key} board=${places.boardNumber(pack.board)}`;
    for (const { property, value, flag, calibration } of pack.observations) {
      const names = fieldsOf(property);
      if (value !== null) {
        if (!Number.isFinite(value)) return { ok: false, reason: "bad-number" };
        line += names.value + number(value);
      }
      line += names.flag + flag;
      if (calibration !== 0) line += names.calibration + calibration;
    }
    return { ok: true, line: `${line} ${time}` };
  };
}
