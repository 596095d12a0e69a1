/** Rollouts of firmware for technicians: how far each is, and what went wrong where. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RolloutView } from "../../api/rollout-views.js";
import type { SessionView } from "../../api/views.js";
import { get } from "./api.js";
import { RolloutCard } from "./rollout-card.js";
import { useWords } from "./words.js";

interface Shown {
  now: number;
  rollouts: RolloutView[];
}

/** Who looks, whether the line is cut (then nothing may be done), and the city's offset from UTC. */
export interface RolloutsProps {
  session: SessionView;
  lost: boolean;
  zoneMinutes: number;
}

/** Rollouts change by the minute; an act asks anew at once. */
const AGAIN_MS = 15_000;
/** How long it is told what was done. */
const DONE_MS = 8000;

export function RolloutsPage(props: RolloutsProps): JSX.Element {
  const { w } = useWords();
  const [shown, setShown] = useState<Shown | null>(null);
  const [fault, setFault] = useState("");
  const [done, setDone] = useState("");

  async function look(): Promise<void> {
    const answer = await get<Shown>("/api/v1/rollouts");
    if (answer.ok) setShown(answer.value);
    setFault(answer.ok ? "" : answer.status === 403 ? w.rollout.needsTechnician : w.hubAway);
  }
  useEffect(() => {
    void look();
    const timer = window.setInterval(() => void look(), AGAIN_MS);
    return () => window.clearInterval(timer);
  }, []);

  useEffect(() => {
    const timer = window.setTimeout(() => setDone(""), DONE_MS);
    return () => window.clearTimeout(timer);
  }, [done]);

  return (
    <main class="live rollouts">
      <section aria-labelledby="rollouts-title">
        <div class="head">
          <h2 id="rollouts-title">{w.rollout.title}</h2>
        </div>
        <p class="fault" role="alert">
          {fault}
        </p>
        <p class="done" role="status">
          {done}
        </p>
        {shown !== null && shown.rollouts.length === 0 && <p class="muted">{w.rollout.none}</p>}
        <ul>
          {shown !== null &&
            shown.rollouts.map((one) => (
              <RolloutCard
                {...props}
                key={one.id}
                rollout={one}
                now={shown.now}
                onDone={(text) => {
                  setDone(text);
                  void look();
                }}
              />
            ))}
        </ul>
      </section>
    </main>
  );
}
