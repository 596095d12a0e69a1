/** What the hub does beside its readings: takes over changes to the registry, forgets what is old, says that it lives. */
import type { Logger } from "pino";
import { FLOWS_CONSUMER } from "../api/flows.js";
import type { Clock } from "../clock.js";
import { LEDGER_CONSUMER } from "../completeness/start.js";
import type { Config } from "../config.js";
import type { Health } from "../health.js";
import { startHeartbeat, type Heartbeat } from "../heartbeat.js";
import type { Journal } from "../journal.js";
import type { Registry } from "../registry.js";
import { outputNames } from "./outputs.js";
import type { OnStop } from "./stores.js";

const MIB = 1024 * 1024;
const REFRESH_MS = 1000;
const TRIM_EVERY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

interface UpkeepDeps {
  config: Config;
  clock: Clock;
  log: Logger;
  journal: Journal;
  registry: Registry;
  /** Whether what is old by the clock may be dropped. */
  settled(): boolean;
}

/** Starts the timers. Real time: they are about files. */
export function startUpkeep({ config, clock, log, journal, registry, settled }: UpkeepDeps, onStop: OnStop): void {
  const refresh = setInterval(() => {
    try {
      registry.refresh();
    } catch (error) {
      log.error({ err: error }, "changes to the registry could not be read");
    }
  }, REFRESH_MS);
  onStop(() => clearInterval(refresh));
  const { maxAgeDays, maxMiB } = config.journal;
  const consumers = [FLOWS_CONSUMER, LEDGER_CONSUMER, ...outputNames(config)];
  const trim = setInterval(() => {
    // By a clock in doubt nothing is old; the size bounds the journal all the same.
    const maxAgeMs = settled() ? maxAgeDays * DAY_MS : Infinity;
    const limits = { maxAgeMs, maxBytes: maxMiB * MIB, consumers };
    journal
      .trim({ now: clock.now(), ...limits })
      .catch((error: unknown) => log.error({ err: error }, "the journal could not be trimmed"));
  }, TRIM_EVERY_MS);
  onStop(() => clearInterval(trim));
}

/** The sign of life to the outside; null if the configuration does not say where. */
export function beginHeartbeat(
  { name, heartbeat }: Config,
  clock: Clock,
  log: Logger,
  health: () => Health,
): Heartbeat | null {
  const { url } = heartbeat;
  if (url === null) return null;
  const own = log.child({ part: "heartbeat" });
  const say = { warn: (line: string) => own.warn(line), info: (line: string) => own.info(line) };
  return startHeartbeat({ ...heartbeat, url }, { name, now: () => clock.now(), health, ...say });
}
