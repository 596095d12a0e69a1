/** Commands that run side by side. What each of them writes comes in one piece, when it has ended. */
import { spawn } from "node:child_process";
import { projectRoot } from "../../hub/root.js";

export interface Job {
  title: string;
  /** A line for the shell, run in the project's top folder. */
  command: string;
}

export interface Ended extends Job {
  /** True when its exit status was 0. */
  ok: boolean;
  /** All that it wrote, and what ended it when it did not end by itself. */
  said: string;
  seconds: number;
}

function run(job: Job, limitMs: number): Promise<Ended> {
  return new Promise((resolve) => {
    const begun = Date.now();
    const child = spawn(job.command, { shell: true, cwd: projectRoot(), stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const end = (ok: boolean, why: string): void => {
      clearTimeout(limit);
      resolve({ ...job, ok, said: said + why, seconds: (Date.now() - begun) / 1000 });
    };
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      // What it started may hold them open for ever.
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      end(false, `did not end within ${limitMs / 1000} s\n`);
    }, limitMs);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.on("error", (error) => end(false, `${error.message}\n`));
    child.on("close", (code, signal) => end(code === 0, signal === null ? "" : `ended by ${signal}\n`));
  });
}

/** Runs the jobs in their order, `lanes` at a time; a job that has not ended after `limitMs` is killed and has failed. */
export async function runAll(jobs: Job[], lanes: number, limitMs: number, ended: (one: Ended) => void): Promise<void> {
  const waiting = [...jobs];
  const lane = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) ended(await run(job, limitMs));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
