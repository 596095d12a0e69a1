/**
 * Real pseudo-terminals: `socat` holds both ends of a cable whose two plugs are links in a directory. Pulling it kills
 * socat, and the device goes away for whoever has it open, as a USB adapter does.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Skips the running test or suite when there is no socat; under CI that is a failure. */
export function needSocat(context: Mocha.Context): void {
  if (spawnSync("socat", ["-V"], { stdio: "ignore" }).status === 0) return;
  const reason = "socat not installed (Debian package: socat)";
  if (process.env.CI) throw new Error(reason);
  console.log(`      skipped: ${reason}`);
  context.skip();
}

export interface Cable {
  /** Paths of the two ends. */
  near: string;
  far: string;
  plug(): Promise<void>;
  /** Resolves when socat is dead. */
  unplug(): Promise<void>;
  dispose(): Promise<void>;
}

/** Lays a cable; it is not plugged in yet. */
export function layCable(): Cable {
  const dir = mkdtempSync(join(tmpdir(), "aryk-pty-"));
  const near = join(dir, "near");
  const far = join(dir, "far");
  let socat: ChildProcess | undefined;

  async function unplug(): Promise<void> {
    const child = socat;
    socat = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGKILL");
    });
    for (const link of [near, far]) rmSync(link, { force: true });
  }

  return {
    near,
    far,
    async plug() {
      socat = spawn("socat", [`PTY,link=${near},rawer`, `PTY,link=${far},rawer`], { stdio: "ignore" });
      const end = Date.now() + 15_000;
      while (!existsSync(near) || !existsSync(far)) {
        if (Date.now() > end || socat.exitCode !== null) throw new Error("socat made no pseudo-terminals");
        await sleep(5);
      }
    },
    unplug,
    async dispose() {
      await unplug();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
