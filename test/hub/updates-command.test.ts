/** `aryk update …` as a technician types it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../hub/root.js";
import { program } from "../rig/program.js";

describe("aryk update", function () {
  this.timeout(300_000);
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-command-"));
    writeFileSync(join(dir, "hub.yaml"), `dataDir: ${dir}\n`);
  });
  after(() => rmSync(dir, { recursive: true }));

  function aryk(...words: string[]): { code: number | null; out: string; err: string } {
    const args = [...program("hub/cli/main"), "--config", join(dir, "hub.yaml"), "update", ...words];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: projectRoot(), encoding: "utf8" });
    return { code: status, out: stdout.trim(), err: stderr };
  }

  it("builds an image, sends it, and stops it once", () => {
    const added = aryk("add", "underpass");
    assert.equal(added.code, 0, added.err);
    const [image, name] = added.out.split("\t");
    assert.equal(name, "underpass");
    const started = aryk("start", image);
    assert.equal(started.code, 0, started.err);
    const rollout = started.out.slice(0, 8);
    assert.equal(aryk("stop", rollout, "--why", "rain").code, 0);
    assert.match(aryk("stop", rollout).err, /ROLLOUT_STANDS/);
    assert.match(aryk("status").out, new RegExp(`^${rollout}\t${image}\t0 good\t0 under way\t0 bad\tstopped: rain\t`));
  });
});
