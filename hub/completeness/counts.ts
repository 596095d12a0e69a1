/**
 * The loss ledger as people and programs read it: per thing (a board at a site) and hour what arrived, what is missing
 * and why. What is expected is what the numbers say; where no number says anything, the hour is silent, not complete.
 */
import type { UnixMs } from "../model.js";
import type { Piece } from "./gaps.js";
import type { NumberBook } from "./numbers.js";
import { HOUR_MS } from "./store.js";
import type { Reading } from "./read.js";
import type { Told, Waiting } from "./store.js";

/** Why a number is missing: the board's ring dropped it and said so; it may still wait on the board; nobody said why. */
export type MissingReason = "dropped" | "may-wait" | "unexplained";

export interface Counts {
  /** Readings' packs that the numbers speak of: received, dead and missing. */
  expected: number;
  received: number;
  dropped: number;
  mayWait: number;
  unexplained: number;
  /** Arrived, authentic, and useless; the hour is that of arrival. */
  dead: number;
  /** Sent again and not stored again; the hour is that of arrival. */
  duplicates: number;
  /** Refused lines that named this board; the hour is that of arrival. */
  refused: number;
  /** Arrived more than ten minutes after they were measured. */
  late: number;
  /** Packs whose time carries a doubt: the board's clock or the hub's was wrong. */
  clock: number;
}

export interface HourReport extends Counts {
  site: string | null;
  board: string;
  /** Start of the hour. */
  hour: UnixMs;
  state: "complete" | "incomplete" | "silent";
}

export interface ThingReport extends Counts {
  site: string | null;
  board: string;
  /** Received of expected, 0–1; null where nothing was expected. */
  completeness: number | null;
  /** Whole hours in which it hung there and no number says anything. */
  silentHours: number;
  /** Dead letters by reason, refused lines by fault. */
  deadBy: Record<string, number>;
  refusedBy: Record<string, number>;
  /** Where the time used came from, by packs. */
  times: { node: number; anchor: number; received: number };
  /** What the board's last hello said is waiting on it, less what has come since; null if it never said hello. */
  waiting: { lines: number; at: UnixMs } | null;
}

export interface MissingRange extends Piece {
  site: string | null;
  board: string;
  epoch: string;
  boot: number;
  reason: MissingReason;
}

export interface LedgerQuery {
  site?: string;
  board?: string;
  /** Only hours from here on, and before `to`. Without them what is missing at no known time counts, too. */
  from?: UnixMs;
  to?: UnixMs;
  now: UnixMs;
  /** Hour by hour, too: so many rows at most. Without it a whole city's ledger is added up by the file itself. */
  hours?: number;
}

/** Where boards hung: the registry. */
export interface Places {
  siteOf(board: string, at: UnixMs): { id: string } | undefined;
  boards(): { board: string; assignments: { site: string | null; from: UnixMs }[] }[];
}

export interface Sources {
  numbers: NumberBook;
  /** Null before a hub has made the completeness file: then nothing is known about hours. */
  hours: Reading | null;
  places: Places;
}

/** What all boards share, read once for all of them. */
export interface Shared {
  told: Map<string, Told[]>;
  waiting: Map<string, Waiting>;
  assignments: Map<string, { site: string | null; from: UnixMs }[]>;
}

/** Everything of one board that the query asks for. */
export interface BoardLedger {
  things: ThingReport[];
  hours: HourReport[];
  missing: MissingRange[];
}

/** The whole ledger, as the command and the API give it. */
export interface LedgerReport extends BoardLedger {
  total: Counts & { completeness: number | null; silentHours: number };
  /** How many hours there are, whatever was asked for of them. */
  hoursThere: number;
  /** Refused lines that named no registered board, by fault. */
  strangers: Record<string, number>;
  /** Entries of the journal that are not placed in hours yet; their numbers count as received, their packs do not. */
  behind: number;
}

/** No counts at all. */
export function emptyCounts(): Counts {
  const counts = { expected: 0, received: 0, dropped: 0, mayWait: 0, unexplained: 0 };
  return { ...counts, dead: 0, duplicates: 0, refused: 0, late: 0, clock: 0 };
}

/** Hours since 1970 that a query is about, first and end; every hour that it touches counts whole. */
export function hoursOf({ from, to }: Pick<LedgerQuery, "from" | "to">): [first: number, end: number] {
  return [Math.floor((from ?? 0) / HOUR_MS), to === undefined ? LAST_HOUR : Math.ceil(to / HOUR_MS)];
}

/** Later than any hour of a reading. */
const LAST_HOUR = 2 ** 40;
const COUNTED = Object.keys(emptyCounts()) as (keyof Counts)[];

/** Adds `more` to `sum`, count by count. */
export function addCounts(sum: Counts, more: Counts): void {
  for (const name of COUNTED) sum[name] += more[name];
}
