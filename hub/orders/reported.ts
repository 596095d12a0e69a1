/**
 * What boards say of themselves: the last hello of each, as a row of the registry where it differs from the one before.
 * A row costs a write to the disk, so those of a few seconds go together; and a board that says something else with
 * every hello gets a few rows at once and then one in ten minutes.
 */
import type { Clock } from "../clock.js";
import type { OrderSource } from "../orders.js";
import type { Registry } from "../registry.js";
import type { RowOf } from "../registry/rows.js";
import type { Reported } from "../registry/sides.js";
import { VOUCHED_KEY_ID } from "../pipeline/vouched.js";
import { slotsIn } from "./word.js";

const HUB = "hub";
const GATHER_MS = 2000;
const AT_ONCE = 6;
const AGAIN_MS = 600_000;
/** Erasures of a page of flash that make no row of their own. */
const WEAR_STEP = 50;
/** Change of what the board receives that makes one, in dB: less is weather. */
const SIGNAL_STEP = 10;

type Said = Omit<RowOf<"reported">, "kind" | "board">;

/** What makes a row of its own when it has changed. */
const FIELDS = ["image", "version", "set", "refused", "period", "slot", "runs", "back", "fence"] as const;

function saidIn(hello: Said): Said {
  const { image, version, set, refused, period, slot, runs, back, fence, wear, signalDbm } = hello;
  return { image, version, set, refused, period, slot, runs, back, fence, wear, signalDbm };
}

function differs(now: Said, before: Reported | null): boolean {
  if (before === null) return true;
  const worn = (now.wear ?? 0) - (before.wear ?? 0);
  if (worn < 0 || worn >= WEAR_STEP) return true;
  const { signalDbm } = now;
  if (signalDbm !== undefined && Math.abs(signalDbm - (before.signalDbm ?? 0)) >= SIGNAL_STEP) return true;
  return FIELDS.some((name) => now[name] !== before[name]);
}

export interface ReportedNotes extends OrderSource {
  /** What the board said last, written or not. */
  of(board: string): { set?: number } | null;
  /** Writes what has not been written yet. */
  stop(): void;
}

/** Notes what boards say. `failed` is told what the registry could not keep: it is tried again. */
export function noteReported(
  registry: Pick<Registry, "reported" | "add">,
  clock: Clock,
  failed: (error: unknown) => void,
): ReportedNotes {
  const waiting = new Map<string, Said>();
  const spent = new Map<string, { rows: number; since: number }>();
  let gathering: (() => void) | null = null;

  function mayWrite(board: string): boolean {
    const now = clock.steady();
    const one = spent.get(board) ?? { rows: 0, since: now };
    const back = Math.floor((now - one.since) / AGAIN_MS);
    if (back > 0) {
      one.rows = Math.max(0, one.rows - back);
      one.since += back * AGAIN_MS;
    }
    if (one.rows >= AT_ONCE) return false;
    one.rows++;
    spent.set(board, one);
    return true;
  }

  function write(all: boolean): void {
    gathering = null;
    const rows: RowOf<"reported">[] = [];
    for (const [board, said] of waiting) {
      if (!differs(said, registry.reported(board))) waiting.delete(board);
      else if (all || mayWrite(board)) rows.push({ kind: "reported", board, ...said });
    }
    try {
      if (rows.length > 0) registry.add(rows, HUB);
      for (const { board } of rows) waiting.delete(board);
    } catch (error) {
      failed(error);
    }
    if (!all && waiting.size > 0) gather(AGAIN_MS / 10);
  }

  function gather(ms: number): void {
    gathering ??= clock.after(ms, () => write(false));
  }

  const last = (board: string): Said | null => waiting.get(board) ?? registry.reported(board);

  function note(board: string, said: Said): void {
    waiting.delete(board);
    if (!differs(said, registry.reported(board))) return;
    waiting.set(board, said);
    gather(GATHER_MS);
  }

  return {
    of: last,
    greeted({ board, keyId }, hello) {
      const said = saidIn(hello);
      const before = last(board);
      // Over a narrow radio that comes in a word of its own; till then what it last said stands.
      if (keyId === VOUCHED_KEY_ID && hello.runs === undefined && before?.runs !== undefined) {
        const { slot, runs, back, refused, period, wear } = before;
        Object.assign(said, { slot, runs, back });
        said.refused ??= refused;
        said.period ??= period;
        said.wear ??= wear;
      }
      note(board, said);
    },
    said(line) {
      const slots = slotsIn(line);
      const before = last(line.board);
      if (slots === undefined || before === null) return;
      const { slot, runs, back, refused, period = before.period, wear = before.wear } = slots;
      note(line.board, saidIn({ ...before, slot, runs, back, refused, period, wear }));
    },
    stop() {
      gathering?.();
      gathering = null;
      if (waiting.size > 0) write(true);
    },
  };
}
