/**
 * `npm test`, once everything is compiled: the other steps of `npm run build` and `npm run check` and the tests, side by
 * side. What failed is printed last, and the last line of all counts the tests.
 */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { projectRoot } from "../../hub/root.js";
import { countsOf, testJobs } from "./groups.js";
import { runAll } from "./jobs.js";
import type { Ended, Job } from "./jobs.js";

/** Much longer than any job takes on a machine that is busy with other things. */
const LIMIT_MS = 10 * 60_000;

/** Tests wait for servers, disks and the clock as well: one more than there are processors. */
const LANES = Math.min(availableParallelism() + 1, 4);

function print({ title, seconds, said, ok }: Ended): void {
  console.log(`${ok ? "✔" : "✖"} ${title} (${seconds.toFixed(1)} s)`);
  if (said.trim() !== "") console.log(`\n${said.trim()}\n`);
}

/** Runs the jobs and prints what they said, those that failed last. */
async function all(jobs: Job[]): Promise<Ended[]> {
  const done: Ended[] = [];
  await runAll(jobs, LANES, LIMIT_MS, (one) => {
    done.push(one);
    if (one.ok) print(one);
    else console.log(`✖ ${one.title}: see below`);
  });
  done.filter(({ ok }) => !ok).forEach(print);
  return done;
}

/** The steps of a script in package.json, without those that `npm test` has begun with: they compile the project. */
function steps(name: "build" | "check"): Job[] {
  const file = readFileSync(join(projectRoot(), "package.json"), "utf8");
  const { scripts } = JSON.parse(file) as { scripts: Record<typeof name, string> };
  return scripts[name]
    .split(" && ")
    .filter((command) => !command.startsWith("tsc -p tsconfig.json"))
    .map((command) => ({ title: command, command }));
}

if (argv.length > 2) {
  console.error("npm test runs everything. One file: npx mocha <file>");
  process.exitCode = 2;
} else {
  const build = steps("build");
  const needs = build.map(({ command }) => command);
  const tests = testJobs().map((job) => ({ ...job, needs }));
  const ended = await all([...build, ...steps("check"), ...tests]);
  const counts = ended.filter(({ command, ok }) => !ok || tests.some((job) => job.command === command)).map(countsOf);
  const sum = (name: keyof (typeof counts)[0]): number => counts.reduce((total, one) => total + one[name], 0);
  if (sum("failed") > 0) process.exitCode = 1;
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
}
