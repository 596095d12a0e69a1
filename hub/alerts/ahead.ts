/** Times that cannot be: the hub's clock ran ahead, was set right, and what it had written then lies in the future. */
import type { UnixMs } from "../model.js";

/** A board's clock may be ahead of the hub's by a little; more than this is no measurement of time. */
const AHEAD_MS = 5 * 60_000;

/**
 * Whether a time that a rule remembers lies too far in the future (more than 5 min) to be believed. Such a time counts
 * as unknown: a rule that waited for it would be blind until then.
 */
export function ahead(time: UnixMs | null, now: UnixMs): boolean {
  return time !== null && time > now + AHEAD_MS;
}
