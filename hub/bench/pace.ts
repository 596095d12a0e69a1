/** For the time of a test a board measures as often as it can: between two rounds of a container lie four hours. */
import { askForSettings, settingsOf } from "../registry/settings.js";
import type { Wanted } from "../registry/settings.js";
import type { Registry } from "../registry.js";

/** Seconds between two rounds, by the settings that say so. */
const FAST: { [name: string]: number } = { drySeconds: 10, wetSeconds: 10, fastSeconds: 10 };
/** How long the board may take to say that it has its own settings again: some rounds. */
const BACK_MS = 90_000;
const POLL_MS = 300;

/**
 * Asks the board to measure often; returns what asks it for what it was asked for before, and waits until it says that it
 * has that, or until it is called off. What is left to know is returned as a sentence; nothing when all is as it was.
 */
export function hurry(
  registry: Registry,
  board: string,
  type: string,
  by: string,
  has: () => number,
): (signal: AbortSignal) => Promise<string> {
  const { values } = registry.desired(board);
  const names = Object.keys(FAST).filter((name) => settingsOf(type).has(name));
  const before: Wanted = new Map(names.map((name) => [name, values.get(name)?.value ?? null]));
  const ask = (wanted: Wanted): number => askForSettings(registry, new Map([[board, wanted]]), Date.now(), by);
  ask(new Map(names.map((name) => [name, FAST[name]])));
  return async (signal) => {
    ask(before);
    const { rev } = registry.desired(board);
    const end = performance.now() + BACK_MS;
    while (has() < rev && !signal.aborted && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    return has() >= rev ? "" : `${board} still measures every 10 s: it takes its own settings when it is heard next.`;
  };
}
