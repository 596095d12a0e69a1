import type { JSX } from "preact";
import type { Alarm } from "../../alerts/protocol.js";
import type { SiteLatest, SiteView } from "../../api/views.js";
import { alarmFigures, alarmHead, alarmState, floodLevel, onlyLast } from "../alarm-text.js";
import { fill, time } from "../format.js";
import { alarmOrder, closedWithoutWater, isSilent, newestTime } from "../state.js";
import { AlarmActs, mayAct } from "./alarm-acts.js";
import type { Acting } from "./alarm-acts.js";
import { Age } from "./age.js";
import { Icon } from "./icons.js";
import type { Moment } from "./live-page.js";
import { useWords } from "./words.js";

interface AlarmsProps {
  alarms: Alarm[];
  sites: SiteView[];
  latest: Record<string, SiteLatest>;
  moment: Moment;
  acting: Acting;
}

function iconOf(alarm: Alarm): string {
  if (closedWithoutWater(alarm)) return "closed";
  if (alarm.kind === "suspect" || alarm.kind === "sensor" || alarm.kind === "tilt") return "suspect";
  if (alarm.kind === "unknown" || alarm.kind === "silent") return "silent";
  if (alarm.kind === "overflow") return "level2";
  return alarm.level > 0 ? `level${alarm.level}` : "level2";
}

export function Alarms({ alarms, sites, latest, moment, acting }: AlarmsProps): JSX.Element {
  const { w, language } = useWords();
  const acts = mayAct(acting.session);
  const bySite = new Map(sites.map((site) => [site.id, site]));
  const nameOf = (alarm: Alarm): string => bySite.get(alarm.site)?.names[language] ?? alarm.site;
  const silent = (alarm: Alarm): boolean => {
    const site = bySite.get(alarm.site);
    return site !== undefined && isSilent(site, newestTime(latest[alarm.site]), moment.now);
  };
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
            class={`alarm ${alarm.kind} ${alarm.state.toLowerCase()}${floodLevel(alarm) > 0 ? ` level${floodLevel(alarm)}` : ""}`}
            data-alarm={`${alarm.site}/${alarm.kind}`}
          >
            <span class="badge">
              <Icon name={iconOf(alarm)} />
              <b>{alarmHead(alarm, w)}</b>
            </span>
            <span class="what">
              <b>{nameOf(alarm)}</b>{" "}
              <span class={onlyLast(alarm, silent(alarm)) ? undefined : "figure"}>
                {alarmFigures(alarm, latest[alarm.site], silent(alarm), w, language)}
              </span>
            </span>
            <span class="state">{alarmState(alarm, newestTime(latest[alarm.site]), w, moment)}</span>
            {alarm.raisedAt !== null && (
              <span class="since">
                {fill(w.since, { time: time(alarm.raisedAt, moment.now, moment.zoneMinutes) })}{" "}
                <span class="muted">
                  (<Age time={alarm.raisedAt} now={moment.now} />)
                </span>
              </span>
            )}
            <AlarmActs alarm={alarm} place={nameOf(alarm)} acting={acting} shelf />
          </li>
        ))}
      </ul>
    </section>
  );
}
