/** What the API tells the page of rollouts: types only, shared by both. */
import type { UnixMs } from "../model.js";
import type { Offered, Rollout } from "../registry/rollouts.js";
import type { Act, Progress } from "../updates/progress.js";

/** A rollout for technicians. */
export interface RolloutView extends Progress, Pick<Rollout, "id" | "image" | "does" | "why" | "at" | "by"> {
  /** What the boards that it is for call their image, and its version; null where the image is not there whole. */
  name: string | null;
  version: string | null;
  /** True where the hub itself said last what is to happen. */
  byHub: boolean;
  may: Act[];
}

/** One board of a rollout. */
export interface RolloutBoardView {
  board: string;
  site: string | null;
  /** When its turn came. */
  offered: UnixMs;
  outcome: Offered["outcome"];
  /** What it runs, as it last said; null before its first hello. */
  version: string | null;
  runs: string | null;
}
