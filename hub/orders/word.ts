/** Words of boards: replies without a number, which ask for something or tell how it stands, and are kept nowhere. */
import type { Line } from "../../firmware/wire/line.js";
import type { Hello } from "../../firmware/wire/pack.js";
import { VOUCHED_KEY_ID } from "../pipeline/vouched.js";

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

/** How the slots of a board stand, and what else its hello had no room for. */
export type SlotsSaid = Pick<Hello, "slot" | "runs" | "back" | "has" | "refused" | "period" | "wear">;

const IMAGE = /^[0-9a-f]{8}$/;
const WHY = /^[a-z-]{1,16}$/;
const SETTING = /^[A-Za-z]{1,32}$/;
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/**
 * What a board on a narrow radio says of its slots behind its hello, which has no room for it. No other board says it
 * so, and what is not said as our firmware says it is not heard: it becomes a row of the registry.
 */
export function slotsIn(line: Line): SlotsSaid | undefined {
  const word = line.keyId === VOUCHED_KEY_ID ? wordIn(line) : null;
  if (word?.verb !== "slots" || typeof word.to !== "string" || !IMAGE.test(word.to)) return undefined;
  const { to: runs, slot, back, has, refused, period, wear } = word;
  const said: SlotsSaid = { runs };
  if (slot === 0 || slot === 1) said.slot = slot;
  if (typeof back === "string" && WHY.test(back)) said.back = back;
  if (typeof has === "string" && IMAGE.test(has)) said.has = has;
  if (typeof refused === "string" && SETTING.test(refused)) said.refused = refused;
  if (isWhole(period)) said.period = period;
  if (isWhole(wear)) said.wear = wear;
  return said;
}
