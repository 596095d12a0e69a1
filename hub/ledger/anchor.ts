/**
 * The hub time at a board's uptime 0, as its hellos tell it, and what becomes of it when the hub's clock is set. Of a
 * start that never greeted only the latest that it can have been is known: no line comes before it was made, and the
 * start had ended when a later one began.
 */
import type { UnixMs } from "../model.js";

export interface Anchored {
  /** Hub time at uptime 0: from the board's hello, or (not `greeted`) the latest that it can have been. */
  anchor: UnixMs | null;
  /** How often the hub's clock had been set when the anchor was found in place; null: before this start of the hub. */
  anchorSteps: number | null;
  /** Uptime of the last hello; of one that proved nothing, too. */
  helloUptime: number | null;
  /** Whether the anchor is a hello's. */
  greeted: boolean;
  /** Greatest uptime by which the anchor of a start without a hello was bounded; null: none since the hub's start. */
  boundUptime: number | null;
}

/** A later hello of the same start moves the anchor after this much uptime: a crystal drifts some 0.1 s an hour. */
const REANCHOR_MS = 3_600_000;
/** A hello that travelled for less than this confirms the anchor that stands. */
const SAME_ANCHOR_MS = 300_000;

/** Was the anchor found by another clock than the hub's as it is now, for all that is known? */
function isForeign(stream: Anchored, steps: number): boolean {
  return steps > 0 && stream.anchorSteps !== steps;
}

/**
 * Takes a hello. Of several the earliest anchor stands (that hello travelled least), until an hour of uptime has passed
 * or the hub's clock has been set. `steps`: how often it was set since the start. `late`: a later start of the board had
 * spoken before, so nobody knows when this hello was said, and it is only remembered that it came.
 */
export function anchorBy(stream: Anchored, uptimeMs: number, received: UnixMs, steps: number, late: boolean): void {
  if (!late) {
    if (!stream.greeted) stream.anchor = null;
    stream.greeted = true;
    const anchor = received - uptimeMs;
    const old = uptimeMs - (stream.helloUptime ?? 0) >= REANCHOR_MS;
    if (stream.anchor === null || anchor < stream.anchor || isForeign(stream, steps) || old) stream.anchor = anchor;
    if (anchor - stream.anchor <= SAME_ANCHOR_MS) stream.anchorSteps = steps;
  }
  stream.helloUptime = uptimeMs;
}

/**
 * Bounds the anchor of a start that never greeted by a line of it that came at `received`, made at this uptime. `later`
 * is when a later start began, at the latest; null if that is not known, undefined if there is none. Boards send the
 * newest first, so the first line bounds it best; while there is no later start, every line that is newer bounds it anew:
 * the two clocks drift.
 */
export function boundBy(
  stream: Anchored,
  uptimeMs: number,
  received: UnixMs,
  later: UnixMs | null | undefined,
  steps: number,
): void {
  const least = Math.min(received, later ?? received) - uptimeMs;
  const known = isForeign(stream, steps) ? null : stream.anchor;
  const renews = later === undefined && stream.boundUptime !== null && uptimeMs >= stream.boundUptime;
  stream.anchor = known === null || renews ? least : Math.min(known, least);
  stream.anchorSteps = steps;
  stream.boundUptime = Math.max(uptimeMs, stream.boundUptime ?? 0);
}

/** The clock was set by `stepMs`, for the `steps + 1`-th time: an anchor found by it goes along. False if it was not. */
export function moveAnchor(stream: Anchored, stepMs: number, steps: number): boolean {
  if (stream.anchor === null || stream.anchorSteps !== steps) return false;
  stream.anchor += stepMs;
  stream.anchorSteps++;
  return true;
}
