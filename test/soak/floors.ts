/**
 * Does a heap leak? What is in use swings by some dozens of variables with what waits and how many digits a number has,
 * so that two single readings say nothing. Of a stretch without trouble the floors count: the least that was in use
 * during some rounds in a row. A leak lifts all of them.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Interpreter } from "../rig/espruino.js";

/** How often the heap is looked at, by the post's clock. A look takes the interpreter a garbage collection. */
export const METER_MS = 100;
const ROUNDS_A_FLOOR = 6;
const FLOORS = 5;
/** Rounds of such a stretch. */
export const CALM_ROUNDS = ROUNDS_A_FLOOR * FLOORS;

/** The floors of the rounds that come now. @throws Error when no round ends for `stuckMs` */
export async function calmFloors(running: Interpreter, packs: () => number, stuckMs: number): Promise<number[]> {
  const floors: number[] = [];
  while (floors.length < FLOORS) {
    const [round, from] = [packs(), running.heap().length];
    const end = Date.now() + stuckMs * ROUNDS_A_FLOOR;
    while (packs() < round + ROUNDS_A_FLOOR || running.heap().length === from) {
      if (Date.now() > end) throw new Error("waited in vain for rounds without trouble");
      await sleep(50);
    }
    const some = running.heap().slice(from);
    floors.push(Math.min(...some.map(({ usage }) => usage)));
  }
  return floors;
}

/** Numbers and texts take more room as they grow by a digit: sequence, uptime, message ids. */
const DIGITS_VARS = 6;

/**
 * By how many variables every floor of a later stretch lies above every floor of an earlier one, beyond what grown
 * numbers take; 0 if one does not.
 */
export function leaked(before: readonly number[], after: readonly number[]): number {
  return Math.max(0, Math.min(...after) - Math.max(...before) - DIGITS_VARS);
}
