/** Small joints between the rooms: what one room calls a thing, told to another in its own words. */
import { WATER_DEPTH } from "../firmware/wire/properties.js";
import { mountOf } from "../hardware/mounts/index.js";
import { siteType, type SiteType } from "../hardware/sites.js";
import type { Logger } from "pino";
import type { RuleSite } from "./alerts/rule.js";
import { seesFromMm } from "./calibration/index.js";
import type { Journal } from "./journal.js";
import type { SiteId } from "./model.js";
import { ahead, onlyHistory } from "./newest.js";
import type { PointPlaces, PointSite } from "./outputs/line-protocol.js";
import type { Quality } from "./quality/index.js";
import type { Registry, Site } from "./registry.js";
import { mqttPassword } from "./secrets.js";
import { sameTag } from "../firmware/wire/seal.js";

/** The least that each of a site's depths shows for certain, where several principles give one; undefined where not. */
function seesOf(registry: Registry, { id, type }: Pick<Site, "id" | "type">): RuleSite["sees"] {
  const depths = (siteType(type)?.derived ?? []).filter((property) => property.startsWith(WATER_DEPTH.name));
  if (depths.length < 2) return undefined;
  const records = depths.map((property) => [property, registry.calibrationAt(id, property, Infinity)] as const);
  if (!records.some(([property, record]) => property !== WATER_DEPTH.name && record !== undefined)) return undefined;
  const sees: [string, number][] = [];
  for (const [property, record] of records) {
    const fromMm = record === undefined ? null : seesFromMm(record);
    if (fromMm !== null) sees.push([property, fromMm]);
  }
  return Object.fromEntries(sees);
}

/** How far posts of a type may lean, where the rule for that watches them; undefined where not. */
function tiltMaxOf(type: SiteType): RuleSite["tiltMaxDeg"] {
  return type.rules.includes("tilt") ? mountOf(type.name)?.tiltMaxDeg : undefined;
}

/** The registry's sites as the rules know them. Of their calibration records the newest counts. */
export function ruleSites(registry: Registry): RuleSite[] {
  return registry.sites().flatMap((site): RuleSite[] => {
    const type = siteType(site.type);
    if (type === undefined) return [];
    const { id, district, settings } = site;
    const cadenceS = settings.cadenceS ?? Math.max(type.sampling.drySeconds, registry.periodAt(id) ?? 0);
    const sees = seesOf(registry, site);
    const tiltMaxDeg = tiltMaxOf(type);
    const more = { ...(sees === undefined ? {} : { sees }), ...(tiltMaxDeg === undefined ? {} : { tiltMaxDeg }) };
    return [{ id, type: type.name, district, cadenceS, settings, ...more }];
  });
}

/** The same, asked for with every batch: made anew only when the registry has changed, the same list until then. */
export function followRuleSites(registry: Registry): () => RuleSite[] {
  let sites: RuleSite[] | null = null;
  registry.onChange(() => (sites = null));
  return () => (sites ??= ruleSites(registry));
}

/** The registry's sites and boards as InfluxDB's points name them. */
export function pointPlaces(registry: Registry): PointPlaces {
  // A site that is stated anew is another object.
  const known = new WeakMap<Site, PointSite>();
  return {
    pointSite(id: SiteId) {
      const site = registry.site(id);
      if (site === undefined) return undefined;
      let point = known.get(site);
      if (point !== undefined) return point;
      const type = siteType(site.type);
      if (type === undefined) return undefined;
      point = { kind: type.kind, type: type.name, district: site.district };
      known.set(site, point);
      return point;
    },
    boardNumber: (board) => registry.boardNumber(board),
  };
}

/** Whether a board at an MQTT broker is who it says: any of its keys that is in force will do. */
export function boardLogin(registry: Registry): (board: string, password: string) => boolean {
  return (board, password) => {
    let right = false;
    for (const key of registry.keysOf(board)) if (sameTag(mqttPassword(board, key), password)) right = true;
    return right;
  };
}

/** Entries behind the head that a starting hub looks at to remember what its series did last. */
const WARM_ENTRIES = 20_000;

/** Lets the quality tests take up where they were: spikes, rates and flat lines need what came before. */
export function warmQuality(quality: Quality, journal: Journal, now: number): void {
  const series = new Map<string, { site: string; property: string; points: Parameters<Quality["warm"]>[2] }>();
  const head = journal.head().id;
  for (let after = Math.max(0, head - WARM_ENTRIES); after < head;) {
    const entries = journal.read(after, 1000);
    if (entries.length === 0) break;
    after = entries[entries.length - 1].id;
    for (const entry of entries) {
      if (entry.kind !== "pack" || entry.site === null) continue;
      // Taken in by a clock that ran ahead: nothing could come after it.
      if (ahead(entry.time, now) || onlyHistory(entry.timeWhy)) continue;
      for (const o of entry.observations) {
        if (o.calibration !== 0 || o.value === null) continue;
        const key = `${entry.site}/${o.property}`;
        const one = series.get(key) ?? { site: entry.site, property: o.property, points: [] };
        one.points.push({ time: entry.time, value: o.value, flag: o.flag });
        series.set(key, one);
      }
    }
  }
  for (const { site, property, points } of series.values()) quality.warm(site, property, points);
}

/** How this machine itself reaches a server that may listen on every address. */
export function localUrl(url: string): string {
  const local = new URL(url);
  if (local.hostname === "0.0.0.0") local.hostname = "127.0.0.1";
  if (local.hostname === "[::]") local.hostname = "[::1]";
  return local.origin;
}

/** Whether sites of this type can raise an alarm of level 3 or 4: of the rules, only the flood rule does. */
export function raisesClosure(type: string | undefined): boolean {
  return type !== undefined && siteType(type)?.rules.includes("flood") === true;
}

/** A drain's log as lines of the hub's. */
export function drainLog(log: Logger): (level: "info" | "warn" | "error", message: string, detail?: object) => void {
  return (level, message, detail) => log[level](detail ?? {}, message);
}

/** A configuration's options without those that were left open (null): a default of the part itself then stands. */
export function given<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const set = Object.entries(options).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(set) as { [K in keyof T]?: NonNullable<T[K]> };
}
