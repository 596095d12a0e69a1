/** What a person may do to one alarm, with the question for a reason, and what the hub says to it. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Alarm } from "../../alerts/protocol.js";
import type { SessionView } from "../../api/views.js";
import { fill } from "../format.js";
import { closedWithoutWater } from "../state.js";
import { ActDialog } from "./act-dialog.js";
import type { DialogAct } from "./act-dialog.js";
import { post } from "./api.js";
import { useWords } from "./words.js";

/** Who looks, the hub's time, whether the line is cut (then nothing may be done), and who is told what was done. */
export interface Acting {
  session: SessionView;
  now: number;
  lost: boolean;
  /** An act is done: its row may be gone by now, and another stand in its place. */
  onDone(text: string): void;
}

interface AlarmActsProps {
  alarm: Alarm;
  /** Name of the place, for those who hear the buttons read out. */
  place: string;
  acting: Acting;
  /** Offers the shelf as well. */
  shelf: boolean;
}

/** A shelf may not be a moment longer than the hub allows, and the page knows the hub's time to a moment only. */
const SLACK_MS = 1000;

/** True if the person may change alarms. */
export function mayAct(session: SessionView): boolean {
  return session.person !== null && session.person.role !== "viewer";
}

export function AlarmActs({ alarm, place, acting, shelf }: AlarmActsProps): JSX.Element | null {
  const { w } = useWords();
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState<DialogAct | null>(null);
  const { session, lost } = acting;
  const buttons = useRef<HTMLSpanElement>(null);
  const acted = useRef(false);
  // The button that was pressed goes away with the change: who works by keyboard stays in this row.
  useEffect(() => {
    if (acted.current && document.activeElement === document.body) buttons.current?.querySelector("button")?.focus();
    acted.current = false;
  }, [alarm.revision]);
  if (!mayAct(session)) return null;

  const names = { ack: w.ack, reset: w.reset, shelve: w.shelve, unshelve: w.unshelve };
  async function act(type: keyof typeof names, more: { reason?: string; untilMs?: number } = {}): Promise<void> {
    setAsking(null);
    // A second tap on the way would be told that the alarm has changed.
    if (busy) return;
    setBusy(true);
    acted.current = true;
    const body = { type, expectedRevision: alarm.revision, ...more };
    const answer = await post(`/api/v1/alarms/${alarm.id}/acts`, body, session.csrf);
    setBusy(false);
    if (answer.ok) {
      acting.onDone(fill(w.done, { act: names[type], place }));
      return setFault("");
    }
    acted.current = false;
    if (answer.code === "STALE_REVISION") setFault(w.staleAct);
    else setFault(answer.status === 0 ? w.hubAway : fill(w.failedAct, { why: answer.message }));
  }
  const button = (text: string, onClick: () => void, primary = false): JSX.Element => (
    <button
      type="button"
      class={primary ? "primary" : undefined}
      aria-label={`${text} (${w.kinds[alarm.kind]}, ${place})`}
      disabled={lost}
      onClick={onClick}
    >
      {text}
    </button>
  );
  return (
    <span class="acts" ref={buttons} aria-busy={busy}>
      {(alarm.state === "UNACK" || alarm.state === "RTN_UNACK") && button(w.ack, () => void act("ack"), true)}
      {(alarm.state === "LATCHED" || closedWithoutWater(alarm)) &&
        button(w.reset, () => setAsking("reset"), alarm.state === "LATCHED")}
      {shelf && alarm.shelvedUntil !== null && button(w.unshelve, () => void act("unshelve"))}
      {shelf &&
        alarm.shelvedUntil === null &&
        alarm.state !== "NORM" &&
        button(`${w.shelve} …`, () => setAsking("shelve"))}
      <span role="alert" class="fault">
        {fault}
      </span>
      {asking !== null && (
        <ActDialog
          type={asking}
          title={place}
          high={alarm.peak >= 3}
          onCancel={() => setAsking(null)}
          onConfirm={(reason, minutes) => {
            const untilMs = Math.round(acting.now + minutes * 60_000 - SLACK_MS);
            void act(asking, { reason, ...(asking === "shelve" ? { untilMs } : {}) });
          }}
        />
      )}
    </span>
  );
}
