/**
 * The sirens: how each is, and the two steps by which a person sounds one. The button that takes an arming back stands
 * where the one that armed it stood, so that a tap too many sounds nothing; silence is never out of reach.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SirenView, SiteView } from "../../api/views.js";
import { age, fill, time } from "../format.js";
import { mayAct } from "./alarm-acts.js";
import type { Acting } from "./alarm-acts.js";
import { post } from "./api.js";
import { Icon } from "./icons.js";
import type { Moment } from "./live-page.js";
import { useWords } from "./words.js";

const ICONS = { safe: "calm", armed: "beacon", firing: "siren", fault: "failed", unknown: "silent" };
interface SirensProps {
  sirens: SirenView[];
  sites: SiteView[];
  moment: Moment;
  acting: Acting;
}

export function Sirens({ sirens, sites, moment, acting }: SirensProps): JSX.Element {
  const { w, language } = useWords();
  const nameOf = (siren: SirenView): string => sites.find(({ id }) => id === siren.site)?.names[language] ?? siren.site;
  const count = (...states: SirenView["state"][]): number =>
    sirens.filter(({ state }) => states.includes(state)).length;
  // By name, whatever their state: a row that moved under a finger would bring another siren's button there.
  const sorted = [...sirens].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  return (
    <section class="sirens" aria-labelledby="sirens-title">
      <div class="head">
        <h2 id="sirens-title">{w.sirens}</h2>
        <p class="summary">{fill(w.summarySirens, { firing: count("firing"), ill: count("fault", "unknown") })}</p>
      </div>
      <ul aria-live="polite" aria-relevant="additions text">
        {sorted.map((siren) => (
          <SirenRow key={siren.site} siren={siren} place={nameOf(siren)} moment={moment} acting={acting} />
        ))}
      </ul>
    </section>
  );
}

interface SirenRowProps {
  siren: SirenView;
  place: string;
  moment: Moment;
  acting: Acting;
}

function SirenRow({ siren, place, moment, acting }: SirenRowProps): JSX.Element {
  const { w } = useWords();
  const { state, by, since, until } = siren;
  const note = state === "armed" ? w.sirenArmedNote : (w.sirenWhys as Record<string, string | undefined>)[siren.why];
  const person = by === "hub" ? w.hub : by;
  return (
    <li data-siren={siren.site} data-state={state}>
      <span class="badge">
        <Icon name={ICONS[state]} />
        <b>{w.sirenStates[state]}</b>
      </span>
      <span class="what">
        <b>{place}</b>{" "}
        <span class="muted">{fill(w.sirenBy, { person, time: time(since, moment.now, moment.zoneMinutes) })}</span>
        {note !== undefined && <span class="note">{note}</span>}
      </span>
      {until !== null && (
        <span class="left" aria-live="off">
          {fill(w.sirenLeft, { time: age(until - moment.now, w) })}
        </span>
      )}
      {mayAct(acting.session) && <SirenActs siren={siren} place={place} acting={acting} />}
    </li>
  );
}

type Step = "arm" | "fire" | "silence";

function SirenActs({ siren, place, acting }: Omit<SirenRowProps, "moment">): JSX.Element {
  const { w } = useWords();
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const { session, lost } = acting;
  const { state, arming } = siren;
  const buttons = useRef<HTMLSpanElement>(null);
  const acted = useRef(false);
  // The button that was pressed goes away with the change: who works by keyboard stays in this row.
  useEffect(() => {
    if (acted.current && document.activeElement === document.body) buttons.current?.querySelector("button")?.focus();
    acted.current = false;
  }, [state, arming]);

  async function order(step: Step): Promise<void> {
    // A second tap on the way; but nothing holds silence up.
    if (busy && step !== "silence") return;
    setBusy(true);
    setFault("");
    acted.current = true;
    const path = `/api/v1/sirens/${encodeURIComponent(siren.site)}/${step}`;
    const answer = await post(path, step === "fire" ? { arming } : {}, session.csrf);
    setBusy(false);
    // What was done is seen in the row itself.
    if (answer.ok) return;
    const why = (w.sirenRefusals as Record<string, string | undefined>)[answer.code] ?? answer.message;
    if (answer.waitS !== undefined) return setFault(fill(w.tooManyTries, { seconds: answer.waitS }));
    setFault(answer.status === 0 ? w.hubAway : fill(w.failedAct, { why }));
  }
  const button = (step: Step, name: string, look?: "primary" | "danger"): JSX.Element => (
    <button
      type="button"
      class={look}
      aria-label={`${name} (${place})`}
      disabled={lost && step !== "silence"}
      onClick={() => void order(step)}
    >
      {name}
    </button>
  );
  return (
    <span class="acts" ref={buttons} aria-busy={busy}>
      {state === "safe" && button("arm", w.sirenArm)}
      {state === "armed" && button("silence", w.sirenDisarm)}
      {state === "armed" && button("fire", w.sirenFire, "danger")}
      {state === "fault" && button("silence", w.sirenReset)}
      {(state === "firing" || state === "unknown") && button("silence", w.sirenSilence, "primary")}
      <span role="alert" class="fault">
        {fault}
      </span>
    </span>
  );
}
