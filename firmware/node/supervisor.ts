/**
 * Watches over loop and link. What feeds the board's watchdog is a round that ended with its pack in flash, and nothing
 * else: each buys so many kicks as bridge three periods, and a timer spends them, one in a hundred seconds. So two
 * things are found out apart: a loop that comes to no healthy round any more, when the kicks are spent; and an
 * interpreter that hangs, or whose heap is so full that no timer runs, after five minutes, however long the period is.
 * The watchdog's time is the same for every image, because some boards (nRF52) keep the one that was set first until
 * their next start, and the loader sets it for an image on trial.
 *
 * A round that takes longer than it can is ended by a restart without waiting for the watchdog. A link over which nothing
 * was acknowledged for long is joined anew, and for very long the board restarts: once, and after that at most once a
 * day.
 */
import type { Hal } from "./hal.js";
import { noteReset } from "./reset.js";

export interface Supervisor {
  /** A round of measuring has begun. */
  began(): void;
  /** It has ended; `kept` says whether its pack is in flash. */
  ended(kept: boolean): void;
  /** The hub has acknowledged something, or said that nothing waits. */
  heard(): void;
}

export interface Watched {
  hal: Hal;
  /** The longest that a round can take. */
  roundS: number;
  /** The longest time between two rounds. */
  periodS(): number;
  /** Why this start happened: see reset.ts. */
  reset: string;
  /** Lines in flash that nobody acknowledged. */
  waiting(): number;
  /** Leaves the radio network, so that the next attempt joins it anew; undefined for a link without a radio. */
  rejoin?: () => void;
}

/** A link is joined anew when for so long nothing was acknowledged, and again after as long. */
const REJOIN_S = 1800;
/** The board restarts when nothing was acknowledged for so long; after a restart for that reason: for a day. */
const DEAF_S = 21600;
const DEAF_AGAIN_S = 86400;
/** A radio that saves energy is answered once in several packs: nothing is held against it for this many periods. */
const PERIODS = 12;

/** The watchdog's time. Longer than anything that keeps the interpreter from its timers: a slot erased, a name looked up. */
export const HANGS_S = 300;
/** Time between two kicks. */
const KICK_S = 100;

/** Starts the watchdog and watches from now on. */
export function createSupervisor(watched: Watched): Supervisor {
  const hal = watched.hal;
  let heardMs = hal.uptimeMs();
  let joinedMs = heardMs;
  let stopRound: () => void = () => undefined;

  /** Kicks that are left. A start gets as many as its first round may take. */
  let kicks = Math.ceil((2 * watched.roundS) / KICK_S) + 1;
  const spend = (): void => {
    hal.after(1000 * KICK_S, spend);
    if (kicks <= 0) return;
    kicks -= 1;
    hal.kick();
  };
  hal.watchdog(HANGS_S);
  spend();

  const restart = (why: string): void => {
    noteReset(hal.store, why);
    hal.reboot();
  };

  const look = (): void => {
    const rejoin = watched.rejoin;
    const nowMs = hal.uptimeMs();
    if (watched.waiting() === 0) heardMs = nowMs;
    if (rejoin === undefined) return;
    const silentS = (nowMs - heardMs) / 1000;
    const patienceS = PERIODS * watched.periodS();
    if (silentS > Math.max(watched.reset === "radio" ? DEAF_AGAIN_S : DEAF_S, patienceS)) return restart("radio");
    if (silentS <= Math.max(REJOIN_S, patienceS) || nowMs - joinedMs < REJOIN_S * 1000) return;
    joinedMs = nowMs;
    hal.print("no answer for " + Math.round(silentS) + " s: joining anew");
    rejoin();
  };

  return {
    began: () => {
      stopRound();
      stopRound = hal.after(2000 * watched.roundS, () => restart("round"));
    },
    ended: (kept) => {
      stopRound();
      if (kept) kicks = Math.ceil((3 * watched.periodS() + watched.roundS) / KICK_S);
      hal.after(0, look);
    },
    heard: () => {
      heardMs = hal.uptimeMs();
    },
  };
}
