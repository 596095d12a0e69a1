import assert from "node:assert/strict";
import type { Rollout } from "../../hub/registry/rollouts.js";
import { DAYS_PACKS, decide, PROOF_PACKS, ringSizes } from "../../hub/updates/rings.js";
import type { Candidate } from "../../hub/updates/rings.js";

const T0 = Date.UTC(2026, 10, 1);
const DAY = 86_400_000;

function rollout(offers: Rollout["offers"] = new Map()): Rollout {
  return { id: "0a0a0a0a", image: "0b0b0b0b", does: "start", why: "", at: T0, by: "test", offers };
}
function candidate(board: string, more: Partial<Candidate> = {}): Candidate {
  return { board, heard: T0, runs: false, periodS: 300, packs: 0, faults: 0, faultsBefore: 0, ...more };
}
const good = (at = T0) => ({ at: T0, faultsBefore: null, outcome: { result: "good" as const, why: "", at } });
const fleet = (count: number) => Array.from({ length: count }, (_, i) => candidate(`b-${i}`));

describe("the rings of a rollout", () => {
  it("are one board, one in twenty, all", () => {
    assert.deepEqual(ringSizes(100), [1, 5, 100]);
    assert.deepEqual(ringSizes(5400), [1, 270, 5400]);
    assert.deepEqual(ringSizes(1), [1, 1, 1]);
    assert.deepEqual(ringSizes(0), [0, 0, 0]);
  });

  it("move on when every board has proved itself, and not before", () => {
    const all = fleet(100);
    const first = decide(rollout(), all, T0 + 1000, T0).offer;
    assert.equal(first.length, 1);
    const offered = rollout(new Map([["b-0", { at: T0, faultsBefore: null, outcome: null }]]));
    assert.deepEqual(decide(offered, all, T0 + 1000, T0).offer, []);
    const proved = rollout(new Map([["b-0", good()]]));
    assert.deepEqual(decide(proved, all, T0 + 1000, T0).offer, []);
    all[0].packs = PROOF_PACKS;
    assert.equal(decide(proved, all, T0 + 1000, T0).offer.length, 4);
    all[0].packs = DAYS_PACKS;
    assert.equal(decide(proved, all, T0 + DAY - 1, T0).offer.length, 0);
    all.forEach((one) => (one.heard = T0 + DAY));
    assert.equal(decide(proved, all, T0 + DAY, T0).offer.length, 4);
    all[0].packs = DAYS_PACKS - 1;
    assert.equal(decide(proved, all, T0 + DAY, T0).offer.length, 0);
  });

  it("begin with a board that is heard just now", () => {
    const away = [candidate("b-0", { heard: null }), candidate("b-1", { heard: T0 - 2 * DAY })];
    assert.deepEqual(decide(rollout(), away, T0, T0).offer, []);
    assert.deepEqual(decide(rollout(), [...away, candidate("b-2")], T0, T0).offer, ["b-2"]);
  });

  it("stop at the first board that went back, and say why, until somebody has seen it", () => {
    const outcome = { result: "back" as const, why: "crash", at: T0 + 5 };
    const failed = rollout(new Map([["b-0", { at: T0, faultsBefore: null, outcome }]]));
    assert.equal(decide(failed, fleet(9), T0 + 10, T0).stop, "b-0: back, crash");
    failed.at = T0 + 8;
    assert.equal(decide(failed, fleet(9), T0 + 10, T0).stop, "");
  });

  it("stop when a board has many more faults than before, or is not heard any more", () => {
    const offers = new Map([["b-0", good()]]);
    const worse = candidate("b-0", { packs: 20, faults: 0.5, faultsBefore: 0.1 });
    assert.equal(decide(rollout(offers), [worse], T0 + 1000, T0).outcomes[0].outcome, "worse");
    const same = candidate("b-0", { packs: 20, faults: 0.5, faultsBefore: 0.45 });
    assert.deepEqual(decide(rollout(offers), [same], T0 + 1000, T0).outcomes, []);
    const quiet = candidate("b-0", { heard: T0 + 1000, packs: 3 });
    const later = decide(rollout(offers), [quiet], T0 + 2 * DAY, T0);
    assert.equal(later.outcomes[0].outcome, "silent");
    assert.notEqual(later.stop, "");
    const rare = candidate("b-0", { heard: T0 + 1000, packs: 3, periodS: 86_400 });
    assert.deepEqual(decide(rollout(offers), [rare], T0 + 2 * DAY, T0).outcomes, []);
  });

  it("stop at the first boards whose records are all faults, however seldom these send", () => {
    const HOUR = 3_600_000;
    const all = fleet(3500).map((one) => ({ ...one, periodS: 14_400 }));
    const offers: Rollout["offers"] = new Map();
    for (let now = T0; ; now += HOUR) {
      assert.ok(now < T0 + 5 * DAY, "it goes on");
      for (const one of all) {
        one.heard = now;
        const at = offers.get(one.board)?.at;
        if (at !== undefined) [one.packs, one.faults] = [Math.floor((now - at) / (4 * HOUR)) + 1, 1];
      }
      const { offer, stop } = decide(rollout(offers), all, now, T0);
      if (stop !== "") break;
      for (const board of offer)
        offers.set(board, { at: now, faultsBefore: null, outcome: { result: "good", why: "", at: now } });
    }
    assert.equal(offers.size, 1);
  });

  it("are not begun with nothing proved: after a restart of the hub one more board gets its turn, or none", () => {
    const offers: Rollout["offers"] = new Map([["b-0", { at: T0, faultsBefore: null, outcome: null }]]);
    const all = fleet(100).map((one) => ({ ...one, heard: T0 + 30 * 3_600_000 }));
    const gone = candidate("b-0", { heard: null });
    const after = (one: Candidate) => decide(rollout(offers), [one, ...all.slice(1)], T0 + 1.25 * DAY, T0 + 1000);
    assert.equal(after(gone).offer.length, 1);
    const dead = after({ ...gone, runs: true });
    assert.deepEqual([dead.offer, dead.outcomes[0]?.outcome], [[], "silent"]);
  });

  it("do not wait for boards that are away, nor take a hub that was away for boards that were", () => {
    const offers = new Map<string, Rollout["offers"] extends Map<string, infer O> ? O : never>([
      ["b-0", good()],
      ["b-1", { at: T0, faultsBefore: null, outcome: null }],
    ]);
    const all = [
      candidate("b-0", { packs: 20, heard: T0 + 2 * DAY }),
      candidate("b-1", { heard: null }),
      candidate("b-2"),
    ];
    all[2].heard = T0 + 2 * DAY;
    assert.deepEqual(decide(rollout(offers), all, T0 + 2 * DAY, T0).offer, ["b-2"]);
    assert.deepEqual(decide(rollout(offers), all, T0 + 2 * DAY, T0 + 2 * DAY - 1000).offer, []);
  });
});
