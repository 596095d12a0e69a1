/**
 * When a pack's readings were taken. Three clocks are kept apart: the board's own as it was sent, the moment the hub
 * received the line, and the time that is used, with where it was found.
 */
import { parseTime } from "../firmware/wire/line.js";
import type { TimeFrom, UnixMs } from "./model.js";

/** No post of this network measured before 2025: an earlier time is a clock that was never set. */
export const EARLIEST: UnixMs = Date.UTC(2025, 0, 1);
/** A board's clock may be ahead of the hub's by this much, in milliseconds. */
export const MOST_AHEAD_MS = 5 * 60_000;

export interface ReadingTime {
  nodeTime: UnixMs | null;
  time: UnixMs;
  timeFrom: TimeFrom;
}

function plausible(time: UnixMs, received: UnixMs): boolean {
  return time >= EARLIEST && time <= received + MOST_AHEAD_MS;
}

/**
 * Chooses the time of the readings: the board's own clock if it is plausible, else its uptime counted from its hello
 * (`anchor`: the hub's time at uptime 0, null if none was heard), else the moment they arrived.
 */
export function readingTime(sent: string, uptimeMs: number, anchor: UnixMs | null, received: UnixMs): ReadingTime {
  const nodeTime = parseTime(sent)?.unixMs ?? null;
  if (nodeTime !== null && plausible(nodeTime, received)) return { nodeTime, time: nodeTime, timeFrom: "node" };
  if (anchor !== null && plausible(anchor + uptimeMs, received))
    return { nodeTime, time: anchor + uptimeMs, timeFrom: "anchor" };
  return { nodeTime, time: received, timeFrom: "received" };
}
