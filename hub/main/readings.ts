/** The way of a reading into the journal: clock, quality, calibration, keys and ledger joined to the one door. */
import type { Logger } from "pino";
import { siteType } from "../../hardware/sites.js";
import { createDerive } from "../calibration/index.js";
import type { Clock } from "../clock.js";
import type { Config } from "../config.js";
import type { Component } from "../health.js";
import { raisesClosure, warmQuality } from "../join.js";
import type { Accept } from "../model.js";
import { startOrders } from "../orders/start.js";
import { createPipeline, type PipelineStats } from "../pipeline.js";
import { createQuality } from "../quality/index.js";
import { startUpdates } from "../updates/start.js";
import { startHubClock } from "./clock.js";
import { startLedger } from "./ledger.js";
import type { OnStop, Stores } from "./stores.js";

export interface Readings {
  hubClock: ReturnType<typeof startHubClock>;
  ledger: ReturnType<typeof startLedger>;
  accept: Accept;
  /** How the images on their way to boards are. */
  updates: Component;
  stats(): PipelineStats;
}

/** Builds the door; it is open from now on. @throws SetupError for a ledger that cannot be opened */
export function startReadings(
  { config, clock, log }: { config: Config; clock: Clock; log: Logger },
  { journal, registry, reserve }: Stores,
  onStop: OnStop,
): Readings {
  const hubClock = startHubClock({ clock, journal, log });
  onStop(() => hubClock.stop());
  let quality = createQuality();
  warmQuality(quality, journal, clock.now());
  // What the tests remember of a series lies in the future then: they would judge nothing until it comes.
  hubClock.onStep((stepMs) => {
    if (stepMs < 0) quality = createQuality();
  });
  const settled = (): boolean => hubClock.settled();
  const ledger = startLedger({ config, clock, log, journal, registry, settled });
  onStop(() => ledger.stop());
  const failed = (err: unknown): void => log.error({ err }, "what a board said of itself could not be kept");
  const updates = startUpdates(registry, clock, config.dataDir, failed);
  onStop(() => updates.stop());
  const asking = startOrders(registry, clock, failed, { patient: [updates.source] });
  onStop(() => asking.stop());
  const { accept, stats } = createPipeline({
    clock,
    journal,
    registry,
    orders: asking.orders,
    account: ledger,
    doubt: () => hubClock.doubt(),
    quality: { check: (...value) => quality.check(...value) },
    derive: createDerive(),
    derivedOf: (type) => siteType(type)?.derived ?? [],
  });
  const raises = (board: string): boolean => raisesClosure(registry.siteOf(board, clock.now())?.type);
  return { hubClock, ledger, accept: reserve.guard(accept, raises), updates: updates.component, stats };
}
