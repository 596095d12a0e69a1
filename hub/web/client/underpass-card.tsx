import type { JSX } from "preact";
import type { PageWords } from "../../words/page.en.js";
import { districtName } from "../../words/words.js";
import { fill, quantity, time } from "../format.js";
import type { SiteState } from "../state.js";
import { Age } from "./age.js";
import { AlarmActs } from "./alarm-acts.js";
import type { Acting } from "./alarm-acts.js";
import { Icon } from "./icons.js";
import type { Moment } from "./live-page.js";
import { Reasons } from "./reasons.js";
import { useWords } from "./words.js";

/** Depth at which the mark stands at the end of the gauge. */
const GAUGE_MM = 300;
const MARKS_MM = [50, 100, 150];

function word(state: SiteState, w: PageWords, moment: Moment): string {
  const { condition, level, time: at } = state;
  if (condition === "silent")
    return at === null ? w.never : fill(w.silent, { time: time(at, moment.now, moment.zoneMinutes) });
  if (condition === "alarm") return level > 0 ? w.levels[level] : w.wet;
  const words = {
    closed: w.closureStands,
    suspect: w.suspect,
    failed: w.failed,
    uncalibrated: w.uncalibrated,
    raised: w.wet,
    calm: w.dry,
  };
  return words[condition];
}

interface UnderpassCardProps {
  state: SiteState;
  moment: Moment;
  acting: Acting;
}

export function UnderpassCard({ state, moment, acting }: UnderpassCardProps): JSX.Element {
  const { w, language } = useWords();
  const { site, condition, level, value, closure } = state;
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
        <span class="badge standing">
          <Icon name={`level${level}`} /> {w.levels[level]}
        </span>
      )}
      {closure !== null && condition !== "closed" && (
        <span class="badge standing">
          <Icon name="closed" /> {w.closureStands}
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
      {!blind && <Reasons flag={state.flag} why={state.why} />}
      {closure !== null && <p class="note">{w.closureNote}</p>}
      <Age time={state.time} now={moment.now} />
      {closure !== null && <AlarmActs alarm={closure} place={site.names[language]} acting={acting} shelf={false} />}
    </li>
  );
}
