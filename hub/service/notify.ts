/**
 * Tells systemd how the hub is (sd_notify). Node has no Unix datagram sockets, and every package that adds them is a
 * native build of its own; so `systemd-notify` is run, which is there wherever systemd is. One word costs about 4 ms of
 * processor time here and as much in the child: at one word in ten seconds less than 0.1 %.
 */
import { execFile } from "node:child_process";

export interface Notifier {
  /** Time within which systemd wants to hear `WATCHDOG=1`, in ms; null if it does not watch. */
  watchdogMs: number | null;
  /** Sends one or more assignments, `READY=1` for one. Never rejects: resolves false if they were not delivered. */
  tell(...words: string[]): Promise<boolean>;
}

type Environment = Record<string, string | undefined>;

/** Longest time one word may take, in ms: systemd-notify itself gives up after 5 s. */
const PATIENCE_MS = 8000;

/**
 * What the service manager asked for, from the environment that it set.
 * @returns null when nobody listens: the hub was started by hand
 */
export function notifier(env: Environment, pid: number, warn: (message: string) => void): Notifier | null {
  const socket = env.NOTIFY_SOCKET;
  if (socket === undefined || socket === "") return null;
  const usec = Number(env.WATCHDOG_USEC);
  const mine = env.WATCHDOG_PID === undefined || Number(env.WATCHDOG_PID) === pid;
  let failing = false;
  return {
    watchdogMs: mine && Number.isFinite(usec) && usec > 0 ? usec / 1000 : null,
    tell: (...words) =>
      new Promise((resolve) => {
        // Only what it needs: its environment is readable by the same account.
        const options = { env: { PATH: env.PATH, NOTIFY_SOCKET: socket }, timeout: PATIENCE_MS };
        execFile("systemd-notify", words.map(oneLine), options, (error) => {
          if (error !== null && !failing) warn(`systemd was not told: ${error.message}`);
          failing = error !== null;
          resolve(error === null);
        });
      }),
  };
}

/** An assignment must stay one: a line break in a status would begin another. */
function oneLine(word: string): string {
  return word.replace(/\p{Cc}+/gu, " ").slice(0, 500);
}
