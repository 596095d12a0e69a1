/**
 * What is the newest reading of a series, and when a time is too far ahead to be believed. The live view, the history,
 * the rules, quality and the mending of the ledger go by it; each with a rule of its own, they would show different
 * things after the same clock step.
 */
import { START_UNHEARD } from "./model.js";
import type { UnixMs } from "./model.js";

/**
 * How far ahead of the hub's clock a time may lie and still be believed. The pipeline takes in times up to 2 minutes
 * ahead; the rest is for a hub whose clock is being set right while it runs. What lies further ahead was written by a
 * clock that ran ahead and was set back since.
 */
export const AHEAD_MS = 300_000;

/** Whether a time lies too far in the future (more than 5 min) to be believed; one that is unknown does not. */
export function ahead(time: UnixMs | null, now: UnixMs): boolean {
  return time !== null && time > now + AHEAD_MS;
}

/**
 * Whether a reading takes the place of the one that is known as the newest of its series. It does if it is not older; of
 * two in the same millisecond the higher number is the newer. And it does in any case if the known one lies too far
 * ahead: that one would stay the newest until then, for years perhaps, and hide everything that is measured meanwhile.
 * @param now the hub's clock; asked only for an older reading, since this is called for every reading
 */
export function takesPlace(
  time: UnixMs,
  seq: number,
  known: { readonly time: UnixMs; readonly seq: number },
  now: () => UnixMs,
): boolean {
  if (time > known.time || (time === known.time && seq >= known.seq)) return true;
  return ahead(known.time, now());
}

/**
 * Whether a reading with this doubt about its time belongs to history only. Of what a board took during a start that
 * never greeted the hub knows nothing but that it is older than the next start: it may be a minute old, or a day. So it
 * is not the newest of its series even if nothing newer has come, and no alarm goes by it.
 */
export function onlyHistory(doubt: string | undefined): boolean {
  return doubt === START_UNHEARD;
}
