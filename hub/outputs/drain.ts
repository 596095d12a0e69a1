/**
 * Carries the journal to one output. The journal is the only buffer: nothing is taken from it for good before the
 * output has accepted it, and a batch that could not be written is simply read and written again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Cursor, Journalled } from "../model.js";
import type { Flight } from "./drain/lane.js";
import { Lanes, type LanesJournal } from "./drain/lanes.js";

/** An item that the output will never accept. `index` counts from the start of the batch. */
export interface Rejection {
  index: number;
  /** Stable name, for counting: `influxdb-parse`. */
  reason: string;
  /** What the output said, for a person. */
  detail?: string;
}

/**
 * What became of a batch. The first `done` items have ended: those in `rejected` (every index < done) become dead
 * letters, the others are accepted. The rest is kept and written again; then `kept` says why.
 */
export interface Written {
  done: number;
  rejected: Rejection[];
  kept?: {
    reason: string;
    /** How long the output asked to be left alone, in SECONDS (the unit of HTTP's Retry-After). */
    retryAfterS?: number;
    /** True when only a person can mend it (wrong password, no such database): it is shouted, and still kept. */
    needsPerson?: boolean;
  };
}

/** Writes a batch, in order. Must be idempotent: after a crash the same items come again. A throw keeps the batch. */
export type Write = (batch: Journalled[], signal: AbortSignal) => Promise<Written>;

/** The part of the journal that a drain uses. */
export interface DrainJournal extends LanesJournal {
  head(): Cursor;
  cursor(consumer: string): Cursor;
  onCommit(fn: (head: Cursor) => void): () => void;
  deadLetter(letter: {
    received: number;
    board: string | null;
    line: string;
    reason: string;
    detail?: string;
    consumer?: string;
    entry?: number;
  }): Promise<void>;
}

export interface DrainOptions {
  /** Name of the cursor, and of the output in dead letters and statistics. */
  consumer: string;
  journal: DrainJournal;
  write: Write;
  /** Most entries per batch. */
  batchSize?: number;
  /**
   * Batches on their way at once; the newest entries have one more of their own beside a backlog. With 3 the next one is
   * prepared while a database with two cores writes two: measured, a backlog drained at 33,800 packs/s instead of 24,000.
   */
  inFlight?: 1 | 2 | 3;
  /**
   * Entries behind the journal's end from which on the newest go first, on a lane of their own (see drain/lanes.ts). Not
   * for an output that must get them in order: then leave it out.
   */
  liveFirstEntries?: number;
  /** How long to let entries gather before a batch that is not full is written, in ms. */
  gatherMs?: number;
  /** Back-off between failures: doubles from the first to the longest, in ms; each pause lies in its upper half. */
  firstPauseMs?: number;
  longestPauseMs?: number;
  /** How long `stop` waits for the batch on its way before it is called off (it stays in the journal), in ms. */
  stopWithinMs?: number;
  random?: () => number;
  log?: (level: "info" | "warn" | "error", message: string, detail?: Record<string, unknown>) => void;
}

export interface DrainStats {
  consumer: string;
  /** `idle` nothing to do, `writing`, `retrying` the output does not answer, `needs-person` it refuses us as a whole. */
  state: "idle" | "writing" | "retrying" | "needs-person" | "stopped";
  accepted: number;
  rejected: number;
  /** Writes that ended with something kept. */
  failures: number;
  /** Failures since the last success. */
  failing: number;
  lastError: string | null;
  /** Everything up to this entry has ended. */
  settled: number;
  /** Entries that have not ended yet; of those `liveLag` are newer than any that has been sent on its way. */
  lag: number;
  liveLag: number;
  /** How long entries have waited without any headway, in ms of real time; 0 when nothing waits. */
  stuckMs: number;
}

export interface Drain {
  stats(): DrainStats;
  /** Waits for the batch on its way; what was not accepted stays in the journal. */
  stop(): Promise<void>;
}

/** No output may ask for more silence than this: a mistaken Retry-After must not stop the line for a day. */
const LONGEST_RETRY_AFTER_MS = 600_000;

