/**
 * Builds the hub from its configuration and joins its parts. This file and its folder know all names; the parts do not
 * know each other. `startHub` returns `stop`.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Register } from "./alerts/register.js";
import { flowsRoutes } from "./api/flows.js";
import { API_DEFAULTS, startApi } from "./api/server.js";
import type { Clock } from "./clock.js";
import { GREAT_STEP_MS } from "./clock/watch.js";
import type { Config } from "./config.js";
import { startFlowsProcess, type FlowsProcess } from "./flows-process.js";
import { collectHealth, flowsHealth, journalHealth, startingHealth, type Component, type Health } from "./health.js";
import type { Heartbeat } from "./heartbeat.js";
import { followRuleSites, localUrl } from "./join.js";
import type { Journal } from "./journal.js";
import { startAlerts } from "./main/alerts.js";
import { startInputs, type Inputs } from "./main/inputs.js";
import { hubMetrics } from "./main/metrics.js";
import { startOutputs, type Outputs } from "./main/outputs.js";
import { startReadings } from "./main/readings.js";
import { openStores, type OnStop } from "./main/stores.js";
import { beginHeartbeat, startUpkeep } from "./main/upkeep.js";
import type { Accept } from "./model.js";
import type { PipelineStats } from "./pipeline.js";
import type { Registry } from "./registry.js";
import { boardsHealth } from "./registry/drift.js";
import { ImageStore } from "./updates/images.js";
import { createSirens, type Sirens } from "./siren/start.js";
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
  /** Called when journal or register turn out to be damaged while in use: only a new start of the hub mends them. */
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
  sirens: Sirens;
  /** True while the hub runs the alarm rules itself. */
  watching(): boolean;
  stats(): PipelineStats;
  health(): Health;
  stop(): Promise<void>;
}

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
    const onStop: OnStop = (end) => running.push(end);
    const stores = await openStores(options, onStop);
    const { reserve, registry, journal, register, access, secrets, adminPassword } = stores;
    if (adminPassword !== null) options.onAdminPassword?.(adminPassword);
    const { hubClock, ledger, accept, updates, stats } = startReadings(options, stores, onStop);
    const settled = (): boolean => hubClock.settled();

    const outputs = startOutputs({ config, clock, log, journal, registry, ledger, settled });
    onStop(() => outputs.stop());
    const since = (): number => hubClock.since();
    const sites = followRuleSites(registry);
    const alerts = startAlerts({ config, clock, log, journal, register, registry, sites, since });
    onStop(() => alerts.stop());

    const sirens = createSirens({
      ...{ sirens: config.sirens, clock, log: log.child({ part: "siren" }), book: register.sirens() },
      knows: (site) => registry.site(site) !== undefined,
    });
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
      ...stores.components,
      hubClock.component,
      ...outputs.components,
      ...(inputs?.components ?? []),
      ...sirens.components,
      ...(config.flows.enabled ? [flowsHealth(flowsAgeMs, config.flows.staleSeconds * 1000)] : []),
      ...(heartbeat === null ? [] : [heartbeat.component]),
      boardsHealth(() => registry.sides(), clock),
      updates,
    ];
    const health = (): Health => collectHealth(components());
    const observed = { health, flows: () => flows, heartbeat: () => heartbeat };
    const api = await startApi(
      {
        clock,
        registry,
        history: outputs.history,
        register,
        sirens,
        journal,
        access,
        health,
        log: log.child({ part: "api" }),
        ledger: (query) => ledger.report(query),
        images: new ImageStore(config.dataDir),
        metrics: [
          ...hubMetrics({
            ...{ journal, register, registry, reserve, stats, outputs, flowsAgeMs },
            ...{ inputs: () => inputs, ...observed },
          }),
          ...ledger.metrics,
          ...hubClock.metrics,
        ],
        editor: () => flows?.address() ?? null,
        machines: flowsRoutes({
          ...{ journal, register, clock, token: flowsToken, tickMs: options.tickMs ?? 10_000 },
          sites,
          ...{ since, text: alerts.text, channels: alerts.channels },
        }),
      },
      { ...API_DEFAULTS, ...config.http, timeZone: config.timeZone, webDir: webDir() },
    );
    onStop(() => api.stop());

    if (config.flows.enabled) {
      flows = startFlowsProcess({
        dir: join(config.dataDir, "flows"),
        mode: config.flows.editor ? "editor" : "headless",
        hubUrl: localUrl(api.url),
        token: flowsToken,
        credentialSecret: secrets.flowsCredentials,
        log: log.child({ part: "flows" }),
      });
      const child = flows;
      onStop(() => child.stop());
    }

    startUpkeep({ config, clock, log, journal, registry, settled }, onStop);
    inputs = await startInputs({ config, clock, log, accept, registry, journal });
    const started = inputs;
    onStop(() => started.stop());
    hubClock.onStep((stepMs) => {
      register.clockStepped(stepMs);
      if (Math.abs(stepMs) >= GREAT_STEP_MS) started.broker?.greetAnew();
    });
    heartbeat = beginHeartbeat(config, clock, log, health);
    onStop(() => heartbeat?.stop());
    // Started last, they are stopped first: nothing may sound while the others take their time.
    onStop(() => sirens.stop());
    await sirens.start();
    log.info({ url: api.url, sites: registry.sites().length }, "hub started");
    return {
      ...{ url: api.url, adminPassword, registry, journal, register, accept, inputs: started, outputs, flows },
      ...{ sirens, watching: alerts.watching, stats, health, stop },
    };
  } catch (error) {
    await stop().catch((second: unknown) => log.error({ err: second }, "a part did not stop"));
    throw error;
  }
}
