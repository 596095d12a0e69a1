/**
 * How an image goes through a fleet: to one board, then to one in twenty, then to all. The next ring begins when every
 * board of the ones before runs the image and has done so for a while; whatever goes wrong at one board stops it. Pure:
 * what it decides follows from the registry's rows, what boards were heard to say, and the time.
 */
import type { Rollout } from "../registry/rollouts.js";
import type { UnixMs } from "../model.js";

/** A board that could be sent the image, or was. */
export interface Candidate {
  board: string;
  /** Its last line, since the hub began to listen; null before one. */
  heard: UnixMs | null;
  /** It has said that it runs the image that is being sent. */
  runs: boolean;
  /** Time between two of its packs, in seconds; null while it is not known. */
  periodS: number | null;
  /** Packs of the image that is being sent. */
  packs: number;
  /** Part of their records that are faults, 0–1, and of those of the image before; null while it is not known. */
  faults: number;
  faultsBefore: number | null;
}

export interface Decision {
  /** Boards whose turn it is. */
  offer: string[];
  /** Boards of which it has to be said that the image makes them worse, or silent. */
  outcomes: { board: string; outcome: "worse" | "silent"; why: string }[];
  /** Why the rollout must stop; empty when it goes on. */
  stop: string;
}

const DAY_MS = 86_400_000;
/** A ring has proved itself when each of its boards has sent so many packs, or in a day so few. */
export const PROOF_PACKS = 20;
export const DAYS_PACKS = 6;
/** Share of the fleet in the second ring. */
const SECOND_RING = 0.05;
/** Faults are worse when they are twice as many as before, and a tenth of all records more. */
const WORSE_FACTOR = 2;
const WORSE_MORE = 0.1;

/** How many boards have been offered the image when each of the three rings is complete. */
export function ringSizes(fleet: number): number[] {
  return [Math.min(1, fleet), Math.min(fleet, Math.max(2, Math.ceil(fleet * SECOND_RING))), fleet];
}

/** Whether so many packs say enough, of a board whose time with the image began at `from`. */
function isProof({ packs }: Candidate, from: UnixMs, now: UnixMs): boolean {
  return packs >= PROOF_PACKS || (packs >= DAYS_PACKS && now - from >= DAY_MS);
}

function isWorse({ faults, faultsBefore }: Candidate): boolean {
  return faults > (faultsBefore ?? 0) * WORSE_FACTOR + WORSE_MORE;
}

type Outcome = { result: string; at: UnixMs } | null;

/** Nothing has become of the image at a board yet, or nothing since somebody said that the rollout goes on. */
export function isOpen(rollout: Pick<Rollout, "at">, outcome: Outcome): boolean {
  return outcome === null || (outcome.result !== "good" && outcome.at < rollout.at);
}

/** A day, or three periods of a board that sends more seldom. */
function silenceMs({ periodS }: Candidate): number {
  return Math.max(DAY_MS, 3000 * (periodS ?? 0));
}

/**
 * What is to happen with a rollout that goes on. `candidates` are the boards that it is for, offered or not; `since` is
 * when the hub began to listen: what was said before it has not heard.
 */
export function decide(rollout: Rollout, candidates: Candidate[], now: UnixMs, since: UnixMs): Decision {
  const byName = new Map(candidates.map((one) => [one.board, one]));
  const outcomes: Decision["outcomes"] = [];
  let settled = true;
  let proved = false;
  for (const [board, { at, outcome }] of rollout.offers) {
    const one = byName.get(board);
    const open = isOpen(rollout, outcome);
    if (outcome !== null && outcome.result !== "good") {
      // What went wrong before somebody said that it goes on has been seen, and holds nobody up.
      if (open) continue;
      const reason = `${board}: ${outcome.result}${outcome.why === "" ? "" : `, ${outcome.why}`}`;
      return { offer: [], outcomes: [], stop: reason };
    }
    if (one === undefined) continue;
    // The hub may have been restarted since: then it is enough that the board runs the image, and is not heard any more.
    const last = one.heard ?? (one.runs ? Math.max(at, since) : null);
    const quiet = last !== null && (last > at || one.runs) && now - last > silenceMs(one);
    if (quiet) outcomes.push({ board, outcome: "silent", why: "nothing was heard of it since it was sent the image" });
    else if (isProof(one, outcome?.at ?? at, now) && isWorse(one)) {
      const percent = (part: number): string => `${Math.round(part * 100)} %`;
      const why = `${percent(one.faults)} of its records are faults, ${percent(one.faultsBefore ?? 0)} before`;
      outcomes.push({ board, outcome: "worse", why });
    }
    if (outcome === null) settled &&= isAway(one, Math.max(at, since), now);
    else {
      const enough = isProof(one, outcome.at, now);
      proved ||= enough;
      settled &&= enough;
    }
  }
  if (outcomes.length > 0) return { offer: [], outcomes, stop: `${outcomes[0].board}: ${outcomes[0].outcome}` };
  if (!settled) return { offer: [], outcomes, stop: "" };
  const waiting = candidates.filter(({ board }) => !rollout.offers.has(board));
  const sizes = ringSizes(rollout.offers.size + waiting.length);
  // Boards that are away hold nobody up, and prove nothing: while no other has, one more gets its turn, and no ring.
  const size = sizes.find((most) => most > rollout.offers.size);
  if (size === undefined) return { offer: [], outcomes, stop: "" };
  const most = proved || rollout.offers.size === 0 ? size - rollout.offers.size : 1;
  // Boards that are heard just now come first: one that is away proves nothing.
  const lately = (one: Candidate): boolean => one.heard !== null && now - one.heard < silenceMs(one);
  const first = rollout.offers.size === 0;
  const order = waiting.filter((one) => !first || lately(one)).sort((a, b) => (b.heard ?? 0) - (a.heard ?? 0));
  return { offer: order.slice(0, most).map(({ board }) => board), outcomes, stop: "" };
}

/** A board that has not been heard since its turn came, for long: it holds nobody up. */
function isAway(one: Candidate, from: UnixMs, now: UnixMs): boolean {
  return (one.heard === null || one.heard <= from) && now - from > silenceMs(one);
}
