/** The things of a run: names, keys, places and calibrations, all made from their number, so that nobody need tell them. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { NO2_AE, NO2_WE, HUMIDITY, PM25_CF1, TEMPERATURE } from "../../firmware/wire/properties.js";
import type { Reading } from "../../firmware/wire/pack.js";
import { realClock } from "../../hub/clock.js";
import { Registry } from "../../hub/registry.js";

export const KEY_ID = "k1";
/** Things registered in one import: a document of half a million would itself be hundreds of MiB. */
const IMPORT_CHUNK = 20_000;
const DISTRICTS = ["alatau", "almaly", "auezov", "bostandyq", "jetisu", "medeu", "nauryzbai", "turksib"];

/** A thing's site; its board is called the same with `b-` in front. */
export function siteName(thing: number): string {
  return `eco-${String(thing).padStart(6, "0")}`;
}

export function boardName(site: string): string {
  return `b-${site}`;
}

export function districtOf(thing: number): string {
  return DISTRICTS[thing % DISTRICTS.length];
}

/** The key of a board, 32 bytes. Made from its name: a benchmark has no secret. */
export function keyOf(board: string): Uint8Array {
  return createHash("sha256").update(`bench ${board}`).digest();
}

/** The five values of a pack, plausible and slowly moving, so that quality tests find what they find on a calm day. */
export interface Values {
  pm25: number;
  temperature: number;
  humidity: number;
  we: number;
  ae: number;
}

/**
 * What every one of the four stores of a pack, sorted: the five values, a flag for each, two derived values with flag and
 * number of the calibration, and the board. A run checks it: who stores less has less to do.
 */
export const FIELDS = ["board"]
  .concat(["pm25_cf1", "temperature", "humidity", "no2_we", "no2_ae"].flatMap((name) => [name, `${name}_flag`]))
  .concat(["pm25", "no2"].flatMap((name) => [name, `${name}_flag`, `${name}_cal`]))
  .sort();

export function valuesAt(thing: number, timeMs: number): Values {
  const wave = Math.sin(timeMs / 600_000 + thing);
  return {
    pm25: Math.round(30 + (thing % 40) + 10 * wave),
    temperature: 12 + (thing % 10) + wave,
    humidity: 55 + (thing % 20) - 5 * wave,
    we: 260 + (thing % 50) + 4 * wave,
    ae: 240 + (thing % 50) - 3 * wave,
  };
}

export function readingsOf(v: Values): Reading[] {
  return [
    { property: PM25_CF1, ok: true, value: v.pm25 },
    { property: TEMPERATURE, ok: true, value: v.temperature },
    { property: HUMIDITY, ok: true, value: v.humidity },
    { property: NO2_WE, ok: true, value: v.we },
    { property: NO2_AE, ok: true, value: v.ae },
  ];
}

/** Parameters of the two calibrations; the peers have them in their code. */
export const PM25_PARAMS = { gain: 0.524, perPercentRh: -0.0862, offset: 5.75 };
export const NO2_PARAMS = {
  ...{ method: "fitted", intercept: 3, perWeMv: 2.1, perAeMv: -1.9, perCel: 0, perGPerM3: 0 },
};

function board(site: string, from: number): object {
  const name = boardName(site);
  const key = Buffer.from(keyOf(name)).toString("base64url");
  return { board: name, keys: [{ id: KEY_ID, key }], assignments: [{ site, from, by: "bench" }] };
}

function place(id: string, type: string, thing: number): object {
  const names = { kk: id, ru: id, en: id };
  const district = districtOf(thing);
  return { id, type, names, district, lat: 43.2 + (thing % 100) / 1000, lon: 76.9 + (thing % 77) / 1000 };
}

function ecoPosts(first: number, last: number, from: number): object {
  const things = Array.from({ length: last - first }, (_, i) => first + i);
  const by = "bench";
  return {
    format: "aryk-registry/1",
    sites: things.map((thing) => place(siteName(thing), "eco-post", thing)),
    boards: things.map((thing) => board(siteName(thing), from)),
    calibrations: things.flatMap((thing) => {
      const site = siteName(thing);
      const pm25 = { method: "linear-rh", input: "pm25-cf1", ...PM25_PARAMS };
      return [
        { site, property: "pm25", model: "pm-humidity", params: pm25, from, by },
        { site, property: "no2", model: "no2-cell", params: NO2_PARAMS, from, by },
      ];
    }),
  };
}

/** Height of the sensor over the road at the underpasses of the alarm measurement. */
export const MOUNT_MM = 3000;

export function underpassName(index: number): string {
  return `up-${String(index).padStart(4, "0")}`;
}

function underpasses(count: number, from: number): object {
  const sites = Array.from({ length: count }, (_, i) => underpassName(i));
  const params = { mountHeightMm: MOUNT_MM };
  return {
    format: "aryk-registry/1",
    sites: sites.map((site, i) => place(site, "underpass", i)),
    boards: sites.map((site) => board(site, from)),
    calibrations: sites.map((site) => {
      return { site, property: "water-depth", model: "level-depth", params, from, by: "bench" };
    }),
  };
}

/** Registers eco-posts (and underpasses) in a hub's folder, through the registry's own import. */
export function provision(dataDir: string, things: number, floods = 0): void {
  const registry = Registry.open(join(dataDir, "registry.sqlite"), realClock);
  const from = Date.now() - 86_400_000;
  try {
    for (let first = 0; first < things; first += IMPORT_CHUNK)
      registry.import(ecoPosts(first, Math.min(things, first + IMPORT_CHUNK), from), "bench");
    if (floods > 0) registry.import(underpasses(floods, from), "bench");
  } finally {
    registry.close();
  }
}
