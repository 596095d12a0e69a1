import { NoRoom } from "../../errors.js";
import type { Accept, Accepted } from "../../model.js";

/** What an input shows of itself. Every fault is counted under its name; a fault that never happened is absent. */
export interface InputStats {
  /** Lines handed to the pipeline so far, and what became of them. */
  lines: number;
  stored: number;
  duplicate: number;
  /** Asked something, and kept nowhere. */
  heard: number;
  dead: number;
  refused: number;
  /** The journal could not commit: nothing was acknowledged. */
  failed: number;
  /** Lines handed over whose commit is still awaited. */
  inFlight: number;
  faults: Record<string, number>;
}

/** What became of a line; `failed`: the journal could not commit it. */
export type Given = Accepted | { outcome: "failed"; error: unknown };

/** Gives lines to the pipeline and keeps the count of what became of them. One per input. */
export class Handover {
  readonly #accept: Accept;
  readonly #source: string;
  readonly #receipts: boolean;
  readonly #vouched: boolean;
  readonly #stats: InputStats = {
    lines: 0,
    stored: 0,
    duplicate: 0,
    heard: 0,
    dead: 0,
    refused: 0,
    failed: 0,
    inFlight: 0,
    faults: {},
  };
  #waiting: (() => void)[] = [];

  /**
   * @param source name of the input as the journal keeps it: `mqtt`, `serial:/dev/ttyUSB0`
   * @param receipts the input answers each line by a receipt of its transport, after the commit
   * @param vouched the transport has proved the board, and the line is sealed in the hub (pipeline/vouched.ts)
   */
  constructor(accept: Accept, source: string, receipts = false, vouched = false) {
    this.#accept = accept;
    this.#source = source;
    this.#receipts = receipts;
    this.#vouched = vouched;
  }

  get inFlight(): number {
    return this.#stats.inFlight;
  }

  /** Counts a fault of the input's own. */
  fault(name: string): void {
    this.#stats.faults[name] = (this.#stats.faults[name] ?? 0) + 1;
  }

  /**
   * Hands one line over. Resolves after the commit; with the error, and without throwing, where there was none. Not an
   * async function, each of which costs promises of its own.
   */
  give(line: string, withCrc: boolean, board?: string): Promise<Given> {
    this.#stats.lines++;
    this.#stats.inFlight++;
    // One shape for all: spreading costs as much as reading the line.
    const from = { source: this.#source, withCrc, receipts: this.#receipts, vouched: this.#vouched, board };
    return this.#accept(line, from).then(this.#accepted, this.#failed);
  }

  readonly #accepted = (accepted: Accepted): Given => {
    this.#stats[accepted.outcome]++;
    if (accepted.outcome === "refused") this.fault(accepted.fault);
    if (accepted.outcome === "dead") this.fault("dead:" + accepted.reason);
    this.#landed();
    return accepted;
  };

  readonly #failed = (error: unknown): Given => {
    this.#stats.failed++;
    this.fault(error instanceof NoRoom ? "no-room" : "commit-failed");
    this.#landed();
    return { outcome: "failed", error };
  };

  #landed(): void {
    this.#stats.inFlight--;
    if (this.#stats.inFlight === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when nothing is in flight, or after `boundMs` of real time: a stuck disk must not hold up a stop. */
  async settled(boundMs: number): Promise<void> {
    if (this.#stats.inFlight === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, boundMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  stats(): InputStats {
    return { ...this.#stats, faults: { ...this.#stats.faults } };
  }
}
