/** Commands that run side by side. What each of them writes comes in one piece, when it has ended. */
import { spawn } from "node:child_process";
import { projectRoot } from "../../hub/root.js";

export interface Job {
  title: string;
  /** A line for the shell, run in the project's top folder. */
  command: string;
  /** How much of a lane it takes; less than one if it waits for the clock most of the time. */
  share?: number;
  /** Commands of other jobs that it uses what they make of. It is not run when one of them fails. */
  needs?: string[];
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

/**
 * Runs the jobs, as many at a time as fill the lanes: of those that have what they need always the first that finds
 * room. A job that has not ended after `limitMs` is killed and has failed.
 */
export async function runAll(jobs: Job[], lanes: number, limitMs: number, ended: (one: Ended) => void): Promise<void> {
  const waiting = [...jobs];
  const running = new Map<Job, Promise<void>>();
  const came = new Map<string, boolean>();
  let room = lanes;
  const end = (one: Ended): void => {
    came.set(one.command, one.ok);
    ended(one);
  };
  const begin = (job: Job): void => {
    const missed = job.needs?.find((command) => came.get(command) === false);
    if (missed !== undefined) return end({ ...job, ok: false, said: `not run: ${missed} has failed\n`, seconds: 0 });
    const { share = 1 } = job;
    room -= share;
    const done = (one: Ended): void => {
      room += share;
      running.delete(job);
      end(one);
    };
    running.set(job, run(job, limitMs).then(done));
  };
  while (waiting.length > 0 || running.size > 0) {
    const fits = ({ share = 1, needs = [] }: Job): boolean =>
      needs.every((command) => came.has(command)) && share <= room;
    const next = waiting.findIndex(fits);
    if (next >= 0) begin(waiting.splice(next, 1)[0]);
    else if (running.size > 0) await Promise.race(running.values());
    else throw new Error(`no job can be run of ${waiting.map(({ title }) => title).join(", ")}`);
  }
}
