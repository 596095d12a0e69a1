/** What a rollout is, in the page's words: pure, so that it can be tested without a browser. */
import type { RolloutBoardView, RolloutView } from "../api/rollout-views.js";
import type { PageWords } from "../words/page.en.js";
import { fill } from "./format.js";

/** What became of an image at a board, and why. Why is a code of the board's or a sentence of the hub's: then as it is. */
export function outcomeText({ result, why }: { result: string; why: string }, w: PageWords): string {
  const results: Record<string, string> = w.rollout.results;
  const whys: Record<string, string> = w.rollout.whys;
  const what = results[result] ?? result;
  return why === "" ? what : `${what}: ${whys[why] ?? why}`;
}

/** Why the hub stopped a rollout (`up-0001: back, crash`, see hub/updates/rings.ts) in the page's words. */
export function stopText(why: string, w: PageWords): string {
  const found = /^([a-z0-9-]+): ([a-z]+)(?:, (.*))?$/.exec(why);
  if (found === null) return why;
  const [, board, result, reason = ""] = found;
  return `${board}: ${outcomeText({ result, why: reason }, w)}`;
}

/** How it stands, since when and by whom: the first line of a rollout. */
export function stateText(one: Pick<RolloutView, "does" | "by" | "byHub" | "why">, at: string, w: PageWords): string {
  const { does, by, byHub, why } = one;
  const text = fill(w.rollout.states[does], { at, by: byHub ? w.rollout.hub : by });
  return why === "" ? text : `${text}: ${byHub ? stopText(why, w) : why}`;
}

/** Boards at which it went wrong first, then those that are not through, then the others; each in the order of turns. */
export function boardsInOrder(boards: RolloutBoardView[]): RolloutBoardView[] {
  const rank = ({ outcome }: RolloutBoardView): number => (outcome === null ? 1 : outcome.result === "good" ? 2 : 0);
  return [...boards].sort((a, b) => rank(a) - rank(b));
}
