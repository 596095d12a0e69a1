/**
 * The board's side of a bench test, by the hub's ordinary ways: it is asked for a test as by `aryk board test`, and its
 * readings are those that the journal keeps of the round that it then made. The journal is read beside the hub.
 */
import Database from "better-sqlite3";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import type { Hello } from "../../firmware/wire/pack.js";
import { openNumbers } from "../completeness/numbers.js";
import { JournalReader } from "../journal/read.js";
import type { Journalled, PackEntry } from "../model.js";
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
  /** The last hello since the test began. */
  hello(): Hello | null;
  close(): void;
}

const POLL_MS = 200;
/** The reply goes out before the readings of its round: for so long they may be under way. */
const READINGS_MS = 60_000;
const READ_AT_ONCE = 1000;
/** What the journal keeps of a reply: its number, and what it says. */
interface Reply {
  epoch: string;
  boot: number;
  seq: number;
  reply: Record<string, unknown>;
}

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

  /** What came of the board since the test began, in order. */
  const own: Journalled[] = [];
  let seen = numbers.head().id;

  function catchUp(): void {
    for (let entries = reader.read(seen, READ_AT_ONCE); entries.length > 0; entries = reader.read(seen, READ_AT_ONCE)) {
      own.push(...entries.filter((entry) => entry.board === board));
      seen = entries[entries.length - 1].id;
    }
  }

  function replyTo(nonce: string): Reply | undefined {
    catchUp();
    return own
      .flatMap((entry) => (entry.kind === "event" && entry.event === "reply" ? [entry.detail as unknown as Reply] : []))
      .find(({ reply }) => reply.to === nonce);
  }

  /** What stands in the packs of the round that ended with this reply: the one numbered before it, and those of its uptime. */
  function roundOf({ epoch, boot, seq }: Reply): Map<string, Said> {
    catchUp();
    const packs = own.filter(
      (entry) => entry.kind === "pack" && entry.epoch === epoch && entry.boot === boot,
    ) as PackEntry[];
    const last = packs.find((pack) => pack.seq === seq - 1);
    const readings = new Map<string, Said>();
    if (last === undefined) return readings;
    const endedMs = uptimeOf(last);
    for (const pack of packs)
      if (pack.seq < seq && uptimeOf(pack) === endedMs)
        for (const { property, value, why } of pack.observations)
          readings.set(property, value === null ? { fault: why?.[0] ?? "missing" } : { value });
    return readings;
  }

  return {
    async ask(patienceMs, signal) {
      const nonce = askBoard(registry, board, "test", by);
      const end = performance.now() + patienceMs;
      let reply = replyTo(nonce);
      while (reply === undefined) {
        if (signal.aborted || performance.now() > end) return null;
        await pause(POLL_MS, signal);
        reply = replyTo(nonce);
      }
      const late = performance.now() + Math.min(READINGS_MS, patienceMs);
      let readings = roundOf(reply);
      while (!wanted.every((name) => readings.has(name)) && !signal.aborted && performance.now() < late) {
        await pause(POLL_MS, signal);
        readings = roundOf(reply);
      }
      return { report: reply.reply, readings };
    },
    hello() {
      catchUp();
      const last = own.findLast((entry) => entry.kind === "event" && entry.event === "hello");
      return last?.kind === "event" ? (last.detail as unknown as Hello) : null;
    },
    close() {
      numbers.close();
      db.close();
    },
  };
}
