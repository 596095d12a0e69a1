import type { JSX } from "preact";
import type { PageWords } from "../../words/page.en.js";
import { districtName } from "../../words/words.js";
import { fill, quantity, time } from "../format.js";
import type { SiteState } from "../state.js";
import { Age } from "./age.js";
import { Icon } from "./icons.js";
import type { Moment } from "./live-page.js";
import { useWords } from "./words.js";

/** Depth at which the mark stands at the end of the gauge. */
const GAUGE_MM = 300;
const MARKS_MM = [50, 100, 150];

function word(state: SiteState, w: PageWords, moment: Moment): string {
  const { condition, level, time: at } = state;
  if (condition === "silent")
    return at === null ? w.never : fill(w.silent, { time: time(at, moment.now, moment.zoneMinutes) });
  if (condition === "alarm") return level > 0 ? w.levels[level] : w.wet;
  const words = { suspect: w.suspect, failed: w.failed, uncalibrated: w.uncalibrated, raised: w.wet, calm: w.dry };
  return words[condition];
}

export function UnderpassCard({ state, moment }: { state: SiteState; moment: Moment }): JSX.Element {
  const { w, language } = useWords();
  const { site, condition, level, value } = state;
  const blind = condition === "silent";
  const known = value !== null && !blind && condition !== "failed";
  const depth = value === null ? null : quantity(Math.max(0, value) / 10, 0, w.cm, language);
  return (
    <li class={`card ${condition}${level > 0 ? ` level${level}` : ""}`} data-site={site.id} data-condition={condition}>
      <span class="badge">
        <Icon name={condition === "alarm" && level > 0 ? `level${level}` : condition} />
        <b>{word(state, w, moment)}</b>
      </span>
      {blind && level > 0 && (
        <span class="badge held">
          <Icon name={`level${level}`} /> {w.levels[level]}
        </span>
      )}
      <h3>
        {site.names[language]} <small>{districtName(language, site.district)}</small>
      </h3>
      <p class="value" aria-label={w.depth}>
        {known && depth}
        {blind && depth !== null && <s>{fill(w.last, { value: depth })}</s>}
        {!known && !(blind && depth !== null) && "—"}
      </p>
      <svg class="gauge" viewBox="0 0 300 10" preserveAspectRatio="none" aria-hidden="true">
        {known && <rect width={Math.min(GAUGE_MM, Math.max(0, value))} height="10" />}
        {MARKS_MM.map((mm) => (
          <path key={mm} d={`M${mm} 0v10`} />
        ))}
      </svg>
      <Age time={state.time} now={moment.now} />
    </li>
  );
}
