import type { Rates } from "./rate.js";
import type { ReadGate } from "./read-gate.js";

/**
 * How fast one board's socket is read: not at all while too many of its lines wait for their commit, or while it has
 * sent faster than its rate. Nothing is dropped by that: the kernel makes the board wait.
 */
export class Flow {
  readonly #gate: ReadGate;
  readonly #window: number;
  readonly #rates: Rates | null;
  readonly #board: string;
  readonly #fault: (name: string) => void;
  #inFlight = 0;
  #full = false;
  #slowed: NodeJS.Timeout | null = null;
  #ended = false;

  /** @param window lines waiting for their commit; reading goes on at half of it */
  constructor(gate: ReadGate, window: number, rates: Rates | null, board: string, fault: (name: string) => void) {
    this.#gate = gate;
    this.#window = window;
    this.#rates = rates;
    this.#board = board;
    this.#fault = fault;
  }

  /** A line has come. */
  count(): void {
    const waitMs = this.#rates?.take(this.#board) ?? 0;
    if (waitMs === 0 || this.#slowed !== null) return;
    this.#fault("too-fast");
    this.#gate.shut();
    this.#wait(waitMs);
  }

  /** A line waits for its commit. */
  hold(): void {
    if (++this.#inFlight < this.#window || this.#full) return;
    this.#full = true;
    this.#fault("window-full");
    this.#gate.shut();
  }

  /** It waits no more. */
  release(): void {
    if (--this.#inFlight > this.#window / 2 || !this.#full) return;
    this.#full = false;
    this.#readOn();
  }

  /** Reads no more, for good. */
  end(): void {
    this.#ended = true;
    this.#gate.shut();
    clearTimeout(this.#slowed ?? undefined);
  }

  /** What had been read already may have made the debt greater: waits until there is a token. */
  #wait(ms: number): void {
    this.#slowed = setTimeout(() => {
      this.#slowed = null;
      const stillMs = this.#rates?.waitMs(this.#board) ?? 0;
      if (stillMs > 0) this.#wait(stillMs);
      else this.#readOn();
    }, ms);
  }

  #readOn(): void {
    if (!this.#full && this.#slowed === null && !this.#ended) this.#gate.open();
  }
}
