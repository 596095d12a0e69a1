/** One start of a board in memory, and what is known of the starts after it. */
import type { Anchored } from "./anchor.js";
import { chainEnd } from "./chain.js";
import type { ChainEnd } from "./chain.js";
import { flat } from "./rows.js";
import type { LaterRow, ReceivedRow, StreamRow } from "./rows.js";
import type { RangeEdits, Ranges } from "./ranges.js";
import type { UnixMs } from "../model.js";

export interface Stream extends Anchored {
  id: number;
  board: string;
  epoch: string;
  boot: number;
  received: Ranges;
  end: ChainEnd;
  rowDirty: boolean;
  edits: RangeEdits;
  /** What {@link Later} was at a version of the board. */
  later: { at: Later; version: number } | null;
  /** Set while a later start is known: whether its lines keep step with the clock; see {@link keepsStep}. */
  pace: Pace | null;
}

/** The newest line of a start that is said to be over, and how many before it in a row came as they were made. */
export interface Pace {
  uptimeMs: number;
  received: UnixMs;
  steps: number;
}

/** So many steps in a row show that a start goes on: what waited in flash comes the newest first, and faster. */
const LIVE_STEPS = 3;
/** Lines closer together are those of one round, and show nothing. */
const STEP_MS = 5000;
/** As much may one travel longer than the one before, and a tenth of the time between them. */
const TRAVEL_MS = 1000;

/** When a later start of the board began, at the latest; null if that is not known, undefined if there is none. */
export type Later = UnixMs | null | undefined;

/** The streams of a board that are in memory: the one that was asked for last, and all if there are several. */
export interface Loaded {
  recent: Stream;
  /** By `<epoch>.<boot>`, in the order in which they were loaded. */
  all: Map<string, Stream> | null;
  /** Grows when a start comes to be known, or when it began. */
  version: number;
}

export function nameOf({ epoch, boot }: Stream): string {
  return `${epoch}.${boot}`;
}

/** A text of its own: a piece of a line keeps the whole line in memory. */
function alone(text: string): string {
  return Buffer.from(text).toString();
}

/** A start that was never heard of. */
export function newStream(id: number, board: string, epoch: string, boot: number): Stream {
  return {
    ...{ id, board: alone(board), epoch: alone(epoch), boot },
    ...{ received: [], end: chainEnd(id, 0, 0), edits: new Map(), rowDirty: true, later: null, pace: null },
    ...{ anchor: null, anchorSteps: null, helloUptime: null, greeted: false, boundUptime: null },
  };
}

/** The start as its rows keep it. An anchor without a hello's uptime is a bound. */
export function keptStream(row: StreamRow, rows: ReceivedRow[], board: string, epoch: string, boot: number): Stream {
  const newest = rows.reduce((a, b) => (b.last_id > a.last_id ? b : a), { last_id: 0, depth: 0 });
  const { anchor, hello_uptime: helloUptime } = row;
  return {
    ...newStream(row.id, board, epoch, boot),
    ...{ received: flat(rows), end: chainEnd(row.id, newest.last_id, newest.depth), rowDirty: false },
    ...{ anchor, helloUptime, greeted: helloUptime !== null },
  };
}

/** Of the starts of an epoch after `boot`, on disk (`rows`) and in memory, which is newer: when the first of them began. */
export function firstLater(rows: LaterRow[], loaded: Loaded | undefined, epoch: string, boot: number): Later {
  const anchors = new Map(rows.map((row) => [row.boot, row.anchor]));
  for (const stream of loaded?.all?.values() ?? (loaded === undefined ? [] : [loaded.recent]))
    if (stream.epoch === epoch && stream.boot > boot) anchors.set(stream.boot, stream.anchor);
  let first: Later;
  for (const anchor of anchors.values())
    if (first === undefined || first === null || (anchor !== null && anchor < first)) first = anchor;
  return first;
}

/** Whether a start is going on although a later one is known: a board whose counter of starts has gone back. */
export function isLive({ pace }: Stream): boolean {
  return pace !== null && pace.steps >= LIVE_STEPS;
}

/**
 * Takes a line of a start that is said to be over. A board's counter of starts goes back where its flash is written from
 * a copy; it must not be unheard until the counter has caught up. Each line of a start that goes on is newer than the
 * one before by as much as it came later.
 */
export function keepsStep(stream: Stream, uptimeMs: number, received: UnixMs): boolean {
  const { pace } = stream;
  if (isLive(stream)) return true;
  const made = uptimeMs - (pace?.uptimeMs ?? -Infinity);
  if (pace !== null && made < STEP_MS) return false;
  const inStep = pace !== null && Math.abs(received - pace.received - made) <= TRAVEL_MS + made / 10;
  stream.pace = { uptimeMs, received, steps: inStep ? pace.steps + 1 : 0 };
  return isLive(stream);
}
