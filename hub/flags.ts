import type { Flag } from "./model.js";

/** From the weakest to the strongest word: missing, not evaluated, pass, suspect, fail (the order of IOOS QARTOD tools). */
const STRENGTH: Flag[] = [9, 2, 1, 3, 4];

/** The flag that stands when several tests spoke: the worst one wins; a test that was not run does not hide a pass. */
export function worst(first: Flag, ...others: Flag[]): Flag {
  return others.reduce((a, b) => (STRENGTH.indexOf(b) > STRENGTH.indexOf(a) ? b : a), first);
}
