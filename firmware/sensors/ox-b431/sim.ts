/** A simulated OX-B431: two electrodes behind a simulated ADS1115. See ads1115/sim.ts. */
import { simulateCell } from "../ads1115/sim.js";
import type { Simulate } from "../sim.js";
import { kind } from "./driver.js";

/** A summer noon: some 60 ppb of ozone. */
export const simulate: Simulate = (time, options) =>
  simulateCell({ ...kind.defaults, ...options }, { name: "ox-we", mv: 262.5 }, { name: "ox-ae", mv: 240 }, () =>
    time.nowMs(),
  );
