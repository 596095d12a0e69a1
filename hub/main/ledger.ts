/** The loss ledger of the hub: its file, its figures for Prometheus, its points for the databases of the configuration. */
import { join } from "node:path";
import type { Logger } from "pino";
import { byLabel, single, type Metric } from "../api/metrics.js";
import type { Clock } from "../clock.js";
import { createLastDay } from "../completeness/last-day.js";
import { startCompleteness, type Completeness } from "../completeness/start.js";
import { COMPLETENESS } from "../completeness/schema.js";
import type { Config } from "../config.js";
import { JOURNAL } from "../journal/schema.js";
import type { Journal } from "../journal.js";
import type { Registry } from "../registry.js";

interface LedgerDeps {
  config: Config;
  clock: Clock;
  log: Logger;
  journal: Journal;
  registry: Registry;
  /** Whether what is old by the clock may be dropped. */
  settled(): boolean;
}

/** Starts the ledger's file. @throws SetupError `COMPLETENESS_NEWER`, `_OLDER`, `_CORRUPT`, `_NOT_WRITABLE` */
export function startLedger({ config, clock, log, journal, registry, settled }: LedgerDeps): Completeness & {
  metrics: Metric[];
} {
  const part = log.child({ part: "ledger" });
  const completeness = startCompleteness({
    file: join(config.dataDir, COMPLETENESS.fileName),
    journalFile: join(config.dataDir, JOURNAL.fileName),
    ...{ journal, clock, places: registry, days: config.ledger.days, settled },
    warn: (message, err) => part.error({ err }, message),
  });
  return { ...completeness, metrics: ledgerMetrics(completeness, clock) };
}

function ledgerMetrics(completeness: Completeness, clock: Clock): Metric[] {
  const lastDay = createLastDay((query) => completeness.report(query), clock);
  const day = (): Record<string, number> => {
    const total = lastDay();
    if (total === null) return {};
    const { received, dropped, mayWait, unexplained, dead, late, clock: doubtful } = total;
    return { received, dropped, may_wait: mayWait, unexplained, dead, late, clock: doubtful };
  };
  return [
    byLabel("aryk_ledger_day_packs", "gauge", "Packs of the last 24 hours, by what became of them.", "state", day),
    single("aryk_ledger_day_completeness", "gauge", "Received of expected packs, last 24 hours; NaN if none.", () => {
      return lastDay()?.completeness ?? NaN;
    }),
    single("aryk_ledger_day_silent_seconds", "gauge", "Time of sites without any number, last 24 hours.", () => {
      return (lastDay()?.silentHours ?? NaN) * 3600;
    }),
    single("aryk_ledger_lag_entries", "gauge", "Entries of the journal that the ledger has not counted yet.", () => {
      return completeness.stats().lag;
    }),
  ];
}
