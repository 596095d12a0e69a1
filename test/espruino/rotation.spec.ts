/**
 * A new key over the wire on the real interpreter, of the largest image and of a small one: taken, kept through a
 * supply that fails at any moment, and nothing lost on the way.
 */
import assert from "node:assert/strict";
import { askForKey } from "../../hub/registry/rotation.js";
import { CUTS_MS, layOrdered, needInterpreter } from "../rig/ordered-bench.js";

const BOUND_MS = 180_000;

for (const name of ["eco-post", "underpass"])
  describe(`a new key over the wire for ${name} on the interpreter`, function () {
    this.timeout(10 * BOUND_MS);

    before(function () {
      needInterpreter(this);
    });

    it("is taken and kept, wherever the supply fails, and no pack is lost", async () => {
      const post = await layOrdered(name, BOUND_MS);
      const { board, registry, stats, until } = post;
      const current = () => registry.currentKey(board)?.id;
      try {
        await until("a first pack", () => stats().stored >= 2);
        for (const [round, cutMs] of CUTS_MS.entries()) {
          const { id } = askForKey(registry, board, "test");
          assert.equal(id, `k${round + 2}`);
          await post.cutAfterCommand(cutMs);
          await until(`hello with ${id} after a cut at ${cutMs} ms`, () => current() === id);
        }
        const packs = stats().stored;
        await until("packs under the last key", () => stats().stored >= packs + 2);
        // Once more without a cut: the key changes in a post that goes on measuring.
        const { id } = askForKey(registry, board, "test");
        await until("the last key", () => current() === id);
        await until("the keys before revoked", () => registry.keysBefore(board, id).length === 0);
        await post.endWhole();
      } finally {
        await post.dispose();
      }
    });
  });
