/**
 * When a pack's readings were taken. Three clocks are kept apart: the board's own as it was sent, the moment the hub
 * received the line, and the time that is used, with where it was found and, when the clocks do not agree, why.
 */
import { parseTime } from "../../firmware/wire/line.js";
import type { TimeFrom, TimeWhy, UnixMs } from "../model.js";

/** No post of this network measured before 2025: an earlier time is a clock that was never set. */
export const EARLIEST: UnixMs = Date.UTC(2025, 0, 1);
/** A board's clock may be ahead of the hub's by this much, in milliseconds. */
export const MOST_AHEAD_MS = 2 * 60_000;
/** A board's clock and its uptime since its hello may drift apart by this much: 50 ppm in ten weeks. */
export const ASTRAY_MS = 5 * 60_000;

/** What the hub says of its own clock: null if it is to be trusted. */
export type HubDoubt = "hub-clock-unsure" | "hub-clock-stepped" | null;

export interface ReadingTime {
  nodeTime: UnixMs | null;
  time: UnixMs;
  timeFrom: TimeFrom;
  timeWhy?: TimeWhy;
}

/** What the ledger knows of the board's start that took the readings. */
export interface ReadingStart {
  /** When a later start of the board began, at the latest; null: not known; undefined: none was heard of. */
  later(): UnixMs | null | undefined;
  /** The latest time at which the readings can have been taken, by when lines of this start came and by `later`. */
  bound(later: UnixMs | null | undefined): UnixMs;
}

/**
 * Chooses the time of the readings: the board's own clock if it is plausible, else its uptime counted from its hello
 * (`anchor`: the hub's time at uptime 0, null if none was heard), else the moment they arrived. A start that never
 * greeted and is over ended before the next began: its readings are counted back from there, and are history, however
 * late that is (`start-unheard`). While the hub's clock is unsure nothing can be held against it: then its own time
 * orders the readings, right or wrong, by uptime where the hello came under that same clock.
 * @param anchorSure whether the anchor belongs to the clock that the hub has now
 */
export function readingTime(
  sent: string,
  uptimeMs: number,
  anchor: UnixMs | null,
  received: UnixMs,
  hub: HubDoubt = null,
  anchorSure: () => boolean = () => false,
  start: ReadingStart = { later: () => undefined, bound: () => received },
): ReadingTime {
  const nodeTime = parseTime(sent)?.unixMs ?? null;
  const counted = anchor === null ? null : anchor + uptimeMs;
  const past = counted !== null && counted <= received + MOST_AHEAD_MS;
  if (hub === "hub-clock-unsure") {
    if (past && anchorSure()) return { nodeTime, time: counted, timeFrom: "anchor", timeWhy: hub };
    return unheard(nodeTime, received, hub, start);
  }
  let why: TimeWhy | null = null;
  if (nodeTime !== null) {
    if (nodeTime < EARLIEST) why = "node-clock-unset";
    else if (nodeTime > received + MOST_AHEAD_MS) why = "node-clock-ahead";
    else if (past && Math.abs(nodeTime - counted) > ASTRAY_MS && anchorSure()) why = "node-clock-astray";
    else return told({ nodeTime, time: nodeTime, timeFrom: "node" }, hub);
  }
  why ??= hub;
  // A hello that travelled so long that the next start had begun by then says nothing of the time.
  if (past && counted >= EARLIEST && counted <= (start.later() ?? Infinity) + ASTRAY_MS)
    return told({ nodeTime, time: counted, timeFrom: "anchor" }, why);
  return unheard(nodeTime, received, why, start);
}

/** No hello tells the time of the readings. */
function unheard(nodeTime: UnixMs | null, received: UnixMs, why: TimeWhy | null, start: ReadingStart): ReadingTime {
  const least = why === "hub-clock-unsure" ? -Infinity : EARLIEST;
  const heard = start.later();
  const later = typeof heard === "number" && heard < least ? null : heard;
  const bound = start.bound(later);
  const time = bound < least ? received : bound;
  // This line may have shown that the start goes on: then no later one is known any more.
  if (later !== undefined && start.later() !== undefined)
    return { nodeTime, time, timeFrom: later === null ? "received" : "anchor", timeWhy: "start-unheard" };
  return told({ nodeTime, time, timeFrom: "received" }, why);
}

function told(found: ReadingTime, why: TimeWhy | null): ReadingTime {
  if (why !== null) found.timeWhy = why;
  return found;
}
