/** The hub's own clock, watched: what is put right when it was set, and what Prometheus sees of it. */
import type { Logger } from "pino";
import { single, type Metric } from "../api/metrics.js";
import { watchClock, type ClockWatch } from "../clock/watch.js";
import { realClock, type Clock } from "../clock.js";
import type { Journal } from "../journal.js";
import { timesyncConfirms } from "../clock/time-service.js";

interface HubClockDeps {
  clock: Clock;
  journal: Journal;
  log: Logger;
}

/** Starts to watch. Each step moves the anchors that were found by the clock, and is kept as an event of the journal. */
export function startHubClock({ clock, journal, log }: HubClockDeps): ClockWatch & { metrics: Metric[] } {
  const [newest] = journal.read(journal.head().id - 1, 1);
  const watch = watchClock({
    clock,
    newest: newest?.received ?? null,
    // A clock that a test or the demo makes has no time service.
    ...(clock === realClock ? { confirmed: () => timesyncConfirms() } : {}),
  });
  if (watch.stats().unsure) log.warn({ part: "clock", now: clock.now() }, "the hub's clock cannot be right");
  watch.onStep((stepMs) => {
    log.warn({ part: "clock", stepMs }, "the hub's clock was set");
    journal.clockStepped(stepMs);
    const event = { kind: "event", event: "clock", board: null, site: null, received: clock.now() } as const;
    // Not on disk, it is still in the log: nothing else hangs on it.
    journal.append({ ...event, detail: { stepMs, unsure: watch.stats().unsure } }).catch(() => undefined);
  });
  const { stats } = watch;
  return {
    ...watch,
    metrics: [
      single("aryk_clock_unsure", "gauge", "1 while the hub's clock cannot be right.", () => (stats().unsure ? 1 : 0)),
      single("aryk_clock_steps_total", "counter", "How often the hub's clock was set.", () => stats().steps),
      single("aryk_clock_last_step_seconds", "gauge", "By how much it was set last; ahead is positive.", () => {
        return stats().lastStepMs / 1000;
      }),
    ],
  };
}
