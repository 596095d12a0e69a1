/** The interpreter's timers and watchdog, on the clock of a test. */
import type { Clock } from "../../hub/clock.js";

export interface VmTimers {
  /** For the context: `setTimeout` and `clearTimeout`. */
  timers: { setTimeout(fn: () => void, ms: number): number; clearTimeout(id: number): void };
  /** For the context's `E`. */
  watchdog: { enableWatchdog(seconds: number): void; kickWatchdog(): void };
  /** Nothing runs out any more. */
  stop(): void;
}

/** `enter` is what a timer's function runs in, `bite` what the watchdog does. */
export function vmTimers(clock: Clock, enter: (fn: () => void) => void, bite: () => void): VmTimers {
  const timers = new Map<number, () => void>();
  let nextTimer = 1;
  let stopWatchdog: () => void = () => undefined;
  let watchdogMs = 0;

  function kickWatchdog(): void {
    stopWatchdog();
    if (watchdogMs > 0) stopWatchdog = clock.after(watchdogMs, bite);
  }

  return {
    timers: {
      setTimeout(fn, ms) {
        const id = nextTimer++;
        timers.set(
          id,
          clock.after(ms, () => {
            timers.delete(id);
            enter(fn);
          }),
        );
        return id;
      },
      clearTimeout(id) {
        timers.get(id)?.();
        timers.delete(id);
      },
    },
    watchdog: {
      enableWatchdog(seconds) {
        watchdogMs = seconds * 1000;
        kickWatchdog();
      },
      kickWatchdog,
    },
    stop() {
      stopWatchdog();
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
