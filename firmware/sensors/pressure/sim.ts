/** A simulated pressure probe: water above it, its current, and the ADS1115 that reads it. */
import type { Fault } from "../../wire/pack.js";
import { createAds1115Sim } from "../ads1115/sim.js";
import type { Simulate } from "../sim.js";
import { FULL_MA, ZERO_MA } from "./facts.js";

/** What can go wrong, and what a round then gives: the fault of the head, which is the current's too unless it is `range`. */
const TROUBLES = {
  "no-converter": "bus",
  "cable-cut": "electrical",
  "own-failure": "electrical",
  "at-stop": "range",
} as const;

type Trouble = keyof typeof TROUBLES;

/** The loop's current in mA. */
export function loopMa(headMm: number, fullMm: number, wrong: Trouble | null): number {
  if (wrong === "cable-cut") return 0;
  if (wrong === "own-failure") return 21.6;
  if (wrong === "at-stop") return 20.75;
  return ZERO_MA + ((FULL_MA - ZERO_MA) * headMm) / fullMm;
}

export const simulate: Simulate = (time, options) => {
  const { address = 0, channel = 0, ohms = 1, fullMm = 1 } = options;
  const headMm = fullMm / 2;
  let wrong: Trouble | null = null;
  const inputMv = (input: number): number => (input === channel ? loopMa(headMm, fullMm, wrong) * ohms : 0);
  return {
    i2c: createAds1115Sim(
      address,
      inputMv,
      () => time.nowMs(),
      () => wrong === "no-converter",
    ),
    expect: { head: headMm, current: 12 },
    troubles: (Object.entries(TROUBLES) as [Trouble, Fault][]).map(([name, fault]) => ({
      name,
      fault,
      arm: (on) => void (wrong = on ? name : null),
    })),
  };
};
