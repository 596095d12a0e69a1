/**
 * Builds the hub from its configuration and joins its parts. This file knows all names; the parts do not know each
 * other. `startHub` returns `stop`.
 */
import { mkdirSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Logger } from "pino";
import { siteType } from "../hardware/sites.js";
import { startAlerts } from "./main/alerts.js";
import { startHubClock } from "./main/clock.js";
import { startInputs, type Inputs } from "./main/inputs.js";
import { startLedger } from "./main/ledger.js";
import { hubMetrics } from "./main/metrics.js";
import { outputNames, startOutputs, type Outputs } from "./main/outputs.js";
import { Register } from "./alerts/register.js";
import { Access } from "./api/auth.js";
import { FLOWS_CONSUMER, flowsRoutes } from "./api/flows.js";
import { API_DEFAULTS, startApi } from "./api/server.js";
import { checkRestored } from "./backup/restore.js";
import { createDerive } from "./calibration/index.js";
import type { Clock } from "./clock.js";
import { GREAT_STEP_MS } from "./clock/watch.js";
import type { Config } from "./config.js";
import { startFlowsProcess, type FlowsProcess } from "./flows-process.js";
import { collectHealth, flowsHealth, journalHealth, startingHealth, type Component, type Health } from "./health.js";
import { startHeartbeat, type Heartbeat } from "./heartbeat.js";
import { Journal } from "./journal.js";
import { keepCopy, mendHealth, mendStores } from "./store/mend-all.js";
import { localUrl, raisesClosure, ruleSites, warmQuality } from "./join.js";
import { LEDGER_CONSUMER } from "./completeness/start.js";
import type { Accept } from "./model.js";
import { createPipeline, type PipelineStats } from "./pipeline.js";
import { createQuality } from "./quality/index.js";
import { Registry } from "./registry.js";
import { startReserve } from "./store/reserve.js";
import { createRotation } from "./registry/rotation.js";
import { openSecrets } from "./secrets.js";
import { webDir } from "./web/build.js";

export interface HubOptions {
  config: Config;
  clock: Clock;
  log: Logger;
  /** The flows are told the time this often, by the hub's clock. */
  tickMs?: number;
  /**
   * Told the admin's password at the very start that makes it: it is kept nowhere in readable form, and a start that
   * fails later must not take it along.
   */
  onAdminPassword?(password: string): void;
  /** Called when the journal turns out to be damaged while it is in use: only a new start of the hub mends it. */
  onDamage?(error: Error): void;
}

export interface Hub {
  /** Where the pages are. */
  url: string;
  /** Shown once, on the first start; null afterwards. */
  adminPassword: string | null;
  registry: Registry;
  journal: Journal;
  register: Register;
  accept: Accept;
  inputs: Inputs;
  outputs: Outputs;
  flows: FlowsProcess | null;
  /** True while the hub runs the alarm rules itself. */
  watching(): boolean;
  stats(): PipelineStats;
  health(): Health;
  stop(): Promise<void>;
}

