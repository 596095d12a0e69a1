/** Asks for what an act needs besides the person: its reason, and for a shelf how long. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWords } from "./words.js";

export type DialogAct = "reset" | "shelve";

interface ActDialogProps {
  type: DialogAct;
  title: string;
  /** The alarm has been at closure or above: it may not be shelved for longer than an hour. */
  high: boolean;
  onCancel(): void;
  onConfirm(reason: string, minutes: number): void;
}

const MINUTES = [15, 30, 60, 120, 240, 480];
const HOUR = 60;

export function ActDialog({ type, title, high, onCancel, onConfirm }: ActDialogProps): JSX.Element {
  const { w } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState(MINUTES[1]);
  useEffect(() => dialog.current?.showModal(), []);
  // The button says what it does: "Confirm" alone is pressed by habit.
  const name = type === "reset" ? w.reset : w.shelve;
  const choices = MINUTES.filter((m) => !high || m <= HOUR);
  return (
    <dialog ref={dialog} onCancel={onCancel} aria-labelledby="act-title">
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(reason.trim(), minutes);
        }}
      >
        <h2 id="act-title">
          {name} <small>{title}</small>
        </h2>
        {type === "reset" && <p>{w.resetNote}</p>}
        <label>
          {w.reason}
          <input
            required
            maxLength={500}
            pattern=".*\S.*"
            value={reason}
            onInput={(e) => setReason(e.currentTarget.value)}
          />
        </label>
        {type === "shelve" && (
          <label>
            {w.forHowLong}
            <select value={minutes} onChange={(e) => setMinutes(Number(e.currentTarget.value))}>
              {choices.map((m) => (
                <option key={m} value={m}>
                  {m <= HOUR ? `${m} ${w.unitMinute}` : `${m / HOUR} ${w.unitHour}`}
                </option>
              ))}
            </select>
          </label>
        )}
        <button type="submit" class="primary">
          {name}
        </button>
        <button type="button" onClick={onCancel}>
          {w.cancel}
        </button>
      </form>
    </dialog>
  );
}
