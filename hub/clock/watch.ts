/**
 * How far the hub's own clock can be believed. It is compared with the steady clock of the machine, which nobody sets: a
 * difference that changes is a step. A clock before 2025, or at the start behind what the journal took in last, is
 * unsure: until it is stepped past that, everything is kept in the order in which it came, and no alarm is held back.
 */
import type { Clock } from "../clock.js";
import type { Component } from "../health.js";
import type { UnixMs } from "../model.js";
import { EARLIEST } from "../pipeline/reading-time.js";
import type { HubDoubt } from "../pipeline/reading-time.js";

/** A difference that changes by this much is a step; time services that run set a clock right in smaller ones. */
const STEP_MS = 2000;
/** A step from which on boards are made to learn the time anew, and silence is counted anew. */
export const GREAT_STEP_MS = 60_000;
/** For this long after a great step the clock counts as doubtful, and nothing old is deleted by it. */
const DOUBT_MS = 3_600_000;
/** The journal's newest entry may be ahead of the start by this much. */
const BEHIND_MS = 60_000;
/** The journal's newest entry may be older than the start by this much without a thought about the clock. */
const LONG_MS = 86_400_000;

export interface ClockWatch {
  /** What to write beside a reading that is stamped now. Looks for a step first. */
  doubt(): HubDoubt;
  /** When the hub began to listen, by the clock as it is now: silence counts from here at the earliest. */
  since(): UnixMs;
  /** May what is old by this clock be deleted? */
  settled(): boolean;
  /** Calls `fn` at every step with its size in ms (ahead is positive), until the returned function is called. */
  onStep(fn: (stepMs: number) => void): () => void;
  component: Component;
  stats(): { unsure: boolean; steps: number; lastStepMs: number; confirmed: boolean | null };
  stop(): void;
}

export interface ClockWatchOptions {
  clock: Clock;
  /** When the journal took in its last entry; null if it is empty. */
  newest: UnixMs | null;
  /** Whether the machine's time service says that the clock is synchronised; null if it does not say. */
  confirmed?: () => boolean | null;
}

/** Starts to watch the clock, once a second by itself and whenever it is asked. */
export function watchClock(options: ClockWatchOptions): ClockWatch {
  const { clock, newest } = options;
  const confirmed = options.confirmed ?? (() => null);
  const begun = clock.steady();
  const listeners = new Set<(stepMs: number) => void>();
  let difference = clock.now() - begun;
  let since = clock.now();
  let steps = 0;
  let lastStepMs = 0;
  /** By the steady clock: when doubt ends. */
  let doubtUntil = -Infinity;

  /** Behind the journal: either this clock is wrong, or that one was. After an hour the present is believed. */
  const behind = (now: UnixMs): boolean =>
    newest !== null && now < newest - BEHIND_MS && clock.steady() - begun < DOUBT_MS && confirmed() !== true;
  /** The hub was off for long, or its clock starts ahead: an hour will tell. */
  const longAgo = newest !== null && clock.now() > newest + LONG_MS;
  const unsureAt = (now: UnixMs): boolean => now < EARLIEST || behind(now);
  let unsure = unsureAt(clock.now());

  function look(): void {
    const steady = clock.steady();
    const now = clock.now();
    const stepMs = now - steady - difference;
    const wasUnsure = unsure;
    if (unsure || Math.abs(stepMs) >= STEP_MS) unsure = unsureAt(now);
    if (Math.abs(stepMs) < STEP_MS) return;
    difference += stepMs;
    steps++;
    lastStepMs = Math.round(stepMs);
    if (Math.abs(stepMs) >= GREAT_STEP_MS) {
      since = now;
      // A step that ends the doubt was what everybody waited for.
      doubtUntil = wasUnsure && !unsure ? -Infinity : steady + DOUBT_MS;
    } else since += stepMs;
    for (const fn of listeners) fn(lastStepMs);
  }

  const stepped = (): boolean => clock.steady() < doubtUntil;
  const cancel = clock.every(1000, look);
  return {
    doubt() {
      look();
      return unsure ? "hub-clock-unsure" : stepped() ? "hub-clock-stepped" : null;
    },
    since() {
      look();
      return since;
    },
    settled() {
      look();
      return !unsure && !stepped() && !(longAgo && clock.steady() - begun < DOUBT_MS);
    },
    onStep(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
    component: {
      name: "clock",
      check() {
        look();
        const at = new Date(clock.now()).toISOString();
        if (unsure) {
          const message = `the hub's clock says ${at}, which cannot be: readings are kept in the order in which they come`;
          return [{ status: "degraded", code: "unsure", message }];
        }
        if (stepped()) {
          const message = `the hub's clock was set by ${Math.round(lastStepMs / 1000)} s: times around that are in doubt`;
          return [{ status: "degraded", code: "stepped", message }];
        }
        if (confirmed() !== false) return [];
        const message = "the machine's time service has not reached a server since it was started";
        return [{ status: "degraded", code: "unconfirmed", message }];
      },
    },
    stats: () => ({ unsure, steps, lastStepMs, confirmed: confirmed() }),
    stop: cancel,
  };
}
