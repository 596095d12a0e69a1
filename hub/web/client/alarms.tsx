import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Alarm } from "../../alerts/protocol.js";
import type { SessionView, SiteView } from "../../api/views.js";
import type { PageWords } from "../../words/page.en.js";
import { fill, quantity, time } from "../format.js";
import type { Language } from "../format.js";
import { alarmOrder } from "../state.js";
import { ActDialog } from "./act-dialog.js";
import type { DialogAct } from "./act-dialog.js";
import { post } from "./api.js";
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
  if (alarm.shelvedUntil !== null)
    words.push(fill(w.shelvedUntil, { time: at(alarm.shelvedUntil), reason: alarm.shelvedWhy ?? "—" }));
  if (alarm.suppressedUntil !== null) words.push(fill(w.suppressedUntil, { time: at(alarm.suppressedUntil) }));
  return words.join("; ");
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

/** A shelf may not be a moment longer than the hub allows, and the page knows the hub's time to a moment only. */
const SLACK_MS = 1000;

export function Alarms({ alarms, sites, session, moment, lost }: AlarmsProps): JSX.Element {
  const { w, language } = useWords();
  const [fault, setFault] = useState("");
  const [asking, setAsking] = useState<{ alarm: Alarm; type: DialogAct } | null>(null);
  const mayAct = session.person !== null && session.person.role !== "viewer";
  const names = new Map(sites.map((site) => [site.id, site.names[language]]));
  const sorted = [...alarms].sort(alarmOrder);

  async function act(alarm: Alarm, type: string, more: { reason?: string; untilMs?: number } = {}): Promise<void> {
    setAsking(null);
    const body = { type, expectedRevision: alarm.revision, ...more };
    const answer = await post(`/api/v1/alarms/${alarm.id}/acts`, body, session.csrf);
    if (answer.ok) setFault("");
    else if (answer.code === "STALE_REVISION") setFault(w.staleAct);
    else setFault(answer.status === 0 ? w.hubAway : fill(w.failedAct, { why: answer.message }));
  }

  return (
    <section class="alarms" aria-labelledby="alarms-title">
      <div class="head">
        <h2 id="alarms-title">
          {w.alarms} {sorted.length > 0 && <span class="count">{sorted.length}</span>}
        </h2>
        {!mayAct && sorted.length > 0 && <p class="summary">{w.needsOperator}</p>}
      </div>
      <p role="alert" class="fault">
        {fault}
      </p>
      {sorted.length === 0 && (
        <p class="none">
          <Icon name="calm" /> {w.noAlarms}
        </p>
      )}
      <ul aria-live="polite" aria-relevant="additions">
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
              <b>{names.get(alarm.site) ?? alarm.site}</b> {figures(alarm, w, language)}
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
            {mayAct && (
              <span class="acts">
                {(alarm.state === "UNACK" || alarm.state === "RTN_UNACK") && (
                  <button type="button" class="primary" disabled={lost} onClick={() => void act(alarm, "ack")}>
                    {w.ack}
                  </button>
                )}
                {alarm.state === "LATCHED" && (
                  <button
                    type="button"
                    class="primary"
                    disabled={lost}
                    onClick={() => setAsking({ alarm, type: "reset" })}
                  >
                    {w.reset}
                  </button>
                )}
                {alarm.shelvedUntil !== null ? (
                  <button type="button" disabled={lost} onClick={() => void act(alarm, "unshelve")}>
                    {w.unshelve}
                  </button>
                ) : (
                  alarm.state !== "NORM" && (
                    <button type="button" disabled={lost} onClick={() => setAsking({ alarm, type: "shelve" })}>
                      {w.shelve}
                    </button>
                  )
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
      {asking !== null && (
        <ActDialog
          type={asking.type}
          title={names.get(asking.alarm.site) ?? asking.alarm.site}
          high={asking.alarm.peak >= 3}
          onCancel={() => setAsking(null)}
          onConfirm={(reason, minutes) =>
            void act(asking.alarm, asking.type, {
              reason,
              ...(asking.type === "shelve" ? { untilMs: Math.round(moment.now + minutes * 60_000 - SLACK_MS) } : {}),
            })
          }
        />
      )}
    </section>
  );
}
