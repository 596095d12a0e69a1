/** Words of boards: replies without a number, which ask for something or tell how it stands, and are kept nowhere. */
import type { Line } from "../../firmware/wire/line.js";
import type { Hello } from "../../firmware/wire/pack.js";

export interface Word {
  verb?: unknown;
  to?: unknown;
  [field: string]: unknown;
}

/** What a word says; null for every other line. */
export function wordIn(line: Line): Word | null {
  if (line.type !== "reply" || line.seq !== 0) return null;
  try {
    const word: unknown = JSON.parse(line.body);
    return typeof word === "object" && word !== null ? (word as Word) : null;
  } catch {
    return null;
  }
}

/** How the slots of a board stand. */
export type SlotsSaid = Pick<Hello, "slot" | "runs" | "back" | "has">;

/** What a board on a narrow radio says of its slots behind its hello, which has no room for it. */
export function slotsIn(line: Line): SlotsSaid | undefined {
  const word = wordIn(line);
  if (word?.verb !== "slots" || typeof word.to !== "string") return undefined;
  const { to: runs, slot, back, has } = word;
  const said: SlotsSaid = { runs };
  if (typeof slot === "number") said.slot = slot;
  if (typeof back === "string") said.back = back;
  if (typeof has === "string") said.has = has;
  return said;
}
