/**
 * Keeps the completeness file: behind a cursor of its own it adds up what the journal took in, in memory, and writes
 * every few seconds. What is in no entry (duplicates, refusals) is counted by the pipeline and written along: a SIGKILL
 * forgets the last seconds of those two counts, never a number.
 */
import type { Clock } from "../clock.js";
import type { Cursor, Journalled } from "../model.js";
import { changedHours } from "./changed.js";
import type { HourReport, LedgerQuery, LedgerReport, Places, Sources } from "./counts.js";
import { Fold } from "./fold.js";
import { openNumbers } from "./numbers.js";
import { makeReport } from "./report.js";
import { createSteps } from "../store/steps.js";
import { openStore, HOUR_MS } from "./store.js";
import type { Reading } from "./read.js";
import type { Store } from "./store.js";

/** Name of the cursor in the journal. */
export const LEDGER_CONSUMER = "ledger";

interface LedgerJournal {
  head(): Cursor;
  cursor(consumer: string): Cursor;
  settle(consumer: string, id: number): void;
  removeConsumer(consumer: string): boolean;
  read(after: number, limit: number): Journalled[];
  onCommit(fn: () => void): () => void;
  deadLetters(
    limit: number,
    after: number,
  ): { id: number; received: number; board: string | null; reason: string; consumer: string | null }[];
}

export interface CompletenessOptions {
  file: string;
  journal: LedgerJournal;
  clock: Clock;
  /** The journal's own file, whose numbers are read for a report. */
  journalFile: string;
  places: Places;
  /** Hours are kept this long. */
  days: number;
  /** Whether hours may be dropped by the clock. Default: always. */
  settled?(): boolean;
  /** Real time between two writes, in ms. */
  writeEveryMs?: number;
  warn(message: string, error: unknown): void;
}

export interface Completeness {
  store: Store;
  /** What the pipeline tells: it is in no entry. `board` null: none that is registered. */
  duplicate(board: string): void;
  refused(fault: string, board: string | null): void;
  /** The loss ledger, up to this moment. */
  report(query: LedgerQuery): Promise<LedgerReport>;
  /** Gives hours that have changed since the output's mark to `write`; the mark moves on if it took all of them. */
  carry(output: string, write: (hours: HourReport[]) => Promise<boolean>): Promise<void>;
  stats(): { lag: number; failing: boolean };
  /** Reads what is committed and writes it. False if the disk did not take it. */
  flush(): boolean;
  stop(): void;
}

const SLICE = 1000;
const LETTERS = 500;
const DROP_EVERY_MS = 600_000;

/** Starts it. @throws SetupError `COMPLETENESS_NEWER`, `_OLDER`, `_CORRUPT`, `_NOT_WRITABLE` */
export function startCompleteness(options: CompletenessOptions): Completeness {
  const { journal, clock, warn } = options;
  const store = openStore(options.file);
  const known = store.read.cursor();
  const head = journal.head();
  if (known.epoch !== head.epoch || known.id > head.id) {
    store.clear();
    // From the oldest entry that is kept.
    journal.removeConsumer(LEDGER_CONSUMER);
  } else if (journal.cursor(LEDGER_CONSUMER).id > known.id) journal.removeConsumer(LEDGER_CONSUMER);
  const begun = journal.cursor(LEDGER_CONSUMER).id;
  if (store.read.since() === 0)
    store.setSince(Math.min(clock.now(), journal.read(begun, 1)[0]?.received ?? clock.now()));
  const fold = new Fold(store.read.waiting());
  const again = store.again();
  /** Of a mended file: what its hours had lost. What boards waited for is not counted a second time. */
  const missed = new Fold([]);
  let read = Math.max(begun, store.read.cursor().id);
  let letter = store.letter();
  let failing = false;
  let stopped = false;
  let turn: NodeJS.Immediate | null = null;

  /** One slice of the journal. False when there is no more. */
  function slice(): boolean {
    const entries = journal.read(read, SLICE);
    for (const entry of entries)
      if (entry.id > again.to) fold.entry(entry);
      else if (entry.kind === "pack" && entry.time >= again.from * HOUR_MS) missed.entry(entry);
    if (entries.length > 0) read = entries[entries.length - 1].id;
    return entries.length === SLICE;
  }

  function follow(): void {
    turn = null;
    if (!stopped && slice()) turn = setImmediate(follow);
  }

  /** Dead letters since the last write. Those of an output are entries, which arrived. */
  function letters(): number {
    let last = letter;
    for (;;) {
      const some = journal.deadLetters(LETTERS, last);
      for (const one of some) if (one.consumer === null) fold.tell("dead", one.reason, one.board ?? "", one.received);
      last = some.at(-1)?.id ?? last;
      if (some.length < LETTERS) return last;
    }
  }

  function write(): boolean {
    try {
      letter = letters();
      const settled = journal.cursor(LEDGER_CONSUMER).id;
      if (fold.dirty() || read > settled) {
        const cursor = { epoch: journal.head().epoch, id: read };
        const addition = fold.addition(store);
        const hours = [...addition.hours, ...missed.addition(store).hours];
        store.add({ ...addition, hours, cursor, letter });
        fold.written();
        missed.written();
        journal.settle(LEDGER_CONSUMER, read);
      }
      failing = false;
    } catch (error) {
      if (!failing) warn("the ledger's hours could not be written; they wait in memory", error);
      failing = true;
    }
    return !failing;
  }

  const forget = journal.onCommit(() => {
    turn ??= setImmediate(follow);
  });
  turn = setImmediate(follow);
  const timer = setInterval(write, options.writeEveryMs ?? 5000);
  let dropped = Promise.resolve();
  const drop = async (): Promise<void> => {
    if (options.settled?.() === false) return;
    const oldest = Math.floor(clock.now() / HOUR_MS) - Math.ceil(options.days * 24);
    const steps = createSteps({ first: 100, least: 10, most: 1000 });
    for (let begun = false; !stopped; begun = true) {
      if (steps.run((size) => store.drop(oldest, size)) === 0) return;
      if (!begun) store.setSince(oldest * HOUR_MS);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const dropping = setInterval(() => {
    dropped = dropped.then(drop).catch((error: unknown) => warn("old hours of the ledger could not be dropped", error));
  }, DROP_EVERY_MS);

  async function reading<Result>(work: (sources: Sources & { hours: Reading }) => Promise<Result>): Promise<Result> {
    write();
    const numbers = openNumbers(options.journalFile);
    try {
      return await work({ numbers, hours: store.read, places: options.places });
    } finally {
      numbers.close();
    }
  }

  const flush = (): boolean => {
    while (slice());
    return write();
  };
  return {
    store,
    duplicate: (board) => fold.tell("duplicate", "", board, clock.now()),
    refused: (fault, board) => fold.tell("refused", fault, board ?? "", clock.now()),
    report: (query) => reading((sources) => makeReport(sources, query)),
    carry: (output, take) =>
      reading(async (sources) => {
        const { mark, batches } = changedHours(sources, store.mark(output), clock.now());
        for (const hours of batches) if (stopped || !(await take(hours)) || stopped) return;
        store.setMark(output, mark);
      }),
    stats: () => ({ lag: Math.max(0, journal.head().id - read), failing }),
    flush,
    stop() {
      if (stopped) return;
      stopped = true;
      forget();
      clearInterval(timer);
      clearInterval(dropping);
      if (turn !== null) clearImmediate(turn);
      flush();
      store.read.close();
    },
  };
}
