import type { JSX } from "preact";
import { age, fill } from "../format.js";
import { useWords } from "./words.js";

/** How old a reading is; ticks with the page. */
export function Age({ time, now }: { time: number | null; now: number }): JSX.Element {
  const { w } = useWords();
  if (time === null) return <span class="age">—</span>;
  const text = now - time < 1000 ? w.now : fill(w.ago, { age: age(now - time, w) });
  return (
    <time class="age" dateTime={new Date(time).toISOString()}>
      {text}
    </time>
  );
}
