/** Stopping a rollout, going on with it, and taking it back, which is asked twice: it changes every board that runs it. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Act } from "../../updates/progress.js";
import { fill } from "../format.js";
import { post } from "./api.js";
import type { RolloutProps } from "./rollout-card.js";
import { useWords } from "./words.js";

interface BackDialogProps {
  title: string;
  running: number;
  onCancel(): void;
  onConfirm(why: string): void;
}

function BackDialog({ title, running, onCancel, onConfirm }: BackDialogProps): JSX.Element {
  const { w } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [why, setWhy] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onCancel={onCancel} aria-labelledby="back-title">
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(why.trim());
        }}
      >
        <h2 id="back-title">
          {w.rollout.acts.back} <small>{title}</small>
        </h2>
        <p>{fill(w.rollout.backNote, { n: running })}</p>
        <label>
          {w.reason}
          <input required maxLength={200} pattern=".*\S.*" value={why} onInput={(e) => setWhy(e.currentTarget.value)} />
        </label>
        <button type="submit" class="primary">
          {fill(w.rollout.backFrom, { n: running })}
        </button>
        <button type="button" onClick={onCancel}>
          {w.cancel}
        </button>
      </form>
    </dialog>
  );
}

export function RolloutActs({ rollout, session, lost, onDone }: RolloutProps): JSX.Element {
  const { w } = useWords();
  const { id, at, may, name, version } = rollout;
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const title = name === null ? id : `${name} ${version ?? ""}`;
  const buttons = useRef<HTMLDivElement>(null);
  const acted = useRef(false);
  // The button that was pressed goes away with the change: who works by keyboard stays here.
  useEffect(() => {
    if (acted.current && document.activeElement === document.body) buttons.current?.querySelector("button")?.focus();
    acted.current = false;
  }, [at]);

  async function act(what: Act, why = ""): Promise<void> {
    setAsking(false);
    if (busy) return;
    setBusy(true);
    acted.current = true;
    const body = { act: what, seenAt: at, ...(why === "" ? {} : { why }) };
    const answer = await post(`/api/v1/rollouts/${id}/acts`, body, session.csrf);
    setBusy(false);
    if (answer.ok) {
      setFault("");
      return onDone(fill(w.rollout.done, { act: w.rollout.acts[what], name: title }));
    }
    acted.current = false;
    if (answer.code === "ROLLOUT_CHANGED") setFault(w.rollout.stale);
    else setFault(answer.status === 0 ? w.hubAway : fill(w.failedAct, { why: answer.message }));
  }
  return (
    <div class="acts" ref={buttons} aria-busy={busy}>
      {may.map((what) => (
        <button
          key={what}
          type="button"
          aria-label={`${w.rollout.acts[what]} (${title}, ${id})`}
          title={what === "stop" ? w.rollout.stopNote : undefined}
          disabled={lost}
          onClick={() => (what === "back" ? setAsking(true) : void act(what))}
        >
          {w.rollout.acts[what]}
          {what === "back" && " …"}
        </button>
      ))}
      <span role="alert" class="fault">
        {fault}
      </span>
      {asking && (
        <BackDialog
          title={title}
          running={rollout.running}
          onCancel={() => setAsking(false)}
          onConfirm={(why) => void act("back", why)}
        />
      )}
    </div>
  );
}
