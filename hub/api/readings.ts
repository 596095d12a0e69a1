/** What is measured, where, and how old it is. */
import type { FastifyInstance } from "fastify";
import { siteType } from "../../hardware/sites.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import type { Clock } from "../clock.js";
import type { UnixMs } from "../model.js";
import type { SeriesPoint } from "../outputs/history.js";
import type { LiveBoard } from "./live.js";
import type { SiteLatest, SiteView } from "./views.js";

/** A site as the registry keeps it. */
export interface SiteRow {
  id: string;
  type: string;
  names: { kk: string; ru: string; en: string };
  district: string;
  lat: number;
  lon: number;
  /** `cadenceS`, if the site has a cadence of its own. */
  settings: Record<string, number>;
}

/** The part of the registry that people read. */
export interface SiteBook {
  sites(): SiteRow[];
  boardsAt(site: string, at: UnixMs): string[];
  /** The longest time between two packs there, in seconds, as its boards say it. */
  periodAt(site: string): number | undefined;
  onChange(fn: () => void): () => void;
}

/** The part of the history that people read. At most `maxPoints` points; thinned ones carry their least and greatest. */
export interface SeriesSource {
  series(site: string, property: string, from: UnixMs, to: UnixMs, maxPoints: number): Promise<SeriesPoint[]>;
}

/** Packs that may be missed before a site counts as silent. */
const CADENCES = 3;

/** @param periodS the longest time between two packs, as the site's boards say it */
export function siteView(site: SiteRow, periodS: number | undefined): SiteView {
  const type = siteType(site.type);
  const { id, names, district, lat, lon } = site;
  const cadenceS =
    type === undefined ? null : (site.settings.cadenceS ?? Math.max(type.sampling.drySeconds, periodS ?? 0));
  return {
    ...{ id, type: site.type, names, district, lat, lon },
    kind: type?.kind ?? null,
    cadenceS,
    silentAfterS: cadenceS === null ? null : cadenceS * CADENCES,
    stream: (type?.streams === true ? site.settings.stream : undefined) ?? null,
  };
}

/** Time of the newest reading of a site, or null if it never sent one. */
function newest(latest: SiteLatest | undefined): UnixMs | null {
  const times = Object.values(latest ?? {}).map((one) => one.time);
  return times.length === 0 ? null : Math.max(...times);
}

const DAY = 86_400_000;
const LONGEST_DAYS = 400;

const SERIES = {
  type: "object",
  required: ["site", "property"],
  properties: {
    site: { type: "string", minLength: 1, maxLength: 64 },
    property: { enum: PROPERTIES.map((p) => p.name) },
    from: { type: "integer", minimum: 0 },
    to: { type: "integer", minimum: 0 },
    points: { type: "integer", minimum: 2, maximum: 5000, default: 500 },
  },
};

export function addReadings(
  app: FastifyInstance,
  deps: { registry: SiteBook; history: SeriesSource; board: LiveBoard; clock: Clock },
): void {
  const { registry, history, board, clock } = deps;

  const viewOf = (row: SiteRow): SiteView => siteView(row, registry.periodAt(row.id));
  app.get("/api/v1/sites", async () => ({ sites: registry.sites().map(viewOf) }));

  app.get("/api/v1/latest", async () => {
    board.catchUp();
    return { now: clock.now(), cursor: board.cursor(), latest: board.all() };
  });

  app.get("/api/v1/ages", async () => {
    board.catchUp();
    const now = clock.now();
    const ages = registry.sites().map((row) => {
      const site = viewOf(row);
      const last = newest(board.site(site.id));
      const ageS = last === null ? null : Math.max(0, Math.round((now - last) / 1000));
      const silent = ageS === null || site.silentAfterS === null ? null : ageS > site.silentAfterS;
      return { site: site.id, boards: registry.boardsAt(site.id, now), last, ageS, cadenceS: site.cadenceS, silent };
    });
    return { now, ages };
  });

  app.get<{ Querystring: { site: string; property: string; from?: number; to?: number; points: number } }>(
    "/api/v1/series",
    { schema: { querystring: SERIES } },
    async (request, reply) => {
      const { site, property, points } = request.query;
      const to = request.query.to ?? clock.now();
      const from = request.query.from ?? to - DAY;
      if (from >= to || to - from > LONGEST_DAYS * DAY)
        return reply
          .code(400)
          .send({ code: "BAD_RANGE", message: `from must be before to, at most ${LONGEST_DAYS} days` });
      if (!registry.sites().some((one) => one.id === site))
        return reply.code(404).send({ code: "NO_SUCH_SITE", message: "no site of that id" });
      const unit = PROPERTIES.find((p) => p.name === property)?.unit;
      return { site, property, unit, from, to, points: await history.series(site, property, from, to, points) };
    },
  );
}
