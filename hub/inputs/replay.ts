/**
 * A recorded file, an input like any other: rows of {@link ./transport/recording.js}, handed over in the order of the
 * file, either at the pace at which they were received, told by the hub's clock, or as fast as the journal commits.
 * A malformed row is counted by name and left out; a line that could not be committed is tried again, as its board would.
 */
import { open } from "node:fs/promises";
import { basename } from "node:path";
import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import { SetupError } from "../errors.js";
import type { Accept } from "../model.js";
import { createBackoff } from "./transport/backoff.js";
import type { InputStats } from "./transport/handover.js";
import { Handover } from "./transport/handover.js";
import { LineSplitter } from "./transport/line-splitter.js";
import { parseRow, ROW_MAX } from "./transport/recording.js";

export interface ReplayOptions {
  file: string;
  /** `clock`: as far apart as they were received; `fast`: without waiting. */
  pace: "clock" | "fast";
  clock: Clock;
  /** Lines waiting for their commit before the next row is read. */
  window?: number;
  retryBaseMs?: number;
  random?: () => number;
}

export interface ReplayInput {
  /** Resolves when the last row is committed, or the input is stopped. */
  done: Promise<void>;
  stats(): InputStats & { rows: number };
  stop(): Promise<void>;
}

/** Starts to replay a file. @throws SetupError if it cannot be read */
export async function startReplay(options: ReplayOptions, accept: Accept, log: Logger): Promise<ReplayInput> {
  const { file, pace, clock, window = 256 } = options;
  const source = await open(file).catch((cause: Error) => {
    const message = `Cannot read the recording ${file}: ${cause.message}`;
    throw new SetupError("REPLAY_FILE", message, "Name a file that was written by a recording.", { cause });
  });
  const handover = new Handover(accept, "replay:" + basename(file));
  const stopping = new AbortController();
  const { signal } = stopping;
  const waiting = new Set<Promise<void>>();
  let rows = 0;
  let offsetMs: number | undefined;

  /** Waits by the given timer, or until the input is stopped. */
  function pause(start: (wake: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        cancel();
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const cancel = start(wake);
      signal.addEventListener("abort", wake);
    });
  }

  async function give(line: string): Promise<void> {
    const backoff = createBackoff(options.retryBaseMs ?? 250, 10_000, options.random ?? Math.random);
    while (!signal.aborted) {
      const result = await handover.give(line, false);
      if (result.outcome !== "failed") return;
      log.warn({ file, err: result.error }, "line not committed: it will be tried again");
      await pause((wake) => {
        const timer = setTimeout(wake, backoff.next());
        return () => clearTimeout(timer);
      });
    }
  }

  async function take(text: string): Promise<void> {
    if (text === "" || signal.aborted) return;
    const row = parseRow(text);
    if (!row.ok) return handover.fault(row.fault);
    rows++;
    if (pace === "clock") {
      offsetMs ??= clock.now() - row.receivedMs;
      const waitMs = row.receivedMs + offsetMs - clock.now();
      if (waitMs > 0) await pause((wake) => clock.after(waitMs, wake));
    }
    while (waiting.size >= window && !signal.aborted) await Promise.race(waiting);
    const given = give(row.line).finally(() => waiting.delete(given));
    waiting.add(given);
  }

  async function run(): Promise<void> {
    const ready: string[] = [];
    const splitter = new LineSplitter(
      ROW_MAX,
      (line) => ready.push(line),
      () => handover.fault("row:overlong"),
    );
    try {
      for await (const chunk of source.createReadStream()) {
        if (signal.aborted) break;
        splitter.push(chunk as Buffer);
        for (const row of ready.splice(0)) await take(row);
      }
      // A file cut off in the middle of its last row still has that row.
      splitter.push(Buffer.from("\n"));
      for (const row of ready) await take(row);
    } catch (error) {
      if (!signal.aborted) {
        handover.fault("read-failed");
        log.warn({ file, err: error }, "recording cannot be read on");
      }
    }
    await Promise.all(waiting);
  }
  const done = run();

  return {
    done,
    stats: () => ({ ...handover.stats(), rows }),
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
