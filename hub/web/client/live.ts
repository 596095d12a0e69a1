/** The line to the hub. It says at once when it is cut: a page that shows old data as new is worse than none. */
import type { Delta, Snapshot } from "../../api/views.js";

export interface LiveState {
  data: Snapshot | null;
  /** Moment of this device's own steady clock at which `data.now` was right. */
  heardAt: number;
  link: "first" | "up" | "lost";
  /** The hub's time when the line was cut. */
  lostAt: number | null;
}

/** The hub ticks every 2 s; four ticks missed in a row mean that nobody is there. */
const DEAF_MS = 9000;
const RETRY_MS = 3000;

/** The hub's time now, by what it said last. */
export function hubNow(state: LiveState): number {
  return state.data === null ? Date.now() : state.data.now + (performance.now() - state.heardAt);
}

/** Connects, and stays connected, until the returned function is called. `onBye`: the hub has ended the session. */
export function connect(onState: (state: LiveState) => void, onBye: () => void): () => void {
  let state: LiveState = { data: null, heardAt: performance.now(), link: "first", lostAt: null };
  let source: EventSource | null = null;
  let retry: number | undefined;
  let heard = performance.now();

  function change(next: Partial<LiveState>): void {
    state = { ...state, ...next };
    onState(state);
  }

  function lose(): void {
    if (state.link !== "lost") change({ link: "lost", lostAt: hubNow(state) });
  }

  function open(): void {
    source?.close();
    heard = performance.now();
    source = new EventSource("/api/v1/live");
    source.addEventListener("snapshot", (event) => {
      heard = performance.now();
      change({ data: JSON.parse(event.data) as Snapshot, heardAt: heard, link: "up", lostAt: null });
    });
    for (const name of ["delta", "tick"])
      source.addEventListener(name, (event: MessageEvent<string>) => {
        if (state.data === null) return;
        heard = performance.now();
        const { latest, ...rest } = JSON.parse(event.data) as Delta;
        const merged = latest === undefined ? state.data.latest : { ...state.data.latest, ...latest };
        change({ data: { ...state.data, ...rest, latest: merged }, heardAt: heard });
      });
    source.addEventListener("bye", () => onBye());
    source.addEventListener("error", () => {
      lose();
      if (source?.readyState !== EventSource.CLOSED) return;
      window.clearTimeout(retry);
      retry = window.setTimeout(open, RETRY_MS);
      onBye();
    });
  }

  const watch = window.setInterval(() => {
    if (performance.now() - heard < DEAF_MS) return;
    lose();
    open();
  }, 1000);
  open();
  return () => {
    window.clearInterval(watch);
    window.clearTimeout(retry);
    source?.close();
  };
}