const LOW_DISK_BYTES = 500e6;
const MIB = 1024 * 1024;
const REFRESH_MS = 1000;
const TRIM_EVERY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/** Starts every part, inputs last. @throws SetupError for what a person must mend; nothing is left running then */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { config, clock, log } = options;
  /** What has been started, to be stopped in reverse. */
  const running: (() => void | Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    // One part that does not stop must not keep the others, the journal last, from stopping.
    for (const end of running.splice(0).reverse())
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    if (failures.length > 0) throw failures[0];
  };
  try {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    checkRestored(config.dataDir);
    const file = (name: string): string => join(config.dataDir, name);
    // Before the stores: on a full disk it makes the room in which they can be opened.
    const reserve = startReserve({
      ...{ file: file("reserve"), folder: config.dataDir, lowBytes: LOW_DISK_BYTES, log },
      ...{ bytes: config.disk.reserveMiB * MIB, floorBytes: config.disk.floorMiB * MIB },
    });
    running.push(() => reserve.stop());
    const mended = mendStores(config.dataDir, clock);
    for (const report of mended) log.error({ ...report }, `the ${report.store} was damaged and has been mended`);
    const registry = Registry.open(file("registry.sqlite"), clock);
    running.push(() => registry.close());
    running.push(keepCopy(config.dataDir, (err) => log.error({ err }, "the registry could not be copied")));
    const journal = Journal.open(file("journal.sqlite"), {
      gatherMs: config.journal.gatherMs,
      onDamage(err) {
        log.fatal({ err }, "the journal is damaged: nothing is taken any more, the next start mends it");
        options.onDamage?.(err);
      },
    });
    running.push(() => journal.close());
    const register = Register.open(file("register.sqlite"), clock);
    running.push(() => register.close());
    const secrets = openSecrets(file("secrets.json"));
    const { access, adminPassword } = await Access.open(file("people.sqlite"));
    running.push(() => access.close());
    if (adminPassword !== null) options.onAdminPassword?.(adminPassword);

    const hubClock = startHubClock({ clock, journal, log });
    running.push(() => hubClock.stop());
    const settled = (): boolean => hubClock.settled();
    let quality = createQuality();
    warmQuality(quality, journal, clock.now());
    // What the tests remember of a series lies in the future then: they would judge nothing until it comes.
    hubClock.onStep((stepMs) => {
      if (stepMs < 0) quality = createQuality();
    });
    const derivedOf = (type: string): string[] => siteType(type)?.derived ?? [];
    const rotation = createRotation(registry, clock, (err) => log.error({ err }, "a board's key could not be kept"));
    const ledger = startLedger({ config, clock, log, journal, registry, settled });
    running.push(() => ledger.stop());
    const pipeline = createPipeline({
      clock,
      journal,
      registry,
      rotation,
      account: ledger,
      doubt: () => hubClock.doubt(),
      quality: { check: (...value) => quality.check(...value) },
      derive: createDerive(),
      derivedOf,
    });
    const { stats } = pipeline;
    const accept = reserve.guard(pipeline.accept, (board) => raisesClosure(registry.siteOf(board, clock.now())?.type));

    const outputs = startOutputs({ config, clock, log, journal, registry, ledger, settled });
    running.push(() => outputs.stop());
    const since = (): number => hubClock.since();
    const alerts = startAlerts({ config, clock, log, journal, register, registry, since });
    running.push(() => alerts.stop());

    let flows: FlowsProcess | null = null;
    let inputs: Inputs | null = null;
    let heartbeat: Heartbeat | null = null;
    const flowsToken = randomBytes(32).toString("base64url");
    const flowsAgeMs = (): number => {
      const { owner, steadyMs } = register.heartbeat();
      return owner === "flows" ? performance.now() - steadyMs : Infinity;
    };
    const components = (): Component[] => [
      startingHealth(() => inputs !== null),
      journalHealth(() => journal.failure()),
      reserve.component,
      mendHealth(mended, () => journal.altered()),
      hubClock.component,
      ...outputs.components,
      ...(inputs?.components ?? []),
      ...(config.flows.enabled ? [flowsHealth(flowsAgeMs, config.flows.staleSeconds * 1000)] : []),
      ...(heartbeat === null ? [] : [heartbeat.component]),
    ];
    const health = (): Health => collectHealth(components());
    const observed = { health, flows: () => flows, heartbeat: () => heartbeat };
    const api = await startApi(
      {
        clock,
        registry,
        history: outputs.history,
        register,
        journal,
        access,
        health,
        log: log.child({ part: "api" }),
        ledger: (query) => ledger.report(query),
        metrics: [
          ...hubMetrics({
            ...{ journal, register, reserve, stats, outputs, flowsAgeMs },
            ...{ inputs: () => inputs, ...observed },
          }),
          ...ledger.metrics,
          ...hubClock.metrics,
        ],
        editor: () => flows?.address() ?? null,
        machines: flowsRoutes({
          ...{ journal, register, clock, token: flowsToken, tickMs: options.tickMs ?? 10_000 },
          sites: () => ruleSites(registry),
          ...{ since, text: alerts.text, channels: alerts.channels },
        }),
      },
      { ...API_DEFAULTS, ...config.http, timeZone: config.timeZone, webDir: webDir() },
    );
    running.push(() => api.stop());

    if (config.flows.enabled) {
      flows = startFlowsProcess({
        dir: file("flows"),
        mode: config.flows.editor ? "editor" : "headless",
        hubUrl: localUrl(api.url),
        token: flowsToken,
        credentialSecret: secrets.flowsCredentials,
        log: log.child({ part: "flows" }),
      });
      const child = flows;
      running.push(() => child.stop());
    }

    const refresh = setInterval(() => {
      try {
        registry.refresh();
      } catch (error) {
        log.error({ err: error }, "changes to the registry could not be read");
      }
    }, REFRESH_MS);
    running.push(() => clearInterval(refresh));
    running.push(startTrimming(config, journal, clock, log, settled));
    inputs = await startInputs({ config, clock, log, accept, registry });
    const started = inputs;
    running.push(() => started.stop());
    hubClock.onStep((stepMs) => {
      if (Math.abs(stepMs) >= GREAT_STEP_MS) started.broker?.greetAnew();
    });
    heartbeat = beginHeartbeat(config, clock, log, health);
    running.push(() => heartbeat?.stop());
    log.info({ url: api.url, sites: registry.sites().length }, "hub started");
    return {
      ...{ url: api.url, adminPassword, registry, journal, register, accept, inputs: started, outputs, flows },
      ...{ watching: alerts.watching, stats, health, stop },
    };
  } catch (error) {
    await stop().catch((second: unknown) => log.error({ err: second }, "a part did not stop"));
    throw error;
  }
}

/** The sign of life to the outside, if the configuration names where. */
function beginHeartbeat(
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

/** Lets the journal forget what every consumer has settled, by age and size. Real time: it is about the disk. */
function startTrimming(
  config: Config,
  journal: Journal,
  clock: Clock,
  log: Logger,
  settled: () => boolean,
): () => void {
  const { maxAgeDays, maxMiB } = config.journal;
  const consumers = [FLOWS_CONSUMER, LEDGER_CONSUMER, ...outputNames(config)];
  const trim = (): void => {
    // By a clock in doubt nothing is old; the size bounds the journal all the same.
    const maxAgeMs = settled() ? maxAgeDays * DAY_MS : Infinity;
    const limits = { maxAgeMs, maxBytes: maxMiB * MIB, consumers };
    journal
      .trim({ now: clock.now(), ...limits })
      .catch((error: unknown) => log.error({ err: error }, "the journal could not be trimmed"));
  };
  const timer = setInterval(trim, TRIM_EVERY_MS);
  return () => clearInterval(timer);
}
