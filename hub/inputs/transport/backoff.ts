/** Waiting times between attempts to connect. Real time: a socket does not follow the injected clock. */
export interface Backoff {
  /** The next wait in milliseconds: doubles from the base to the cap, each spread over 50–100 % of itself. */
  next(): number;
  /** Starts again from the base, after an attempt that worked. */
  reset(): void;
}

/**
 * Capped exponential back-off with jitter, so that many clients of one broker do not come back in the same moment.
 *
 * @param random gives numbers in [0, 1)
 */
export function createBackoff(baseMs: number, capMs: number, random: () => number): Backoff {
  let current = baseMs;
  return {
    next() {
      const wait = current * (0.5 + random() / 2);
      current = Math.min(capMs, current * 2);
      return Math.round(wait);
    },
    reset() {
      current = baseMs;
    },
  };
}
