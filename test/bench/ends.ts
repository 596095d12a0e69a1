/** What a run has started, to be ended in reverse: also after a failure, and when somebody interrupts it. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Ends {
  readonly #ends: (() => unknown)[] = [];
  #clearing: Promise<void> | null = null;

  /**
   * Remembers how something ends; returns a function that ends it now, once. What comes up while everything is being
   * ended (a server that was just starting) is ended at once.
   */
  add(end: () => unknown): () => Promise<void> {
    if (this.#clearing !== null) void end();
    else this.#ends.push(end);
    return async () => {
      const at = this.#ends.indexOf(end);
      if (at < 0) return;
      this.#ends.splice(at, 1);
      await end();
    };
  }

  /** True once everything is being ended. */
  get over(): boolean {
    return this.#clearing !== null;
  }

  /** A folder under the system's temporary one, removed at the end. */
  folder(name: string): string {
    const dir = mkdtempSync(join(tmpdir(), `aryk-bench-${name}-`));
    this.add(() => rmSync(dir, { recursive: true, force: true }));
    return dir;
  }

  /** Ends everything, the last first. One that fails does not keep the others. Asked twice it is still one clearing. */
  all(): Promise<void> {
    return (this.#clearing ??= this.#clear());
  }

  async #clear(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        process.stderr.write(`while clearing up: ${String(error)}\n`);
      }
    }
  }
}

export interface Program {
  child: ChildProcess;
  pid: number;
  /** What it printed last, for a message when it fails. */
  said(): string;
  /** Calls `fn` with every piece of its output. */
  onOutput(fn: (text: string) => void): void;
  gone: Promise<void>;
  /** SIGTERM, and SIGKILL after 10 s. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

const running = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** Starts a Node program in a process of its own, with a channel (IPC), and ends it with the run. */
export function startNode(ends: Ends, args: string[], options: { cwd: string; ipc?: boolean }): Program {
  const stdio =
    options.ipc === true ? (["ignore", "pipe", "pipe", "ipc"] as const) : (["ignore", "pipe", "pipe"] as const);
  const child = spawn(process.execPath, [...process.execArgv, ...args], { cwd: options.cwd, stdio: [...stdio] });
  if (child.pid === undefined) throw new Error(`cannot start ${args.join(" ")}`);
  let said = "";
  const listeners: ((text: string) => void)[] = [];
  const listen = (chunk: Buffer): void => {
    const text = chunk.toString();
    said = (said + text).slice(-4000);
    for (const fn of listeners) fn(text);
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  child.on("error", (error) => (said += String(error)));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (running(child)) child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    if (running(child)) await gone;
    clearTimeout(late);
  };
  const forget = ends.add(() => end("SIGKILL"));
  return {
    ...{ child, pid: child.pid, said: () => said, gone },
    onOutput: (fn) => void listeners.push(fn),
    async stop() {
      await end("SIGTERM");
      await forget();
    },
    async kill9() {
      await end("SIGKILL");
      await forget();
    },
  };
}
