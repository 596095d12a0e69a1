/** The boards of one rollout: asked for when somebody wants to see them. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RolloutBoardView } from "../../api/rollout-views.js";
import { fill, time } from "../format.js";
import { boardsInOrder, outcomeText } from "../rollout-text.js";
import { get } from "./api.js";
import type { RolloutProps } from "./rollout-card.js";
import { useWords } from "./words.js";

const AT_ONCE = 50;

export function RolloutBoards({ rollout, now, zoneMinutes }: RolloutProps): JSX.Element {
  const { w } = useWords();
  const [boards, setBoards] = useState<RolloutBoardView[]>([]);
  const [fault, setFault] = useState("");
  const [all, setAll] = useState(false);
  const { id, at, offered, good, underWay } = rollout;
  useEffect(() => {
    void get<{ boards: RolloutBoardView[] }>(`/api/v1/rollouts/${id}`).then((answer) => {
      if (answer.ok) setBoards(boardsInOrder(answer.value.boards));
      setFault(answer.ok ? "" : w.hubAway);
    });
  }, [id, at, offered, good, underWay]);
  return (
    <div class="readings">
      <p class="fault" role="alert">
        {fault}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{w.board}</th>
            <th scope="col">{w.rollout.outcome}</th>
            <th scope="col">{w.rollout.offeredAt}</th>
            <th scope="col">{w.rollout.runs}</th>
          </tr>
        </thead>
        <tbody>
          {(all ? boards : boards.slice(0, AT_ONCE)).map((one) => (
            <tr key={one.board} data-board={one.board}>
              <th scope="row">
                {one.board} <small>{one.site ?? w.inStore}</small>
              </th>
              <td data-title={w.rollout.outcome}>
                <span>
                  {one.outcome === null ? w.rollout.underWay : outcomeText(one.outcome, w)}
                  {one.outcome !== null && <span class="why">{time(one.outcome.at, now, zoneMinutes)}</span>}
                </span>
              </td>
              <td data-title={w.rollout.offeredAt}>{time(one.offered, now, zoneMinutes)}</td>
              <td data-title={w.rollout.runs}>
                {one.version === null ? w.notHeard : `${one.version} ${one.runs ?? ""}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {boards.length > AT_ONCE && (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? w.showFewer : fill(w.showAll, { n: boards.length })}
        </button>
      )}
    </div>
  );
}
