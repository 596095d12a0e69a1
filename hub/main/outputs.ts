/** What the journal is carried to: the embedded history, and the databases of the configuration. */
import { join } from "node:path";
import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import type { Completeness } from "../completeness/start.js";
import type { Config } from "../config.js";
import { drainHealth, type Component } from "../health.js";
import type { Journal } from "../journal.js";
import { drainLog, given, pointPlaces } from "../join.js";
import type { Drain } from "../outputs/drain.js";
import { outputOf } from "../outputs/drain/lanes.js";
import { startLedgerPoints } from "../outputs/ledger-points.js";
import { startHistory, type History } from "../outputs/history.js";
import { startInfluxDb, type InfluxTarget } from "../outputs/influxdb.js";
import type { Registry } from "../registry.js";

interface OutputsDeps {
  config: Config;
  clock: Clock;
  log: Logger;
  journal: Journal;
  registry: Registry;
  /** Gives the loss ledger's hours to the databases, if the configuration wants that. */
  ledger?: Pick<Completeness, "carry">;
  /** Whether what is old by the clock may be dropped. */
  settled?(): boolean;
}

export interface Outputs {
  history: History;
  drains: Drain[];
  components: Component[];
  stop(): Promise<void>;
}

/** Cursors in the journal that the configuration's outputs hold, whether they run now or not. */
export function outputNames(config: Config): string[] {
  return ["history", ...config.outputs.influxdb.map((output) => `influxdb-${output.name}`)];
}

function targetOf(output: Config["outputs"]["influxdb"][number]): InfluxTarget {
  const { url } = output;
  if (output.version === "1") {
    const { database, retentionPolicy, username, password } = output;
    return { api: "v1", url, database, ...given({ retentionPolicy, username, password }) };
  }
  return { api: "v2", url, org: output.org, bucket: output.bucket, ...given({ token: output.token }) };
}

/** What health asks of a drain. */
function progress(drain: Drain): () => { entries: number; stuckMs: number; error: string | null } {
  return () => {
    const { lag, stuckMs, lastError } = drain.stats();
    return { entries: lag, stuckMs, error: lastError };
  };
}

/**
 * Gives up the cursors of databases that the configuration names no more: nothing would ever move them on, and the
 * journal would keep every entry for them for ever.
 */
function releaseRemoved(config: Config, journal: Journal, log: Logger): void {
  const named = outputNames(config);
  for (const { consumer, id, behind } of journal.consumers()) {
    if (!consumer.startsWith("influxdb-") || named.includes(outputOf(consumer))) continue;
    journal.removeConsumer(consumer);
    const what = `${consumer} is no longer an output: its place in the journal is released, ${behind} entries unwritten`;
    log.warn({ part: consumer, id, behind }, what);
  }
}

/** Starts every output. @throws SetupError for an address or a file that cannot be used */
export function startOutputs(deps: OutputsDeps): Outputs {
  const { config, clock, log, journal, registry } = deps;
  releaseRemoved(config, journal, log);
  const kept = startHistory({
    file: join(config.dataDir, "history.sqlite"),
    ...{ journal, clock, retentionDays: config.outputs.history.days, gatherMs: 50 },
    ...(deps.settled === undefined ? {} : { settled: deps.settled }),
    log: drainLog(log.child({ part: "history" })),
  });
  const places = pointPlaces(registry);
  const databases = config.outputs.influxdb.map((output) =>
    startInfluxDb({
      consumer: `influxdb-${output.name}`,
      ...{ journal, places, target: targetOf(output), batchSize: output.batchLines },
      compression: output.gzip ? "gzip" : "none",
      log: drainLog(log.child({ part: `influxdb-${output.name}` })),
    }),
  );
  const drains: Drain[] = [kept, ...databases];
  const { ledger } = deps;
  const hours = (ledger === undefined || !config.ledger.influxdb ? [] : config.outputs.influxdb).map((output) =>
    startLedgerPoints({
      ...{ output: `influxdb-${output.name}`, source: ledger!, places, target: targetOf(output) },
      compression: output.gzip ? "gzip" : "none",
      log: drainLog(log.child({ part: `influxdb-${output.name}` })),
    }),
  );
  return {
    history: kept.history,
    drains,
    components: drains.map((drain) => drainHealth(drain.stats().consumer, progress(drain))),
    async stop() {
      await Promise.all([...drains, ...hours].map((one) => one.stop()));
    },
  };
}
