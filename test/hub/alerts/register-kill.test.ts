import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Register } from "../../../hub/alerts/register.js";
import { realClock } from "../../../hub/clock.js";
import { program } from "../../rig/program.js";

/** Child: commits raise, escalate, clear, ack … from where the register stands, and says what was committed. */
const CHILD = program("test/hub/alerts/register-kill-child");

describe("register under SIGKILL", function () {
  this.timeout(120_000);

  it("loses and repeats no transition and no notice, and cursor, state and history agree after every kill", async () => {
    const dir = mkdtempSync(join(tmpdir(), "aryk-kill-"));
    const file = join(dir, "register.sqlite");
    let said = 0;
    for (let kill = 0; kill < 4; kill++) {
      const child = spawn(process.execPath, [...CHILD, file], { stdio: ["ignore", "pipe", "inherit"] });
      let text = "";
      child.stdout.setEncoding("utf8");
      // Killed in the middle of its work, after a number of commits that differs each time.
      child.stdout.on("data", (chunk: string) => {
        text += chunk;
        if (text.split("\n").length > 40 + kill * 7) child.kill("SIGKILL");
      });
      await once(child, "close");
      const lines = text
        .slice(0, text.lastIndexOf("\n") + 1)
        .trim()
        .split("\n");
      said = Number(lines.at(-1));

      const register = Register.open(file, realClock);
      const cursor = register.cursor()?.id ?? 0;
      const states = register.states();
      const history = register.transitions(0, 100_000);
      const notices = register.outbox().list({}, 100_000);
      register.close();
      assert.ok(cursor >= said, `committed up to ${said}, found ${cursor}`);
      assert.deepEqual([states[0].revision, states[0].state], [cursor, { n: cursor }]);
      // Every commit makes exactly one transition, and each of those one notice.
      assert.deepEqual(
        history.map((t) => t.entry),
        Array.from({ length: cursor }, (_, i) => i + 1),
      );
      assert.deepEqual(
        history.map((t) => t.revision),
        history.map((_, i) => i + 1),
      );
      assert.equal(notices.length, cursor);
    }
    assert.ok(said > 100);
    rmSync(dir, { recursive: true });
  });
});
