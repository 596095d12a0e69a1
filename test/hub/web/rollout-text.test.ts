import assert from "node:assert/strict";
import { WHY } from "../../../firmware/node/verdicts.js";
import type { RolloutBoardView } from "../../../hub/api/rollout-views.js";
import { boardsInOrder, outcomeText, stateText, stopText } from "../../../hub/web/rollout-text.js";
import { decide } from "../../../hub/updates/rings.js";
import { en } from "../../../hub/words/page.en.js";
import { kk } from "../../../hub/words/page.kk.js";
import { ru } from "../../../hub/words/page.ru.js";

describe("what a rollout is, in words", () => {
  it("names what became of a board and why, and leaves the hub's own sentences alone", () => {
    assert.equal(outcomeText({ result: "back", why: "crash" }, ru), "вернулась к прежней: сбой при работе");
    assert.equal(outcomeText({ result: "good", why: "" }, kk), kk.rollout.results.good);
    const why = "50 % of its records are faults, 10 % before";
    assert.equal(outcomeText({ result: "worse", why }, en), `more faults than before: ${why}`);
  });

  it("has words for every reason of a board to go back", () => {
    const known: Record<string, string> = en.rollout.whys;
    for (const why of Object.values(WHY)) assert.equal(typeof known[why], "string", why);
  });

  it("says why the hub stopped it, as the rings say it", () => {
    const outcome = { result: "back" as const, why: "crash", at: 5 };
    const offers = new Map([["up-0001", { at: 1, faultsBefore: null, outcome }]]);
    const rollout = { id: "0a0a0a0a", image: "0b0b0b0b", does: "start" as const, why: "", at: 1, by: "t", offers };
    const { stop } = decide(rollout, [], 10, 0);
    assert.equal(stopText(stop, ru), "up-0001: вернулась к прежней: сбой при работе");
    assert.equal(stopText("anything else", ru), "anything else");
    const stopped = { does: "stop" as const, by: "hub", byHub: true, why: stop };
    assert.equal(stateText(stopped, "14:05", en), "stopped 14:05 by the hub: up-0001: went back: crashed");
    const person = { ...stopped, by: "Ерлан", byHub: false, why: "up-0001: back, crash" };
    assert.equal(stateText(person, "14:05", en), "stopped 14:05 by Ерлан: up-0001: back, crash");
  });

  it("shows first where it went wrong, then who is under way", () => {
    const one = (board: string, result: "good" | "back" | null): RolloutBoardView => ({
      ...{ board, site: null, offered: 1, version: null, runs: null },
      outcome: result === null ? null : { result, why: "", at: 2 },
    });
    const boards = [one("a", "good"), one("b", null), one("c", "back"), one("d", "good")];
    assert.deepEqual(
      boardsInOrder(boards).map(({ board }) => board),
      ["c", "b", "a", "d"],
    );
  });
});
