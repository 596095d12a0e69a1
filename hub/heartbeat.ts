/**
 * The third dead-man: a sign of life to an address outside the machine, so that somebody notices when hub and flows are
 * both gone. It goes out while the hub is `ok` or `degraded` (which is said in it) and stops when the hub is `down`;
 * the moment it goes down is told once, to an address of its own. Silence is the alarm; the receiver raises it.
 */
import type { Component, Health, Status } from "./health.js";

export interface HeartbeatOptions {
  /** Address that gets a POST while the hub is not down. A path in it may be a secret: it is never logged. */
  url: string;
  /** Address that gets one POST when the hub goes down; null: it only falls silent. */
  downUrl: string | null;
  everySeconds: number;
  /** Sent as `Authorization: Bearer …`. */
  token: string | null;
}

interface HeartbeatDeps {
  /** Name of this hub. */
  name: string;
  /** By the hub's clock, for the body. */
  now(): number;
  health(): Health;
  warn(message: string): void;
  info(message: string): void;
}

export interface HeartbeatStats {
  delivered: number;
  failed: number;
  /** Seconds since the last one arrived, or since the start; steady time. */
  ageSeconds: number;
  lastError: string | null;
}

export interface Heartbeat {
  stats(): HeartbeatStats;
  component: Component;
  stop(): Promise<void>;
}

/** What the receiver gets. */
interface Beat {
  hub: string;
  /** ISO 8601, UTC, by the hub's clock. */
  time: string;
  status: Status;
  /** Whether the alarm flows commit; `ok` too where they are switched off. */
  flows: "ok" | "stale";
  reasons: { component: string; status: string; code: string }[];
  uptimeSeconds: number;
}

/** One sending may take this long, in ms. */
const PATIENCE_MS = 10_000;
/** The hub's state is looked at this often, in ms: a receiver learns of `down` within this. */
const LOOK_MS = 1000;

async function post(url: string, token: string | null, beat: Beat, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(beat),
      // The token must not follow to an address that nobody configured.
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
    return response.ok ? null : `status ${response.status}`;
  } catch (error) {
    if (signal.aborted) return "no answer in time";
    const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
    return cause?.code ?? cause?.message ?? message;
  }
}

/** Begins to send at once. `stop` sends nothing more: whoever watches notices a hub that was stopped, too. */
export function startHeartbeat(options: HeartbeatOptions, deps: HeartbeatDeps, lookMs = LOOK_MS): Heartbeat {
  const { url, downUrl, everySeconds, token } = options;
  const host = new URL(url).host;
  const stopping = new AbortController();
  const began = performance.now();
  let lastDelivered = began;
  let due = began;
  let delivered = 0;
  let failed = 0;
  let lastError: string | null = null;
  let saidDown = false;
  let going: Promise<void> | null = null;

  const ageMs = (): number => performance.now() - lastDelivered;
  const beatOf = ({ status, reasons }: Health): Beat => ({
    hub: deps.name,
    time: new Date(deps.now()).toISOString(),
    status,
    flows: reasons.some((reason) => reason.component === "flows") ? "stale" : "ok",
    reasons: reasons.map(({ component, status, code }) => ({ component, status, code })),
    uptimeSeconds: Math.round((performance.now() - began) / 1000),
  });
  const send = async (to: string, health: Health): Promise<boolean> => {
    const patience = AbortSignal.any([stopping.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const error = await post(to, token, beatOf(health), patience);
    if (stopping.signal.aborted) return false;
    if (error !== null && lastError === null) deps.warn(`the heartbeat does not reach ${host}: ${error}`);
    if (error === null && lastError !== null) deps.info(`the heartbeat reaches ${host} again`);
    lastError = error;
    if (error !== null) failed++;
    return error === null;
  };
  const look = async (): Promise<void> => {
    const health = deps.health();
    if (health.status === "down") {
      if (saidDown || downUrl === null) return;
      // Tried again until it is through, as long as the hub is down.
      saidDown = await send(downUrl, health);
      return;
    }
    // At once when it is up again, so that the receiver's alarm ends.
    if (saidDown) due = performance.now();
    saidDown = false;
    if (performance.now() < due) return;
    const arrived = await send(url, health);
    // What was lost is made up for soon: a receiver must not take one lost packet for a dead hub.
    due = performance.now() + (arrived ? everySeconds : Math.min(everySeconds, 5)) * 1000;
    if (!arrived) return;
    delivered++;
    lastDelivered = performance.now();
  };
  const round = (): void => {
    going ??= look()
      .catch((error: unknown) => deps.warn(`heartbeat: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => (going = null));
  };
  round();
  const timer = setInterval(round, lookMs);

  return {
    stats: () => ({ delivered, failed, lastError, ageSeconds: ageMs() / 1000 }),
    component: {
      name: "heartbeat",
      check() {
        if (lastError === null) return [];
        const message = `nobody outside hears that this hub lives: ${host}: ${lastError}`;
        return [{ status: "degraded", code: "undelivered", message }];
      },
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await going;
    },
  };
}
