/** A short run of every fuzz target with one seed; `npm run fuzz` is the long one. */
import assert from "node:assert/strict";
import { runFuzz } from "./fuzz/run.js";
import { TARGETS } from "./fuzz/targets.js";

const SECONDS = 0.25;
const SEED = 20_260_301;

describe("what no good client sends", () => {
  for (const target of TARGETS)
    it(`crashes nothing and is counted under a name: ${target.name}`, async function () {
      this.timeout(60_000);
      const said: string[] = [];
      const result = await runFuzz({ targets: [target], seconds: SECONDS, seed: SEED, say: (line) => said.push(line) });
      assert.deepEqual(
        { crashes: result.crashes, unnamed: result.unnamed },
        { crashes: 0, unnamed: 0 },
        said.join("\n"),
      );
      const faults = Object.values(result.faults).reduce((sum, one) => sum + one, 0);
      assert.ok(faults > 0, "something was refused");
      assert.equal(faults + result.fine[target.name]!, result.inputs[target.name]);
    });
});
