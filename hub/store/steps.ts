/**
 * Work in the background that must not keep the hub waiting: done in steps whose size follows from how long the last one
 * took. A memory card and a server differ by a factor of a hundred; no fixed number of rows is right for both.
 */

export interface StepLimits {
  /** Rows, pages or bytes of the first step, of the smallest and of the largest. */
  first: number;
  least: number;
  most: number;
  /** What a step should take at most, in ms. */
  aimMs?: number;
  /** A clock for durations, in ms. */
  steady?: () => number;
}

export interface Steps {
  /** Does one step, as large as is right now. */
  run<Result>(step: (size: number) => Result): Result;
  /** The longest step so far, in ms. */
  longestMs(): number;
}

/** A step that stays under this is far enough from the 20 ms that a commit may wait. */
const AIM_MS = 8;

/** Steps that begin with `first`, are halved when one takes longer than it should, and doubled when one is done in half of that. */
export function createSteps({
  first,
  least,
  most,
  aimMs = AIM_MS,
  steady = () => performance.now(),
}: StepLimits): Steps {
  let size = first;
  let longest = 0;
  return {
    run(step) {
      const begun = steady();
      try {
        return step(size);
      } finally {
        const took = steady() - begun;
        longest = Math.max(longest, took);
        // Four times too long: half of it would be too long again.
        if (took > aimMs) size = Math.max(least, Math.floor(size / (took > 4 * aimMs ? 8 : 2)));
        else if (took < aimMs / 2) size = Math.min(most, size * 2);
      }
    },
    longestMs: () => longest,
  };
}
