/** What `npm test` is itself: that it runs every test, and that nothing which fails passes for a success. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../hub/root.js";
import { countsOf, testJobs } from "./proof/groups.js";
import { runAll } from "./proof/jobs.js";
import type { Ended, Job } from "./proof/jobs.js";

async function run(commands: string[], lanes: number, limitMs = 60_000): Promise<Map<string, Ended>> {
  const ended = new Map<string, Ended>();
  const jobs = commands.map((command) => ({ title: command, command }));
  await runAll(jobs, lanes, limitMs, (one) => ended.set(one.command, one));
  return ended;
}

describe("npm test", () => {
  it("runs every test file once", () => {
    const files = testJobs().flatMap(({ command }) => command.match(/build\/test\/\S+/g) ?? []);
    const there = readdirSync(join(projectRoot(), "test"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => `build/test/${file.slice(0, -".ts".length)}.js`);
    assert.deepEqual(files.sort(), there.sort());
  });

  it("runs every command and keeps what it wrote; one that fails, is killed or hangs has failed", async () => {
    const commands = ["echo one; echo two >&2", "echo three; exit 3", "kill -9 $$", "no-such-command-anywhere"];
    const ended = await run(commands, 2);
    assert.deepEqual(
      commands.map((command) => ended.get(command)?.ok),
      [true, false, false, false],
    );
    assert.match(ended.get(commands[0])!.said, /one\n[^]*two\n|two\n[^]*one\n/);
    assert.match(ended.get(commands[1])!.said, /three/);
    assert.match(ended.get(commands[2])!.said, /SIGKILL/);
    assert.match(ended.get(commands[3])!.said, /no-such-command-anywhere/);
    const [hanging] = (await run(["echo begun; exec sleep 600"], 1, 1500)).values();
    assert.equal(hanging.ok, false);
    assert.match(hanging.said, /begun\n[^]*did not end within 1.5 s/);
  });

  it("runs no more commands at a time than it is told", async () => {
    const order: string[] = [];
    const jobs = ["sleep 0.2", "echo a", "echo b"].map((command) => ({ title: command, command }));
    await runAll(jobs, 1, 60_000, ({ command }) => order.push(command));
    assert.deepEqual(order, ["sleep 0.2", "echo a", "echo b"]);
  });

  it("runs side by side what takes part of a lane only, and nothing before that which it needs has succeeded", async () => {
    const order: string[] = [];
    const jobs: Job[] = [
      { title: "", command: "sleep 0.5; echo a", share: 1 / 2 },
      { title: "", command: "echo b" },
      { title: "", command: "echo c", needs: ["echo d; exit 1"] },
      { title: "", command: "echo d; exit 1", share: 1 / 2 },
      { title: "", command: "echo e", needs: ["echo b"], share: 1 / 4 },
    ];
    const ended = new Map<string, Ended>();
    await runAll(jobs, 1, 60_000, (one) => {
      order.push(one.command.slice(-6));
      ended.set(one.command, one);
    });
    assert.deepEqual(order, ["exit 1", "echo a", "echo b", "echo c", "echo e"]);
    const { ok, said } = ended.get("echo c")!;
    assert.deepEqual([ok, said], [false, "not run: echo d; exit 1 has failed\n"]);
    const lost: Job = { title: "", command: "echo f", needs: ["echo nowhere"] };
    await assert.rejects(
      runAll([lost], 1, 60_000, () => undefined),
      /no job can be run/,
    );
  });

  it("counts what a group says; a group that failed without a word of it counts as a failed test", () => {
    const one = (ok: boolean, said: string) => countsOf({ title: "", command: "", seconds: 1, ok, said });
    assert.deepEqual(one(true, "  ✔ a\n\n3 passed, 0 failed, 1 skipped\n"), { passed: 3, failed: 0, skipped: 1 });
    assert.deepEqual(one(false, "3 passed, 2 failed, 1 skipped\n"), { passed: 3, failed: 2, skipped: 1 });
    assert.deepEqual(one(false, "3 passed, 0 failed, 0 skipped\n"), { passed: 3, failed: 1, skipped: 0 });
    assert.deepEqual(one(false, "Error: cannot find module\n"), { passed: 0, failed: 1, skipped: 0 });
    assert.deepEqual(one(true, ""), { passed: 0, failed: 1, skipped: 0 });
  });
});
