/** Totals of the last day for whoever asks often: made again at most every few minutes, and never while they wait. */
import type { Clock } from "../clock.js";
import type { LedgerQuery, LedgerReport } from "./counts.js";

const DAY_MS = 86_400_000;

/**
 * Gives the totals as they were made last, and has them made again if they are older than `freshMs` of the clock's time;
 * null before the first. A ledger that cannot be read keeps its last totals.
 */
export function createLastDay(
  report: (query: LedgerQuery) => Promise<LedgerReport>,
  clock: Clock,
  freshMs = 300_000,
): () => LedgerReport["total"] | null {
  let total: LedgerReport["total"] | null = null;
  let madeAt: number | null = null;
  let making = false;
  return () => {
    const now = clock.now();
    if (!making && (madeAt === null || Math.abs(now - madeAt) >= freshMs)) {
      making = true;
      report({ now, from: now - DAY_MS })
        .then((made) => (total = made.total))
        .catch(() => undefined)
        .finally(() => {
          making = false;
          madeAt = now;
        });
    }
    return total;
  };
}
