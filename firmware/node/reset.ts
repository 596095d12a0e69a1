/**
 * Why the board started, as far as it can know: what it wrote down before it restarted itself. The interpreter does
 * not tell a watchdog's reset from a lost supply; both are `power`.
 */
import type { Store } from "./hal.js";

const FILE = "aryk.why";

/**
 * Writes down why the restart that follows happens, in at most 8 characters: `reboot` (the hub asked), `error`, `radio`
 * (nobody answered for long), `round` (a round did not end), `settings` (of older firmware, whose watchdog went by the period).
 */
export function noteReset(store: Store, why: string): void {
  store.create(FILE, why, why.length);
}

/** Why this start happened; asked once. */
export function takeReset(store: Store): string {
  const why = store.read(FILE, 0, 8);
  if (why === undefined) return "power";
  store.erase(FILE);
  return why;
}
