/**
 * Moves a stepped clock on through real parts: time stands still while anything is still on its way (a pack not yet
 * acknowledged, an entry the flows have not judged), so that a slow machine makes the run longer and changes nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SteppedClock } from "../../hub/clock.js";
import type { Hub } from "../../hub/main.js";

export interface Settling {
  /** Nothing sent is waiting for its answer. */
  postsIdle(): boolean;
  /** The flows have judged everything up to now. */
  flowsCaughtUp(): boolean;
}

/** True when Node-RED has judged all that the journal holds, and time up to less than `tickMs` ago. */
export function flowsCaughtUp(hub: Hub, clock: SteppedClock, tickMs: number): boolean {
  const { owner, judgedTo } = hub.register.heartbeat();
  const caughtUp = (hub.register.cursor()?.id ?? -1) >= hub.journal.head().id;
  return owner === "flows" && caughtUp && judgedTo !== null && clock.now() - judgedTo < tickMs;
}

/** Longest wait for real parts at one moment: a post that cannot reach anybody must not stop the city. */
const PATIENCE_MS = 3000;

async function until(condition: () => boolean): Promise<boolean> {
  const end = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > end) return false;
    await sleep(1);
  }
  return true;
}

/**
 * Advances the clock to `end`, stopping at every timer. After each moment in which a post sent something, its answers
 * are waited for; at least every `judgeEveryMs` the flows are waited for.
 * @returns how often something did not settle in time
 */
export async function advanceTo(
  clock: SteppedClock,
  end: number,
  judgeEveryMs: number,
  settling: Settling,
): Promise<number> {
  let unsettled = 0;
  while (clock.now() < end) {
    const judge = Math.min(end, clock.now() + judgeEveryMs);
    for (;;) {
      const next = clock.nextAt();
      if (next === null || next > judge) break;
      clock.advance(Math.max(0, next - clock.now()));
      if (!settling.postsIdle() && !(await until(settling.postsIdle))) unsettled++;
    }
    clock.advance(judge - clock.now());
    if (!(await until(settling.flowsCaughtUp))) unsettled++;
  }
  return unsettled;
}