/** Starts to carry the journal to `write`, from the consumer's cursor on. */
export function startDrain(options: DrainOptions): Drain {
  const { consumer, journal, write } = options;
  const batchSize = options.batchSize ?? 1000;
  const inFlight = options.inFlight ?? 1;
  const gatherMs = options.gatherMs ?? 250;
  const firstPauseMs = options.firstPauseMs ?? 1000;
  const longestPauseMs = options.longestPauseMs ?? 60_000;
  const random = options.random ?? Math.random;
  const log = options.log ?? (() => undefined);

  const stopping = new AbortController();
  const calledOff = new AbortController();
  const lanes = new Lanes(journal, consumer, options.liveFirstEntries ?? Infinity);
  let liveLaunched = -Infinity;
  let pause: Promise<void> | null = null;
  let wake: (() => void) | null = null;
  let state: DrainStats["state"] = "idle";
  let accepted = 0;
  let rejected = 0;
  let failures = 0;
  let failing = 0;
  let lastError: string | null = null;
  let headway = performance.now();

  const rest = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined) as Promise<void>;

  function fail(kept: NonNullable<Written["kept"]>, round: number): void {
    failures++;
    lastError = kept.reason;
    state = kept.needsPerson ? "needs-person" : "retrying";
    if (failing !== round || stopping.signal.aborted) return; // the other flight failed for the same cause and has set the pause
    const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failing, 20));
    const asked = Math.min((kept.retryAfterS ?? 0) * 1000, LONGEST_RETRY_AFTER_MS);
    failing++;
    const pauseMs = Math.round(Math.max(asked + (random() * firstPauseMs) / 2, (ceiling / 2) * (1 + random())));
    const level = kept.needsPerson ? "error" : "warn";
    log(level, `${consumer}: not written, it stays in the journal`, { reason: kept.reason, pauseMs });
    pause = rest(pauseMs);
  }

  async function bury(batch: Journalled[], rejections: Rejection[]): Promise<void> {
    for (const { index, reason, detail } of rejections) {
      const entry = batch[index];
      await journal.deadLetter({
        received: entry.received,
        board: entry.board,
        line: entry.kind === "pack" ? entry.line : JSON.stringify(entry.detail),
        reason,
        detail,
        consumer,
        entry: entry.id,
      });
    }
  }

  function settle(): void {
    for (const lane of lanes.all()) if (lane.settle()) headway = performance.now();
  }

  async function attempt(flight: Flight): Promise<void> {
    const round = failing;
    try {
      const result = await write(flight.entries, calledOff.signal);
      await bury(flight.entries, result.rejected);
      if (result.done > 0) flight.endedTo = flight.entries[result.done - 1].id;
      flight.entries = flight.entries.slice(result.done);
      rejected += result.rejected.length;
      accepted += result.done - result.rejected.length;
      settle();
      if (flight.entries.length > 0) return fail(result.kept ?? { reason: "the output kept it" }, round);
      if (failing > 0) log("info", `${consumer}: writing again`);
      failing = 0;
      lastError = null;
      state = "writing";
    } catch (error) {
      fail({ reason: error instanceof Error ? error.message : String(error) }, round);
    }
  }

  async function carry(flight: Flight): Promise<void> {
    while (flight.entries.length > 0 && !stopping.signal.aborted) {
      if (pause !== null) await pause;
      if (!stopping.signal.aborted) await attempt(flight);
    }
  }

  /** Sends the next batch on its way, if one waits and may go. */
  function launch(): boolean {
    const { main, live } = lanes;
    const free = main.flights.length < inFlight;
    if (live === null) return free && main.launch(batchSize, carry);
    const waiting = live.waiting(journal.head().id);
    const due = waiting >= batchSize || performance.now() - liveLaunched >= gatherMs;
    if (waiting > 0 && due && live.flights.length === 0) {
      liveLaunched = performance.now();
      return live.launch(batchSize, carry);
    }
    // The backlog has what the newest entries leave.
    return free && waiting < batchSize && main.launch(batchSize, carry);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        settle();
        if (failing === 0) lanes.arrange(journal.head().id);
        if (launch()) continue;
        const flights = lanes.all().flatMap((lane) => lane.flights);
        if (lanes.live !== null) await moment(flights);
        else if (flights.length > 0) await flights[0].ended;
        else await quiet();
      } catch (error) {
        fail({ reason: `journal: ${error instanceof Error ? error.message : String(error)}` }, failing);
        await pause;
      }
    }
    await Promise.all(lanes.all().flatMap((lane) => lane.flights.map((flight) => flight.ended)));
  }

  /** Until one of the flights has ended, or the newest entries have gathered. */
  async function moment(flights: Flight[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const gathered = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(gatherMs, 10));
      wake = () => stopping.signal.aborted && resolve();
    });
    // One that has ended, and waits only for the one before it to be settled, is nothing to wait for.
    const flying = flights.filter((flight) => flight.entries.length > 0);
    await Promise.race([...flying.map((flight) => flight.ended), gathered]);
    clearTimeout(timer);
    wake = null;
  }

  /** Until the journal commits something more, and then a moment for others to join it, at most until a batch is full. */
  async function quiet(): Promise<void> {
    if (failing === 0) state = "idle";
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (stopping.signal.aborted) resolve();
    });
    headway = performance.now();
    if (gatherMs > 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, gatherMs);
        wake = () => {
          if (!stopping.signal.aborted && lanes.main.waiting(journal.head().id) < batchSize) return;
          clearTimeout(timer);
          resolve();
        };
        wake();
      });
    wake = null;
    if (failing === 0) state = "writing";
  }

  const forget = journal.onCommit(() => wake?.());
  const running = run();

  return {
    stats: () => ({
      consumer,
      state,
      accepted,
      rejected,
      failures,
      failing,
      lastError,
      settled: lanes.main.settledTo,
      lag: lanes.lag(journal.head().id),
      liveLag: (lanes.live ?? lanes.main).waiting(journal.head().id),
      stuckMs: lanes.lag(journal.head().id) > 0 ? performance.now() - headway : 0,
    }),
    async stop() {
      forget();
      stopping.abort();
      wake?.();
      const late = setTimeout(() => calledOff.abort(), options.stopWithinMs ?? 5000);
      await running;
      clearTimeout(late);
      state = "stopped";
    },
  };
}
