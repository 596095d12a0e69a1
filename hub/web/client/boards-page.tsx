/** Boards for technicians: what runs on them, whether they are set as asked, and asking them. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { BoardView, SessionView } from "../../api/views.js";
import { fill } from "../format.js";
import { get } from "./api.js";
import { BoardRow } from "./board-row.js";
import { useWords } from "./words.js";

interface Shown {
  now: number;
  boards: BoardView[];
}

/** Boards change by the minute; an act asks anew at once. */
const AGAIN_MS = 15_000;
const AT_ONCE = 50;

export function BoardsPage({ session }: { session: SessionView }): JSX.Element {
  const { w } = useWords();
  const [shown, setShown] = useState<Shown | null>(null);
  const [fault, setFault] = useState("");
  const [wanted, setWanted] = useState("");
  const [differing, setDiffering] = useState(false);
  const [all, setAll] = useState(false);

  async function look(): Promise<void> {
    const answer = await get<Shown>("/api/v1/boards");
    if (answer.ok) setShown(answer.value);
    setFault(answer.ok ? "" : answer.status === 403 ? w.needsTechnician : w.hubAway);
  }
  useEffect(() => {
    void look();
    const timer = window.setInterval(() => void look(), AGAIN_MS);
    return () => window.clearInterval(timer);
  }, []);

  const boards = shown?.boards ?? [];
  const text = wanted.trim().toLowerCase();
  const found = boards
    .filter((one) => !differing || one.drift !== null)
    .filter((one) => text === "" || `${one.board} ${one.site ?? ""}`.toLowerCase().includes(text));
  const rows = all ? found : found.slice(0, AT_ONCE);
  const differ = boards.filter((one) => one.drift !== null).length;
  return (
    <main class="live boards">
      <section class="readings" aria-labelledby="boards-title">
        <div class="head">
          <h2 id="boards-title">{w.boards}</h2>
          <p class="summary">{fill(w.summaryBoards, { differ, all: boards.length })}</p>
          <input
            type="search"
            placeholder={w.find}
            aria-label={`${w.find}: ${w.boards}`}
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
          <label class="choice">
            <input type="checkbox" checked={differing} onChange={(e) => setDiffering(e.currentTarget.checked)} />
            {w.onlyDiffering}
          </label>
        </div>
        <p class="fault" role="alert">
          {fault}
        </p>
        <table>
          <thead>
            <tr>
              <th scope="col">{w.board}</th>
              <th scope="col">{w.firmware}</th>
              <th scope="col">{w.settings}</th>
              <th scope="col">{w.asks.test}</th>
            </tr>
          </thead>
          <tbody>
            {shown !== null &&
              rows.map((one) => (
                <BoardRow key={one.board} board={one} now={shown.now} session={session} onDone={() => void look()} />
              ))}
          </tbody>
        </table>
        {found.length > AT_ONCE && (
          <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? w.showFewer : fill(w.showAll, { n: found.length })}
          </button>
        )}
      </section>
    </main>
  );
}
