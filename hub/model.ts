/**
 * The hub's nouns (OGC SensorThings) and flags (QARTOD). This file imports no library.
 */
declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A place that is measured: it outlives every board that hangs there. */
export type SiteId = Brand<string, "SiteId">;
/** A board: signs and numbers its packs; moves from site to site. */
export type BoardId = Brand<string, "BoardId">;
/** Milliseconds since 1970-01-01 UTC. */
export type UnixMs = number;

/** QARTOD flags: pass, not evaluated, suspect, fail, missing (IOOS QARTOD; aggregate priority 9 < 2 < 1 < 3 < 4). */
export type Flag = 1 | 2 | 3 | 4 | 9;
export const PASS = 1 satisfies Flag;
export const NOT_EVALUATED = 2 satisfies Flag;
export const SUSPECT = 3 satisfies Flag;
export const FAIL = 4 satisfies Flag;
export const MISSING = 9 satisfies Flag;

/** Where the time of a pack was found: the board's own clock, its uptime anchored by a hello, or the moment it arrived. */
export type TimeFrom = "node" | "anchor" | "received";

/**
 * What is wrong with a clock behind a reading's time: the board's was never set (before 2025), is ahead of the hub's, or
 * leads elsewhere than its uptime does since its hello (it was restarted, or set); or the hub's own is not to be trusted:
 * it cannot be right, or it was set within the last hour. Or no hello told when the board's start began, and a later start
 * was heard of: then the time is the latest that it can have been, and the reading is never one of now (see newest.ts).
 */
export type TimeWhy =
  | ("node-clock-unset" | "node-clock-ahead" | "node-clock-astray" | "hub-clock-unsure" | "hub-clock-stepped")
  | typeof START_UNHEARD;
export const START_UNHEARD = "start-unheard";

/**
 * One value of one property at one site. `value` is null exactly when the sensor gave none (`fault` says why, flag 9).
 * Derived observations carry the number of the calibration record that made them; raw ones carry 0.
 */
export interface Observation {
  property: string;
  value: number | null;
  flag: Flag;
  /** The tests that did not pass (`range`, `spike`, `rate`, `flat`, `gap`, `hull` …), or the sensor's fault. */
  why?: string[];
  /** Number of the calibration record behind a derived value; 0 for a raw one. */
  calibration: number;
}

/** What the hub accepted from a board, as the journal keeps it: the exact line, and everything derived from it. */
export interface PackEntry {
  kind: "pack";
  board: BoardId;
  epoch: string;
  boot: number;
  seq: number;
  /** The sealed line, byte for byte as the board sealed it. */
  line: string;
  /** Input that brought it: `mqtt`, `serial:/dev/ttyUSB0`, `replay:file` … */
  source: string;
  received: UnixMs;
  /** The board's own clock at the readings, as sent; null if it had none. */
  nodeTime: UnixMs | null;
  /** The time used for the readings, and where it was found. */
  time: UnixMs;
  timeFrom: TimeFrom;
  /** Why that time is in doubt, or the board's own was not used; absent when all clocks agree. */
  timeWhy?: TimeWhy;
  /** Null while the board stands at no site: the readings are kept and belong to nobody yet. */
  site: SiteId | null;
  observations: Observation[];
}

/** Something that happened and belongs in the record, but is no reading: a hello, a gap, a reply, a change of set-up. */
export interface EventEntry {
  kind: "event";
  event: "hello" | "gap" | "reply" | "collision" | "registry" | "clock";
  board: BoardId | null;
  site: SiteId | null;
  received: UnixMs;
  detail: Record<string, unknown>;
}

export type Entry = PackEntry | EventEntry;
/** An entry with its place in the journal. Ids grow and are never reused within one journal epoch. */
export type Journalled = Entry & { id: number };

/** A place in the journal: everything up to and including `id` has been consumed. */
export interface Cursor {
  epoch: string;
  id: number;
}

/**
 * What became of a line that an input handed over. The input acknowledges `stored`, `duplicate`, `heard` (it asked
 * something, and is kept nowhere) and `dead` (a dead letter is kept and must not come back), answers nothing to `refused`, and on a thrown error (the journal
 * could not commit) acknowledges nothing so that the board sends again.
 */
export type Accepted =
  | { outcome: "stored" | "duplicate" | "heard"; ack: string | null; command?: string }
  | { outcome: "dead"; reason: string; ack: string | null; command?: string }
  | { outcome: "refused"; fault: string };

/**
 * Resolves after the commit is on disk; what goes wrong rejects, and is never thrown at the call. `ack` is the sealed
 * downlink line (without CRC) that answers the board; a
 * `command` is one more, which follows the answer.
 */
export type Accept = (line: string, from: Source) => Promise<Accepted>;

/** Where a line came from. */
export interface Source {
  /** The input's name, as the journal keeps it. */
  source: string;
  withCrc: boolean;
  /** The board that the transport names, where it does: a line of another board is refused. */
  board?: string;
  /** The transport has proved that board; the line carries the hub's own digest in place of a seal (pipeline/vouched.ts). */
  vouched?: boolean;
  /** The input's own receipt (a PUBACK) follows the commit; the board is told so in the answer to its hello. */
  receipts?: boolean;
}
