/** The list of guards keeps up with the code: what main.ts takes away in a copy is there to be taken away. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../hub/root.js";
import { GUARDS, unfair } from "./guards/all.js";

describe("the guards against attacks", () => {
  it("stand where their list says, each with its test (rewritten one? correct its entry in test/attacks/guards)", () => {
    const lost = GUARDS.flatMap((guard) => {
      const why = unfair(projectRoot(), guard);
      return why === null ? [] : [`${guard.attack}: ${why}`];
    });
    assert.deepEqual(lost, []);
  });

  it("are all named in the README, and counted", () => {
    const readme = readFileSync(join(projectRoot(), "test/attacks/README.md"), "utf8");
    const rows = readme
      .split("\n")
      .filter((line) => line.endsWith(" yes                 |") || line.endsWith("| yes |"));
    const named = rows.map((row) => row.split("|")[1]?.trim()).sort();
    assert.deepEqual(named, GUARDS.map(({ attack }) => attack).sort());
    const all = JSON.stringify({ guards: GUARDS.length, failed: GUARDS.length, standing: [] });
    assert.ok(readme.includes(`\`${all}\``), `the README's count is not ${all}`);
  });
});
