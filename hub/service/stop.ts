/** A stop that ends: in order while that takes no longer than it may, and as it is after that. */

interface StopLog {
  info(message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Longest time a stop may take, in ms: then the process ends as it is, which loses nothing that was acknowledged. */
export const STOP_WITHIN_MS = 20_000;

/**
 * Runs `stop`, and says with which code the process shall end: 0 when every part has stopped, 1 when one failed or the
 * time was over first. Never rejects. Real time.
 */
export async function stopWithin(stop: () => Promise<void>, log: StopLog, withinMs = STOP_WITHIN_MS): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => {
      log.error({ withinMs }, "a part does not stop: ended all the same");
      resolve(1);
    }, withinMs);
  });
  const stopped = stop().then(
    () => {
      log.info("stopped");
      return 0;
    },
    (error: unknown) => {
      log.error({ err: error }, "the hub did not stop cleanly");
      return 1;
    },
  );
  try {
    return await Promise.race([stopped, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What a signal does: the first one stops in order and then ends the process, the second ends it at once.
 * @param end ends the process with a code
 */
export function onSignal(
  stop: () => Promise<void>,
  end: (code: number) => void,
  log: StopLog,
  withinMs = STOP_WITHIN_MS,
): (signal: string) => void {
  let stopping = false;
  return (signal) => {
    if (stopping) {
      log.warn({ signal }, "ended before everything was stopped");
      return end(1);
    }
    stopping = true;
    log.info({ signal }, "stopping");
    void stopWithin(stop, log, withinMs).then(end);
  };
}
