/** What a part of the hub is to a fuzz run. */
import type { Random } from "./random.js";

/** Takes the count of every input. Each one that is fed must end under exactly one name. */
export interface Report {
  /** An input is about to be handed over: it is counted, and shown if something breaks. */
  feed(input: string | Uint8Array): void;
  /** It did what a good input does. */
  fine(): void;
  /** It was refused, and counted, under this name. */
  fault(name: string): void;
  /** It was refused, but nothing says why. */
  unnamed(what: string, input: string | Uint8Array): void;
  /** Something broke, or a promise was not kept. */
  broken(what: string, input?: string | Uint8Array): void;
  /** Something a reader of the run may want to know. */
  note?(text: string): void;
}

export interface Target {
  name: string;
  /** How much of the time it gets, beside the others. */
  share: number;
  /** Opens the real part in an empty folder of its own. */
  start(report: Report, dir: string): Promise<Running>;
}

export interface Running {
  /** Feeds some inputs, all made from this chance, and resolves when each has been reported. */
  step(random: Random): Promise<void>;
  /** After the last step: holds what was kept against what was counted. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

/** Waits for a condition; gives up loudly after a generous bound. */
export async function until(what: string, condition: () => boolean, boundMs = 30_000): Promise<void> {
  const end = Date.now() + boundMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${boundMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
