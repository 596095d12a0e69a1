/**
 * When the journal commits: a quiet one at the end of the event loop's turn, a busy one when `gatherMs` have passed since
 * the commit before. That bounds the writes to a memory card, and costs a lone pack no time.
 */
/** After a commit that failed, what waits for one is tried again: packs come again by themselves. */
const RETRY_MS = 1000;

export class Pace {
  #gatherMs: number;
  #commit: () => void;
  #cancel: (() => void) | null = null;
  #last = -Infinity;
  #retry: NodeJS.Timeout | null = null;

  constructor(gatherMs: number, commit: () => void) {
    this.#gatherMs = gatherMs;
    this.#commit = commit;
  }

  /** Something waits: makes sure that a commit comes. */
  schedule(): void {
    if (this.#cancel !== null) return;
    const rest = this.#last + this.#gatherMs - performance.now();
    if (rest > 0) {
      const timer = setTimeout(this.#commit, rest);
      this.#cancel = () => clearTimeout(timer);
    } else {
      const immediate = setImmediate(this.#commit);
      this.#cancel = () => clearImmediate(immediate);
    }
  }

  /** A commit begins: none is due any more. */
  begin(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** A commit has ended. */
  end(): void {
    this.#last = performance.now();
  }

  /** A commit has failed: calls `fn` in a second, once however many fail until then. */
  retry(fn: () => void): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = null;
      fn();
    }, RETRY_MS).unref();
  }
}
