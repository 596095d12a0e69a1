import type { JSX } from "preact";
import type { Latest } from "../../api/views.js";
import type { PageWords } from "../../words/page.en.js";
import { districtName } from "../../words/words.js";
import { fill, quantity, time } from "../format.js";
import type { Condition, SiteState } from "../state.js";
import { Age } from "./age.js";
import { Icon } from "./icons.js";
import type { Moment } from "./live-page.js";
import { Reasons } from "./reasons.js";
import { useWords } from "./words.js";

const ICONS: Partial<Record<Condition, string>> = { alarm: "level2", raised: "full" };

function word(state: SiteState, w: PageWords, moment: Moment): string {
  const { condition, time: at } = state;
  if (condition === "closed") return w.closureStands;
  if (condition === "silent")
    return at === null ? w.never : fill(w.silent, { time: time(at, moment.now, moment.zoneMinutes) });
  const words = {
    alarm: w.overflowing,
    suspect: w.suspect,
    failed: w.failed,
    uncalibrated: w.uncalibratedShort,
    raised: w.full,
    calm: w.emptyEnough,
  };
  return words[condition];
}

interface ContainerRowProps {
  state: SiteState;
  /** What a load cell under it says; undefined where there is none. */
  weight: Latest | undefined;
  moment: Moment;
}

export function ContainerRow({ state, weight, moment }: ContainerRowProps): JSX.Element {
  const { w, language } = useWords();
  const { site, condition, value } = state;
  const blind = condition === "silent";
  const known = value !== null && !blind && condition !== "failed";
  const percent = value === null ? null : quantity(value, 0, w.percent, language);
  const weighs = weight !== undefined && weight.value !== null && weight.flag <= 2 && !blind;
  return (
    <li class={`card row ${condition}`} data-site={site.id} data-condition={condition}>
      <h3>
        {site.names[language]} <small>{districtName(language, site.district)}</small>
        {site.stream !== null && <small> {site.stream === 1 ? w.streams.dry : w.streams.wet}</small>}
      </h3>
      <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        {known && <rect width={Math.min(100, Math.max(0, value))} height="10" />}
      </svg>
      <p class="value" aria-label={w.fill}>
        {known && percent}
        {blind && percent !== null && <s>{fill(w.last, { value: percent })}</s>}
        {!known && !(blind && percent !== null) && "—"}
        {weighs && ` ${quantity(weight.value ?? 0, 0, w.kg, language)}`}
      </p>
      <span class="badge">
        <Icon name={ICONS[condition] ?? condition} />
        <b>{word(state, w, moment)}</b>
      </span>
      {blind && state.stands && (
        <span class="badge standing">
          <Icon name="level2" /> {w.overflowing}
        </span>
      )}
      {!blind && <Reasons flag={state.flag} why={state.why} />}
      <Age time={state.time} now={moment.now} />
    </li>
  );
}
