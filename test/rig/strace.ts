/** Watching the system calls of a real process. */
import { spawnSync } from "node:child_process";

/** Skips where system calls cannot be watched. A missing strace is a failure in CI, a container that forbids it is not. */
export function needStrace(context: Mocha.Context): void {
  const tried = spawnSync("strace", ["-o", "/dev/null", "true"]);
  if (tried.status === 0) return;
  if (tried.error !== undefined && process.env.CI) throw new Error("strace is not installed (Debian package: strace)");
  console.log("      skipped: system calls cannot be watched here (strace)");
  context.skip();
}
