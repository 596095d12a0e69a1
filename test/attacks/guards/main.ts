/**
 * Takes every guard of this folder away, one at a time, in a copy of the project, and runs its test, which must then fail.
 * Ends in one line of JSON: `{"guards":…,"failed":…,"standing":[…]}`; exit 1 if a test passed without its guard.
 * `npm run attacks:guards -- [parts of attacks' names]`; some minutes for all.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../hub/root.js";
import { buildWeb } from "../../../hub/web/build.js";
import type { Guard } from "./guard.js";
import { GUARDS, specsOf, unfair } from "./all.js";

const COPIED = ["firmware", "hardware", "hub", "flows", "test", "package.json", "tsconfig.json", ".mocharc.json"];
/** A test that hangs without its guard has failed. */
const PATIENCE_MS = 90_000;

interface Outcome {
  passed: number;
  failed: number;
  /** The first failure's first line; null where the test could not even be loaded. */
  said: string | null;
}

interface Told {
  stats: { passes: number; failures: number };
  failures: { err: { message?: string } }[];
}

/** Runs a test in the copy. */
function run(dir: string, { test }: Guard): Outcome {
  const mocha = join(dir, "node_modules", "mocha", "bin", "mocha.js");
  const specs = specsOf(dir, test[0]).flatMap((file) => ["--spec", file]);
  const args = [mocha, ...specs, "--fgrep", test[1], "--reporter", "json", "--exit"];
  const options = { cwd: dir, encoding: "utf8", timeout: PATIENCE_MS, killSignal: "SIGKILL" } as const;
  const { stdout, signal } = spawnSync(process.execPath, args, { ...options, maxBuffer: 64 << 20 });
  const at = stdout.indexOf('{\n  "stats"');
  if (signal !== null) return { passed: 0, failed: 1, said: `ended by ${signal}` };
  if (at < 0) return { passed: 0, failed: 0, said: null };
  const { stats, failures } = JSON.parse(stdout.slice(at)) as Told;
  const said = (failures[0]?.err.message ?? "").split("\n")[0] ?? "";
  return { passed: stats.passes, failed: stats.failures, said };
}

/** Takes one guard away and says why its test is none; null if it fails as it should. Prints what it said then. */
function tried(dir: string, one: Guard, sound: Set<string>): string | null {
  const wrong = unfair(dir, one);
  if (wrong !== null) return wrong;
  const key = one.test.join("\n");
  if (!sound.has(key)) {
    const { passed, failed, said } = run(dir, one);
    if (passed === 0 || failed > 0) return `its test does not pass with it: ${said ?? "it cannot be loaded"}`;
    sound.add(key);
  }
  const places = one.also === undefined ? [one] : [one, one.also];
  const before = places.map(({ file }) => readFileSync(join(dir, file), "utf8"));
  places.forEach(({ file, guard, without }, i) =>
    writeFileSync(
      join(dir, file),
      before[i]!.replace(guard, () => without),
    ),
  );
  const { failed, said } = run(dir, one);
  places.forEach(({ file }, i) => writeFileSync(join(dir, file), before[i]!));
  if (said === null) return "the copy without it cannot be loaded";
  if (failed === 0) return "its test passes without it";
  console.log(`fails without it: ${one.attack} (${said.slice(0, 100)})`);
  return null;
}

const words = process.argv.slice(2);
const chosen = GUARDS.filter(({ attack }) => words.length === 0 || words.some((word) => attack.includes(word)));
const dir = mkdtempSync(join(tmpdir(), "aryk-guards-"));
const standing: string[] = [];
try {
  for (const name of COPIED) cpSync(join(projectRoot(), name), join(dir, name), { recursive: true });
  symlinkSync(join(projectRoot(), "node_modules"), join(dir, "node_modules"));
  // A hub that is started as a process serves the pages that were built.
  await buildWeb(join(dir, "build", "hub", "web", "app"));
  const sound = new Set<string>();
  for (const one of chosen) {
    const verdict = tried(dir, one, sound);
    if (verdict === null) continue;
    console.log(`STANDS: ${one.attack}: ${verdict}`);
    standing.push(one.attack);
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
console.log(JSON.stringify({ guards: chosen.length, failed: chosen.length - standing.length, standing }));
if (standing.length > 0) process.exitCode = 1;
