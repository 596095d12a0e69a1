/** Which hours of the ledger an output has not carried away yet, or has in an older state. */
import type { UnixMs } from "../model.js";
import { boardLedger } from "./board.js";
import { readShared } from "./report.js";
import type { HourReport, Sources } from "./counts.js";
import { HOUR_MS } from "./store.js";
import type { Reading } from "./read.js";

/** How far an output has come: every write of the file up to `rev`, of hours before `hour` (since 1970). */
export interface Mark {
  rev: number;
  hour: number;
}

/** An hour goes out this long after it ended, so that what comes a little late needs no second writing. */
const GRACE_MS = 300_000;
const BOARDS_A_BATCH = 100;
/** A hole longer than this is told by the ledger only. */
const MOST_HOURS = 31 * 24;

/**
 * Hours that are over and have changed since `mark`, silent ones left out, in batches of whole boards; with the mark to
 * keep once all of them are written. An hour in which everything was lost has no row of its own: it lies between the
 * rows around it, and goes out with the later one.
 */
export function changedHours(
  sources: Sources & { hours: Reading },
  mark: Mark,
  now: UnixMs,
): { mark: Mark; batches: Generator<HourReport[]> } {
  const { hours } = sources;
  const end = Math.max(mark.hour, Math.floor((now - GRACE_MS) / HOUR_MS));
  const next = { rev: hours.lastRev(), hour: end };
  return { mark: next, batches: batches(sources, hours.touched(mark, end), end, now) };
}

function* batches(
  sources: Sources & { hours: Reading },
  touched: { board: string; first: number; last: number }[],
  end: number,
  now: UnixMs,
): Generator<HourReport[]> {
  const earliest = touched.reduce((least, { first }) => Math.min(least, first), end) - MOST_HOURS;
  const shared = readShared(sources, { from: earliest * HOUR_MS, to: end * HOUR_MS, now });
  for (let i = 0; i < touched.length; i += BOARDS_A_BATCH) {
    const out: HourReport[] = [];
    for (const { board, first, last } of touched.slice(i, i + BOARDS_A_BATCH)) {
      const rows = sources.hours.rows(board, first, first + 1);
      const from = Math.max(first - MOST_HOURS, Math.min(first, ...rows.map((row) => row.hour)));
      const query = { from: from * HOUR_MS, to: Math.min(last + 1, end) * HOUR_MS, now, hours: Infinity };
      for (const hour of boardLedger(sources, board, query, shared).hours) if (hour.state !== "silent") out.push(hour);
    }
    yield out;
  }
}
