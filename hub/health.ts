/**
 * How the hub is: `ok`, `degraded` (it keeps every reading, but something that people rely on is behind or away) or
 * `down` (it cannot keep readings). A database that is away degrades the hub; it does not put it down.
 */
export type Status = "ok" | "degraded" | "down";

export interface Reason {
  /** What is not well: `journal`, `drain:influxdb`, `input:serial:/dev/ttyUSB0`, `flows`, `disk` … */
  component: string;
  status: "degraded" | "down";
  /** Stable name of what is wrong: `lag`, `away`, `stale`, `full` … */
  code: string;
  /** For people: figures, and what to look at. Never a secret or a reading. */
  message: string;
}

export interface Health {
  status: Status;
  reasons: Reason[];
}

/** A part of the hub that is asked how it is. It answers with what is wrong, or with nothing. */
export interface Component {
  name: string;
  check(): Omit<Reason, "component">[];
}

/** Asks every component. One that throws is itself down: its state is unknown, and unknown is not well. */
export function collectHealth(components: Component[]): Health {
  const reasons = components.flatMap((component): Reason[] => {
    try {
      return component.check().map((reason) => ({ component: component.name, ...reason }));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return [{ component: component.name, status: "down", code: "check-failed", message }];
    }
  });
  const down = reasons.some((r) => r.status === "down");
  return { status: down ? "down" : reasons.length > 0 ? "degraded" : "ok", reasons };
}

/** The hub itself: it takes no readings before its inputs accept them. */
export function startingHealth(accepting: () => boolean): Component {
  return {
    name: "hub",
    check: () => (accepting() ? [] : [{ status: "down", code: "starting", message: "the inputs are not open yet" }]),
  };
}

/** The journal: `failure()` is the last commit's error while nothing has been committed since, else null. */
export function journalHealth(failure: () => Error | null): Component {
  return {
    name: "journal",
    check() {
      const error = failure();
      if (error === null) return [];
      return [{ status: "down", code: "no-commit", message: `readings cannot be kept: ${error.message}` }];
    },
  };
}

/**
 * An output: how many entries it is behind the journal, and since when it last got anything through.
 * @param maxLagMs how long it may make no headway while entries wait
 */
export function drainHealth(
  name: string,
  lag: () => { entries: number; stuckMs: number; error: string | null },
  maxLagMs = 60_000,
): Component {
  return {
    name: `drain:${name}`,
    check() {
      const { entries, stuckMs, error } = lag();
      if (entries === 0 || stuckMs < maxLagMs) return [];
      const seconds = Math.round(stuckMs / 1000);
      const cause = error === null ? "" : `: ${error}`;
      return [
        { status: "degraded", code: "lag", message: `${entries} entries wait, no headway for ${seconds} s${cause}` },
      ];
    },
  };
}

/** An input: up, or why not. Readings wait on the boards meanwhile, so that the hub is degraded only. */
export function inputHealth(name: string, state: () => { up: boolean; error: string | null }): Component {
  return {
    name: `input:${name}`,
    check() {
      const { up, error } = state();
      return up ? [] : [{ status: "degraded", code: "away", message: error ?? "not connected" }];
    },
  };
}

/**
 * The flows: how long ago they last committed. The hub raises the highest alarms itself meanwhile.
 * @param staleMs age of the last commit from which they count as stopped
 */
export function flowsHealth(ageMs: () => number, staleMs: number): Component {
  return {
    name: "flows",
    check() {
      const age = ageMs();
      if (age < staleMs) return [];
      const seconds = Number.isFinite(age) ? `for ${Math.round(age / 1000)} s` : "since the start";
      const message = `the flows have committed nothing ${seconds}: only the hub's own rules for levels 3–4 are at work`;
      return [{ status: "degraded", code: "stale", message }];
    },
  };
}
