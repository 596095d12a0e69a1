/** The hub time at a board's uptime 0, as its hellos tell it, and what becomes of it when the hub's clock is set. */
import type { UnixMs } from "../model.js";

export interface Anchored {
  /** Hub time at uptime 0, from the board's hello. */
  anchor: UnixMs | null;
  /** How often the hub's clock had been set when the anchor was found in place; null: before this start of the hub. */
  anchorSteps: number | null;
  helloUptime: number | null;
}

/** A later hello of the same start moves the anchor after this much uptime: a crystal drifts some 0.1 s an hour. */
const REANCHOR_MS = 3_600_000;
/** A hello that travelled for less than this confirms the anchor that stands. */
const SAME_ANCHOR_MS = 300_000;

/**
 * Takes a hello. Of several the earliest anchor stands (that hello travelled least), until an hour of uptime has passed
 * or the hub's clock has been set. `steps`: how often it was set since the start.
 */
export function anchorBy(stream: Anchored, uptimeMs: number, received: UnixMs, steps: number): void {
  const anchor = received - uptimeMs;
  const foreign = steps > 0 && stream.anchorSteps !== steps;
  const old = uptimeMs - (stream.helloUptime ?? 0) >= REANCHOR_MS;
  if (stream.anchor === null || anchor < stream.anchor || foreign || old) stream.anchor = anchor;
  if (anchor - stream.anchor <= SAME_ANCHOR_MS) stream.anchorSteps = steps;
  stream.helloUptime = uptimeMs;
}

/** The clock was set by `stepMs`, for the `steps + 1`-th time: an anchor found by it goes along. False if it was not. */
export function moveAnchor(stream: Anchored, stepMs: number, steps: number): boolean {
  if (stream.anchor === null || stream.anchorSteps !== steps) return false;
  stream.anchor += stepMs;
  stream.anchorSteps++;
  return true;
}
