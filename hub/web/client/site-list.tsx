/** A list of sites, the urgent ones first. Long lists open with the most urgent and say how many there are. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { districtName } from "../../words/words.js";
import { fill } from "../format.js";
import { byUrgency } from "../state.js";
import type { SiteState } from "../state.js";
import { useWords } from "./words.js";

interface SiteListProps {
  id: string;
  title: string;
  summary: string;
  states: SiteState[];
  /** How many are shown at first. What stands in alarm or is blind is always shown. */
  atOnce: number;
  row(state: SiteState): JSX.Element;
}

export function SiteList({ id, title, summary, states, atOnce, row }: SiteListProps): JSX.Element {
  const { w, language } = useWords();
  const [all, setAll] = useState(false);
  const [wanted, setWanted] = useState("");
  const inAlarm = (s: SiteState): boolean => s.stands || s.closure !== null;
  const urgent = (s: SiteState): boolean => inAlarm(s) || s.condition === "silent";
  const alarm = states.filter(inAlarm).length;
  const blind = states.filter((s) => s.condition === "silent" && !inAlarm(s)).length;
  const text = wanted.trim().toLocaleLowerCase();
  const found = states
    .filter(
      (s) =>
        text === "" ||
        `${s.site.names[language]} ${s.site.id} ${districtName(language, s.site.district)}`
          .toLocaleLowerCase()
          .includes(text),
    )
    .sort(byUrgency);
  const least = Math.max(atOnce, Math.min(60, found.filter(urgent).length));
  const shown = all ? found : found.slice(0, least);
  return (
    <section class={id} aria-labelledby={`${id}-title`}>
      <div class="head">
        <h2 id={`${id}-title`}>{title}</h2>
        <p class="summary">{fill(summary, { alarm, blind, rest: states.length - alarm - blind })}</p>
        {states.length > atOnce && (
          <input
            type="search"
            placeholder={w.find}
            aria-label={`${w.find}: ${title}`}
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        )}
      </div>
      {states.length === 0 && <p class="muted">{w.noSites}</p>}
      <ul class="cards">{shown.map(row)}</ul>
      {found.length > least && (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? w.showFewer : fill(w.showAll, { n: found.length })}
        </button>
      )}
    </section>
  );
}
