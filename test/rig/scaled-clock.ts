import type { Clock } from "../../hub/clock.js";

/** A clock that shows `base` at the real moment `since`, and runs `speed` times as fast as the machine's. */
export function scaledClock(base: number, since: number, speed: number): Clock {
  return {
    steady: () => performance.now() * speed,
    now: () => Math.round(base + (Date.now() - since) * speed),
    every(ms, fn) {
      const timer = setInterval(fn, Math.max(1, ms / speed));
      return () => clearInterval(timer);
    },
    after(ms, fn) {
      const timer = setTimeout(fn, Math.max(0, ms / speed));
      return () => clearTimeout(timer);
    },
  };
}
