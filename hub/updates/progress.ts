/** How far a rollout is by the registry's rows, and what may be done with it: for the command line and the page. Pure. */
import type { Offered, Rollout } from "../registry/rollouts.js";
import type { Reported } from "../registry/sides.js";
import type { Board } from "../registry/state.js";
import { ringSizes } from "./rings.js";

export const ACTS = ["stop", "resume", "back"] as const;
export type Act = (typeof ACTS)[number];

type Result = NonNullable<Offered["outcome"]>["result"];

export interface Progress {
  /** Boards that were offered the image, run it well, and are on the way. */
  offered: number;
  good: number;
  underWay: number;
  /** Boards at which it went wrong, counted by what and why, the most frequent first. */
  bad: { result: Exclude<Result, "good">; why: string; boards: number }[];
  /** Boards that run the image now, as they last said. */
  running: number;
  /** Every board that the image is for, offered or not; null while it is not known what it is for. */
  fleet: number | null;
  /** Boards when each of the three rings is complete, and the ring that is at work: 0, 1 or 2. */
  rings: number[];
  ring: number;
}

/** True for a board that an image is for: it says by its name that it runs one like it, and has slots. */
export function isFor({ image }: { image: string }, reported: Reported | null): reported is Reported {
  return reported !== null && reported.image === image && reported.runs !== undefined;
}

/** Counts a rollout. `boards` are all there are; `image` is undefined where the hub does not have it. */
export function progressOf(
  { offers, image: id }: Rollout,
  image: { image: string } | undefined,
  boards: Iterable<Pick<Board, "board" | "reported">>,
): Progress {
  let waiting = 0;
  let running = 0;
  for (const { board, reported } of boards) {
    const runs = reported?.runs === id;
    if (runs && offers.has(board)) running++;
    if (image !== undefined && !offers.has(board) && !runs && isFor(image, reported)) waiting++;
  }
  let good = 0;
  let underWay = 0;
  const bad = new Map<string, Progress["bad"][number]>();
  for (const { outcome } of offers.values())
    if (outcome === null) underWay++;
    else if (outcome.result === "good") good++;
    else {
      const { result, why } = outcome;
      const one = bad.get(`${result} ${why}`) ?? { result, why, boards: 0 };
      bad.set(`${result} ${why}`, one);
      one.boards++;
    }
  const all = offers.size + waiting;
  const rings = ringSizes(all);
  return {
    ...{ offered: offers.size, good, underWay, running, rings },
    bad: [...bad.values()].sort((a, b) => b.boards - a.boards),
    fleet: image === undefined ? null : all,
    ring: offers.size >= all && all > 0 ? rings.length - 1 : rings.findIndex((size) => offers.size <= size),
  };
}

/** What may be done with a rollout as it stands: anything but what was done last. */
export function actsOf({ does }: Pick<Rollout, "does">): Act[] {
  const stands: Act = does === "start" ? "resume" : does;
  return ACTS.filter((act) => act !== stands);
}
