/**
 * Feeds systemd's watchdog while, and only while, a new start would not help. That its timer fires shows that the event
 * loop turns; what else may be wrong is judged here.
 *
 * | what is wrong                              | fed? | why                                                              |
 * |--------------------------------------------|------|------------------------------------------------------------------|
 * | event loop stands still (a hung fsync too) | no   | the timer does not fire                                          |
 * | disk full, file system read-only           | yes  | a new start finds the same disk; the running hub recovers at once |
 * | commits fail for another cause, for long   | no   | opening the files again rescues or sets aside what is damaged    |
 * | calls wait for a commit that never comes   | no   | the committer itself is stuck                                    |
 * | database, broker, flows or network away    | yes  | the hub keeps readings; it is only degraded                      |
 */
import type { Health } from "../health.js";
import type { Notifier } from "./notify.js";

export interface Watched {
  /** The last commit's error while nothing has been committed since; null when all is well. */
  failure(): Error | null;
  /** Calls that wait for a commit. */
  waiting(): number;
  /** Last committed entry. */
  head(): number;
  health(): Health;
}

/** How long commits may fail, or wait, before a new start is worth more than patience; in ms of steady time. */
export const STUCK_MS = 60_000;

/** Errors that a new start cannot mend. */
const NO_NEW_START = ["SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "ENOSPC", "EDQUOT"];

function aboutTheDisk(error: Error): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return NO_NEW_START.some((one) => code === one || code.startsWith(one + "_"));
}

/**
 * Judges again and again whether the hub that runs is worth more than a new one.
 * @param steadyMs a clock that no one sets
 * @returns a function that says why it is not; null while it is
 */
export function createJudge(watched: Watched, steadyMs: () => number, stuckMs = STUCK_MS): () => string | null {
  let failingSince: number | null = null;
  let waitingSince: number | null = null;
  let head = -1;
  return () => {
    const now = steadyMs();
    const failure = watched.failure();
    if (failure === null || aboutTheDisk(failure)) failingSince = null;
    else failingSince ??= now;
    const id = watched.head();
    if (watched.waiting() === 0 || id !== head || failure !== null) waitingSince = null;
    else waitingSince ??= now;
    head = id;
    const seconds = (since: number): string => `${Math.round((now - since) / 1000)} s`;
    if (failingSince !== null && now - failingSince >= stuckMs)
      return `commits have failed for ${seconds(failingSince)}: ${failure?.message ?? ""}`;
    if (waitingSince !== null && now - waitingSince >= stuckMs)
      return `nothing has been committed for ${seconds(waitingSince)}, though readings wait`;
    return null;
  };
}

/** One line for `systemctl status`. */
export function statusLine({ status, reasons }: Health): string {
  const parts = reasons.map((reason) => `${reason.component} ${reason.code}`);
  return parts.length === 0 ? status : `${status}: ${parts.join(", ")}`;
}

/** Says READY, then feeds the watchdog three times in its period. `stop` says STOPPING and ends it. */
export async function startWatchdog(
  notify: Notifier,
  watched: Watched,
  warn: (message: string) => void,
  stuckMs = STUCK_MS,
): Promise<{ stop(): Promise<void> }> {
  const why = createJudge(watched, () => performance.now(), stuckMs);
  let telling = false;
  const feed = async (first: string[]): Promise<void> => {
    if (telling) return;
    telling = true;
    const reason = why();
    if (reason !== null) warn(`the watchdog is not fed: ${reason}`);
    const fed = reason === null && notify.watchdogMs !== null ? ["WATCHDOG=1"] : [];
    await notify.tell(...first, ...fed, `STATUS=${reason ?? statusLine(watched.health())}`);
    telling = false;
  };
  await feed(["READY=1"]);
  const timer = setInterval(() => void feed([]), (notify.watchdogMs ?? 60_000) / 3);
  return {
    async stop() {
      clearInterval(timer);
      await notify.tell("STOPPING=1", "STATUS=stopping");
    },
  };
}
