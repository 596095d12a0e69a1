/**
 * The heart of the intake: opens the session, takes batch after batch, and lets the next one go only when the hub has
 * answered the commit of the one before. Never gives up; its pauses grow until a commit succeeds, so that flows whose
 * wiring is broken do not keep taking the fence from the hub's own watch.
 */
import type { FlowSession, Outcome, Work } from "./session.js";

/** What the intake is doing, for the status under the node: at most 20 letters. */
export type IntakeStatus =
  | { state: "opening" | "waiting" | "no commit" | "stopped"; batches: number }
  | { state: "batch out" | "committed"; batches: number; packs: number }
  | { state: "retry"; batches: number; code: string };

export interface IntakeOptions {
  session: FlowSession;
  /** Sends one batch down the chain. */
  emit: (work: Work) => void;
  status: (status: IntakeStatus) => void;
  /** Longest wait for the hub to have something, in ms. */
  waitMs: number;
  /** How long the chain may take before its batch is given up and taken again, in ms. */
  commitWithinMs: number;
  /** Pauses after a failure, in ms; the last for ever. */
  pausesMs?: number[];
}

const PAUSES_MS = [200, 500, 1000, 2000, 5000, 10_000, 30_000];

/** Runs until `stop()`; stopping drops the session. */
export function startIntake(options: IntakeOptions): { stop(): void } {
  const { session, status } = options;
  const pauses = options.pausesMs ?? PAUSES_MS;
  const ended = new AbortController();
  let batches = 0;
  let failures = 0;

  const pause = () =>
    new Promise<void>((resolve) => {
      if (ended.signal.aborted) return resolve();
      const ms = pauses[Math.min(failures++, pauses.length - 1)] ?? 0;
      const done = () => {
        clearTimeout(timer);
        ended.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      ended.signal.addEventListener("abort", done);
    });

  const turn = async () => {
    if (!session.isOpen) {
      status({ state: "opening", batches });
      await session.open();
    }
    status({ state: "waiting", batches });
    const { work, ended: end } = await session.next(options.waitMs, options.commitWithinMs);
    if (ended.signal.aborted) return;
    batches++;
    const packs = work.packs.length;
    status({ state: "batch out", batches, packs });
    options.emit(work);
    const outcome: Outcome = await end;
    if (outcome === "committed") {
      failures = 0;
      status({ state: "committed", batches, packs });
    } else if (outcome !== "again" && !ended.signal.aborted) {
      status(outcome === "late" ? { state: "no commit", batches } : { state: "retry", batches, code: "COMMIT" });
      await pause();
    }
  };

  const run = async () => {
    while (!ended.signal.aborted) {
      try {
        await turn();
      } catch (error) {
        if (ended.signal.aborted) break;
        const code = (error as { code?: string }).code ?? "ERROR";
        status({ state: "retry", batches, code });
        await pause();
      }
    }
    status({ state: "stopped", batches });
  };
  void run();
  return {
    stop() {
      ended.abort();
      session.drop();
    },
  };
}
