/**
 * The board's side of a bench test, by the hub's ordinary ways: it is asked for a test as by `aryk board test`, and its
 * readings are those that the journal keeps of the round that it then made. The journal is read beside the hub.
 */
import Database from "better-sqlite3";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import { openNumbers } from "../completeness/numbers.js";
import { JournalReader } from "../journal/read.js";
import type { PackEntry } from "../model.js";
import { askBoard } from "../orders/asks.js";
import type { Registry } from "../registry.js";

/** What a board said of a property: a value, or the fault in its place. */
export type Said = { value: number } | { fault: string };

export interface Answer {
  /** What it says of itself: flash, heap; as much as its link has room for. */
  report: Record<string, unknown>;
  /** By property. */
  readings: Map<string, Said>;
}

export interface NodeSide {
  /** Has the board measure now. Null when it has not answered in time, or was called off. */
  ask(patienceMs: number, signal: AbortSignal): Promise<Answer | null>;
  close(): void;
}

const POLL_MS = 200;
/** The reply goes out before the readings of its round: for so long they may be under way. */
const READINGS_MS = 60_000;
const READ_AT_ONCE = 1000;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}

/** The uptime of a pack, in ms. */
function uptimeOf({ line }: PackEntry): number | null {
  const parsed = parseLine(line, false, UPLINK_MAX);
  return parsed.ok ? parsed.line.uptimeMs : null;
}

/**
 * Opens what the hub keeps of the board.
 * @param wanted  properties that a whole round has; the readings are waited for until all of them are there
 * @throws SetupError NO_JOURNAL where no hub has ever run
 */
export function openNodeSide(
  registry: Registry,
  journalFile: string,
  board: string,
  wanted: string[],
  by: string,
): NodeSide {
  const numbers = openNumbers(journalFile);
  const db = new Database(journalFile, { readonly: true, fileMustExist: true, timeout: 5000 });
  const reader = new JournalReader(db, () => undefined);

  /** Readings of the round that ended at this uptime, of those that came after entry `after`. */
  function roundAt(uptimeS: number, after: number): Map<string, Said> {
    const found = new Map<string, Said>();
    let start = "";
    for (let from = after; ;) {
      const entries = reader.read(from, READ_AT_ONCE);
      for (const entry of entries) {
        if (entry.kind !== "pack" || entry.board !== board) continue;
        const uptimeMs = uptimeOf(entry);
        if (uptimeMs === null || Math.floor(uptimeMs / 1000) !== uptimeS) continue;
        // Two starts may have the same uptime: the later one is meant.
        if (start !== `${entry.epoch}.${entry.boot}`) found.clear();
        start = `${entry.epoch}.${entry.boot}`;
        for (const { property, value, why } of entry.observations)
          found.set(property, value === null ? { fault: why?.[0] ?? "missing" } : { value });
      }
      if (entries.length < READ_AT_ONCE) return found;
      from = entries[entries.length - 1].id;
    }
  }

  return {
    async ask(patienceMs, signal) {
      const head = numbers.head().id;
      const nonce = askBoard(registry, board, "test", by);
      const answered = (): Record<string, unknown> | undefined => {
        registry.refresh();
        return registry.asks(board).find((ask) => ask.nonce === nonce)?.answer?.report;
      };
      const end = performance.now() + patienceMs;
      let report = answered();
      while (report === undefined) {
        if (signal.aborted || performance.now() > end) return null;
        await pause(POLL_MS, signal);
        report = answered();
      }
      const late = performance.now() + Math.min(READINGS_MS, patienceMs);
      let readings = roundAt(Number(report.uptimeS), head);
      while (!wanted.every((name) => readings.has(name)) && !signal.aborted && performance.now() < late) {
        await pause(POLL_MS, signal);
        readings = roundAt(Number(report.uptimeS), head);
      }
      return { report, readings };
    },
    close() {
      numbers.close();
      db.close();
    },
  };
}
