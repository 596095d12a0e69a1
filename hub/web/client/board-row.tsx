/** One board: what it says, what it is asked for, and the technician's buttons. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { BoardView, SessionView } from "../../api/views.js";
import { age, fill } from "../format.js";
import { post } from "./api.js";
import { useWords } from "./words.js";

interface BoardRowProps {
  board: BoardView;
  now: number;
  session: SessionView;
  /** Something was asked: what is shown is old. */
  onDone(): void;
}

/** An answer as lines of text: what it holds is the board's own, and has no words here. */
function reportLines(report: Record<string, unknown>): string[] {
  return Object.entries(report).flatMap(([name, value]): string[] => {
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return Object.entries(value).map(([inner, one]) => `${inner}: ${String(one)}`);
    return [`${name}: ${Array.isArray(value) ? value.join(" / ") : String(value)}`];
  });
}

function SettingsForm({ board, session, onDone }: Omit<BoardRowProps, "now">): JSX.Element {
  const { w } = useWords();
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [fault, setFault] = useState("");
  const names: Record<string, string> = w.settingNames;

  async function send(): Promise<void> {
    const settings = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, text.trim() === "" ? null : Number(text.replace(",", "."))]),
    );
    const answer = await post(`/api/v1/boards/${board.board}/settings`, { settings }, session.csrf);
    setFault(answer.ok ? "" : fill(w.failedAct, { why: answer.message || w.hubAway }));
    if (!answer.ok) return;
    setTexts({});
    onDone();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {board.may.map(({ name, least, most }) => (
        <label key={name}>
          {names[name] ?? name}
          <input
            inputMode="decimal"
            placeholder={w.usual}
            title={`${least} … ${most}`}
            value={texts[name] ?? board.desired.settings[name] ?? ""}
            onInput={(e) => setTexts({ ...texts, [name]: e.currentTarget.value })}
          />
        </label>
      ))}
      <p class="fault" role="alert">
        {fault}
      </p>
      <button type="submit" class="primary" disabled={Object.keys(texts).length === 0}>
        {w.set}
      </button>
    </form>
  );
}

export function BoardRow({ board, now, session, onDone }: BoardRowProps): JSX.Element {
  const { w } = useWords();
  const { reported, drift, asks, sheet } = board;
  const names: Record<string, string> = w.settingNames;
  const [fault, setFault] = useState("");

  async function ask(verb: "test" | "reboot"): Promise<void> {
    const answer = await post(`/api/v1/boards/${board.board}/asks`, { verb }, session.csrf);
    setFault(answer.ok ? "" : fill(w.failedAct, { why: answer.message || w.hubAway }));
    if (answer.ok) onDone();
  }

  return (
    <tr data-board={board.board} class={drift === null ? undefined : "differs"}>
      <th scope="row">
        {board.board} <small>{board.site ?? w.inStore}</small>
      </th>
      <td data-title={w.firmware}>
        {reported === null ? w.notHeard : `${reported.image} ${reported.version}`}
        {reported?.signalDbm !== undefined && <small> {reported.signalDbm} dBm</small>}
        {reported?.back !== undefined && <span class="why">{reported.back}</span>}
      </td>
      <td data-title={w.settings}>
        <span class="mark">{w.drifts[drift?.kind ?? "none"]}</span>
        {drift !== null && drift.names.length > 0 && (
          <span class="why">{drift.names.map((name) => names[name] ?? name).join("; ")}</span>
        )}
        {board.may.length > 0 && (
          <details>
            <summary>{w.settings}</summary>
            <SettingsForm board={board} session={session} onDone={onDone} />
          </details>
        )}
      </td>
      <td data-title={w.asks.test}>
        {(["test", "reboot"] as const).map((verb) => (
          <button key={verb} type="button" onClick={() => void ask(verb)}>
            {w.asks[verb]}
          </button>
        ))}
        {asks.map(({ verb, at, answer }) => (
          <div key={verb}>
            {w.asks[verb]}:{" "}
            {answer === null
              ? fill(w.askedAgo, { age: age(now - at, w) })
              : fill(w.answeredAgo, { age: age(now - answer.at, w) })}
            {answer !== null && (
              <ul class="why">
                {reportLines(answer.report).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            )}
          </div>
        ))}
        {sheet !== null && (
          <div>
            {fill(w.bench[sheet.result], { age: age(now - sheet.ended, w) })}
            {sheet.why !== "" && <span class="why">{sheet.why}</span>}
          </div>
        )}
        <p class="fault" role="alert">
          {fault}
        </p>
      </td>
    </tr>
  );
}
