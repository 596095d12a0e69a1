/** Growing pauses between attempts, so that five thousand boards do not all knock at the same moment. */
export interface Backoff {
  /** The next pause in ms: doubled each time up to the longest, of which a random half is taken off. */
  next(): number;
  reset(): void;
}

/** Pauses from `minMs` to `maxMs`; `random` gives a number in [0, 1). */
export function createBackoff(minMs: number, maxMs: number, random: () => number): Backoff {
  let pauseMs = minMs;
  return {
    next: () => {
      const ms = Math.round(pauseMs * (0.5 + random() / 2));
      pauseMs = pauseMs * 2 > maxMs ? maxMs : pauseMs * 2;
      return ms;
    },
    reset: () => {
      pauseMs = minMs;
    },
  };
}
