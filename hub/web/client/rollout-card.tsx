/** One rollout: its rings, its figures, what went wrong, and its boards on demand. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RolloutView } from "../../api/rollout-views.js";
import { fill, time } from "../format.js";
import { outcomeText, stateText } from "../rollout-text.js";
import { RolloutActs } from "./rollout-acts.js";
import { RolloutBoards } from "./rollout-boards.js";
import type { RolloutsProps } from "./rollouts-page.js";
import { useWords } from "./words.js";

export interface RolloutProps extends RolloutsProps {
  rollout: RolloutView;
  now: number;
  /** An act is done: what is shown is old. */
  onDone(text: string): void;
}

function Rings({ rollout }: { rollout: RolloutView }): JSX.Element {
  const { w } = useWords();
  const { rings, ring, does, fleet, good } = rollout;
  const { ringNames, ringStates, marks } = w.rollout;
  const now = does === "stop" || does === "back" ? marks[does] : ringStates.now;
  return (
    <ol class="rings" aria-label={w.rollout.rings}>
      {rings.map((size, i) => {
        const state = i < ring || (fleet !== null && good === fleet) ? "done" : i === ring ? "now" : "wait";
        return (
          <li key={i} class={`ring-${state}`} aria-current={state === "now" ? "step" : undefined}>
            <b>
              {ringNames[i]}
              {i > 0 && fleet !== null && ` (${size})`}
            </b>
            <span>{state === "now" ? now : ringStates[state]}</span>
          </li>
        );
      })}
    </ol>
  );
}

export function RolloutCard(props: RolloutProps): JSX.Element {
  const { w } = useWords();
  const { rollout, now, zoneMinutes } = props;
  const { id, image, name, version, does, fleet, offered, good, underWay, running, bad } = rollout;
  const [open, setOpen] = useState(false);
  const badBoards = bad.reduce((sum, { boards }) => sum + boards, 0);
  const figures: [string, string][] = [
    [w.rollout.offered, fleet === null ? String(offered) : fill(w.rollout.ofAll, { n: offered, all: fleet })],
    [w.rollout.good, String(good)],
    [w.rollout.underWay, String(underWay)],
    [w.rollout.bad, String(badBoards)],
    [w.rollout.running, String(running)],
  ];
  return (
    <li class={`rollout ${does}`} data-rollout={id}>
      <h3>
        {name === null ? w.rollout.imageless : `${name} ${version ?? ""}`}
        <small>{fill(w.rollout.name, { id, image })}</small>
      </h3>
      <p class="stands">{stateText(rollout, time(rollout.at, now, zoneMinutes), w)}</p>
      <Rings rollout={rollout} />
      <dl>
        {figures.map(([what, figure]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      {bad.length > 0 && (
        <ul class="wrong">
          {bad.map((one) => (
            <li key={one.result + one.why}>
              <b>{one.boards}</b> {outcomeText(one, w)}
            </li>
          ))}
        </ul>
      )}
      <RolloutActs {...props} />
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{w.rollout.boardByBoard}</summary>
        {open && <RolloutBoards {...props} />}
      </details>
    </li>
  );
}
