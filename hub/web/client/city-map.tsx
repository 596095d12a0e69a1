/** The city with its sites: outline and districts drawn from the hub's own file, no tiles, no foreign server. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SiteLatest, SiteView } from "../../api/views.js";
import { place } from "../map/project.js";
import type { CityMap as City } from "../map/project.js";
import { isSilent, newestTime } from "../state.js";
import type { SiteState } from "../state.js";
import { get } from "./api.js";
import { useWords } from "./words.js";

interface CityMapProps {
  shown: SiteState[];
  /** Sites whose kind has no alarm of its own. */
  others: SiteView[];
  latest: Record<string, SiteLatest>;
  now: number;
}

/** Shapes as well as colours: a triangle for an alarm, a ring with a bar for a standing closure, a hollow square with a question mark for a blind site, a diamond for a doubtful one. */
function shape(mark: string, kind: string | null): string {
  if (mark === "alarm") return "M0-16L15 11H-15Z";
  if (mark === "closed") return "M0-11A11 11 0 1 1 0 11A11 11 0 1 1 0-11ZM-6 0H6";
  if (mark === "silent") return "M-9-9H9V9H-9Z";
  if (mark === "suspect" || mark === "failed") return "M0-11L11 0L0 11L-11 0Z";
  // There are ten times as many containers as anything else.
  if (kind === "waste") return "M0-3A3 3 0 1 1 0 3A3 3 0 1 1 0-3Z";
  return "M0-6A6 6 0 1 1 0 6A6 6 0 1 1 0-6Z";
}

/** The question mark in the mark of a blind site. */
const QUERY = "M-3.5-3A3.5 3.5 0 1 1 1.2 .2C.3 .6 0 1.2 0 2.4M0 4.6V6.4";
/** Marks of the legend, what is usual first. */
const LEGEND = ["calm", "raised", "alarm", "closed", "silent", "suspect", "uncalibrated"] as const;

function Legend(): JSX.Element {
  const { w } = useWords();
  return (
    <ul class="legend">
      {LEGEND.map((mark) => (
        <li key={mark}>
          <svg viewBox="-17 -17 34 34" aria-hidden="true">
            <path class={`dot ${mark}`} d={shape(mark, null)} />
            {mark === "silent" && <path class="query" d={QUERY} />}
          </svg>
          {w.marks[mark]}
        </li>
      ))}
    </ul>
  );
}

/** The part of the sheet in which the sites stand, with a margin, and never less than a third of the city. */
function windowOn(city: City, sites: SiteView[]): string {
  if (sites.length === 0) return `0 0 ${city.width} ${city.height}`;
  const places = sites.map((site) => place(city, site.lat, site.lon));
  const stretch = (values: number[], whole: number): [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const size = Math.max((high - low) * 1.2, whole / 3);
    return [(low + high - size) / 2, size];
  };
  const [x, width] = stretch(
    places.map((p) => p.x),
    city.width,
  );
  const [y, height] = stretch(
    places.map((p) => p.y),
    city.height,
  );
  return [x, y, width, height].map((n) => n.toFixed(0)).join(" ");
}

/** So that what matters is drawn on top. */
const LAYERS = ["calm", "uncalibrated", "raised", "failed", "suspect", "silent", "closed", "alarm"];

export function CityMap({ shown, others, latest, now }: CityMapProps): JSX.Element {
  const { w, language } = useWords();
  const [city, setCity] = useState<City | null>(null);
  useEffect(() => void get<City>("/map.json").then((answer) => answer.ok && setCity(answer.value)), []);
  const dots = [
    ...shown.map(({ site, condition, level, stands }) => ({ site, level, mark: stands ? "alarm" : condition })),
    ...others.map((site) => {
      const silent = isSilent(site, newestTime(latest[site.id]), now);
      return { site, level: 0, mark: silent ? "silent" : "calm" };
    }),
  ].sort((a, b) => LAYERS.indexOf(a.mark) - LAYERS.indexOf(b.mark) || a.level - b.level);
  return (
    <section class="map">
      <div class="head">
        <h2>{w.map}</h2>
      </div>
      {city !== null && (
        <svg
          viewBox={windowOn(
            city,
            dots.map((dot) => dot.site),
          )}
          role="img"
          aria-label={w.mapNote}
        >
          <path class="outline" d={city.outline} />
          {city.districts.map((district) => (
            <path key={district.slug} class="district" d={district.path} />
          ))}
          {dots.map(({ site, mark, level }) => {
            const { x, y } = place(city, site.lat, site.lon);
            return (
              <g key={site.id} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
                <title>{site.names[language]}</title>
                <path class={`dot ${mark}${level > 0 ? ` level${level}` : ""}`} d={shape(mark, site.kind)} />
                {mark === "silent" && <path class="query" d={QUERY} />}
              </g>
            );
          })}
        </svg>
      )}
      <Legend />
      <p class="attribution">© OpenStreetMap contributors</p>
    </section>
  );
}
