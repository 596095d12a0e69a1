import type { JSX } from "preact";
import type { Alarm } from "../../alerts/protocol.js";
import type { SessionView, SiteView } from "../../api/views.js";
import type { PageWords } from "../../words/page.en.js";
import { fill, quantity, time } from "../format.js";
import type { Language } from "../format.js";
import { alarmOrder, closureStands } from "../state.js";
import { AlarmActs, mayAct } from "./alarm-acts.js";
import { Age } from "./age.js";
import { Icon } from "./icons.js";
import type { Moment } from "./live-page.js";
import { useWords } from "./words.js";

interface AlarmsProps {
  alarms: Alarm[];
  sites: SiteView[];
  session: SessionView;
  moment: Moment;
  lost: boolean;
}

function figures(alarm: Alarm, w: PageWords, language: Language): string {
  const { depthMm, fillPercent } = alarm.figures;
  const blind = alarm.kind === "unknown" || alarm.kind === "silent";
  if (depthMm !== undefined && blind) return fill(w.last, { value: quantity(depthMm / 10, 0, w.cm, language) });
  if (depthMm !== undefined) return quantity(depthMm / 10, 0, w.cm, language);
  return fillPercent !== undefined ? quantity(fillPercent, 0, w.percent, language) : "";
}

function stateWords(alarm: Alarm, w: PageWords, moment: Moment): string {
  const at = (ms: number): string => time(ms, moment.now, moment.zoneMinutes);
  const words = [fill(w.states[alarm.state], { person: alarm.ackedBy ?? "—" })];
  if (closureStands(alarm)) words.push(w.closureNote);
  if (alarm.shelvedUntil !== null)
    words.push(fill(w.shelvedUntil, { time: at(alarm.shelvedUntil), reason: alarm.shelvedWhy ?? "—" }));
  if (alarm.suppressedUntil !== null) words.push(fill(w.suppressedUntil, { time: at(alarm.suppressedUntil) }));
  return words.join(" · ");
}

function iconOf(alarm: Alarm): string {
  if (alarm.kind === "suspect") return "suspect";
  if (alarm.kind === "unknown" || alarm.kind === "silent") return "silent";
  if (alarm.kind === "overflow") return "level2";
  return alarm.level > 0 ? `level${alarm.level}` : "level2";
}

/** Level in the words of floods; 0 for kinds that have none. */
function floodLevel(alarm: Alarm): number {
  return alarm.kind === "flood" ? alarm.level : 0;
}

export function Alarms({ alarms, sites, session, moment, lost }: AlarmsProps): JSX.Element {
  const { w, language } = useWords();
  const acts = mayAct(session);
  const names = new Map(sites.map((site) => [site.id, site.names[language]]));
  const nameOf = (alarm: Alarm): string => names.get(alarm.site) ?? alarm.site;
  const sorted = [...alarms].sort(alarmOrder);
  return (
    <section class="alarms" aria-labelledby="alarms-title">
      <div class="head">
        <h2 id="alarms-title">
          {w.alarms} {sorted.length > 0 && <span class="count">{sorted.length}</span>}
        </h2>
        {!acts && sorted.length > 0 && <p class="summary">{w.needsOperator}</p>}
      </div>
      {sorted.length === 0 && (
        <p class="none">
          <Icon name="calm" /> {w.noAlarms}
        </p>
      )}
      <ul class={acts ? "acting" : undefined} aria-live="polite" aria-relevant="additions">
        {sorted.map((alarm) => (
          <li
            key={alarm.id}
            class={`alarm ${alarm.kind} ${alarm.state.toLowerCase()}${floodLevel(alarm) > 0 ? ` level${alarm.level}` : ""}`}
            data-alarm={`${alarm.site}/${alarm.kind}`}
          >
            <span class="badge">
              <Icon name={iconOf(alarm)} />
              <b>
                {w.kinds[alarm.kind]}
                {floodLevel(alarm) > 0 && `: ${w.levels[alarm.level]}`}
              </b>
            </span>
            <span class="what">
              <b>{nameOf(alarm)}</b> {figures(alarm, w, language)}
            </span>
            <span class="state">{stateWords(alarm, w, moment)}</span>
            {alarm.raisedAt !== null && (
              <span class="since">
                {fill(w.since, { time: time(alarm.raisedAt, moment.now, moment.zoneMinutes) })}{" "}
                <span class="muted">
                  (<Age time={alarm.raisedAt} now={moment.now} />)
                </span>
              </span>
            )}
            <AlarmActs alarm={alarm} place={nameOf(alarm)} acting={{ session, lost, now: moment.now }} shelf />
          </li>
        ))}
      </ul>
    </section>
  );
}
