/** The way of a reading into the journal: clock, quality, calibration, keys and ledger joined to the one door. */
import type { Logger } from "pino";
import { siteType } from "../../hardware/sites.js";
import { createDerive } from "../calibration/index.js";
import type { Clock } from "../clock.js";
import type { Config } from "../config.js";
import { raisesClosure, warmQuality } from "../join.js";
import type { Accept } from "../model.js";
import { createPipeline, type PipelineStats } from "../pipeline.js";
import { createQuality } from "../quality/index.js";
import { createRotation } from "../registry/rotation.js";
import { startHubClock } from "./clock.js";
import { startLedger } from "./ledger.js";
import type { OnStop, Stores } from "./stores.js";

export interface Readings {
  hubClock: ReturnType<typeof startHubClock>;
  ledger: ReturnType<typeof startLedger>;
  accept: Accept;
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
  const { accept, stats } = createPipeline({
    clock,
    journal,
    registry,
    rotation: createRotation(registry, clock, (err) => log.error({ err }, "a board's key could not be kept")),
    account: ledger,
    doubt: () => hubClock.doubt(),
    quality: { check: (...value) => quality.check(...value) },
    derive: createDerive(),
    derivedOf: (type) => siteType(type)?.derived ?? [],
  });
  const raises = (board: string): boolean => raisesClosure(registry.siteOf(board, clock.now())?.type);
  return { hubClock, ledger, accept: reserve.guard(accept, raises), stats };
}
