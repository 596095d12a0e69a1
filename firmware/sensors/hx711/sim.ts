/** A simulated HX711: a result every 100 ms, 24 bits and then ones; the pulses behind them choose the next one's gain. */
import type { Fault } from "../../wire/pack.js";
import type { Simulate, SimPin } from "../sim.js";

/** What is wrong: never ready, its data wire on ground, a broken bridge. */
export type Hx711Trouble = "none" | "no-supply" | "shorted" | "bridge-open";

const RESULT_MS = 100;
/** Asked twice at once, it says the same twice: for those who note down its answers. */
const AGAIN_MS = 5;
/** Gain by the number of pulses; after its start it is 128. */
const GAINS: { [pulses: number]: number } = { 25: 128, 26: 32, 27: 64 };

/** @param countsAt  what it converts at a gain, asked for every result */
export function createHx711Sim(
  countsAt: (gain: number) => number,
  nowMs: () => number,
  trouble: () => Hx711Trouble = () => "none",
): SimPin {
  let gain = 128;
  let readAt = -Infinity;
  let held = 0;
  return {
    level: () => trouble() === "no-supply" || (trouble() !== "shorted" && nowMs() - readAt < RESULT_MS),
    clockOut(pulses) {
      if (trouble() === "shorted") return 0;
      const since = nowMs() - readAt;
      if (trouble() === "no-supply" || (since >= AGAIN_MS && since < RESULT_MS)) return null;
      if (since >= RESULT_MS) {
        held = trouble() === "bridge-open" ? 0x7fffff : Math.round(countsAt(gain));
        readAt = nowMs();
      }
      gain = GAINS[pulses] ?? 128;
      const extra = 2 ** (pulses - 24);
      return (held < 0 ? held + 0x1000000 : held) * extra + extra - 1;
    },
  };
}

const TROUBLES = { "no-supply": "timeout", shorted: "device", "bridge-open": "electrical" } as const;

export const simulate: Simulate = (time, options) => {
  const gain = options.gain ?? 128;
  let wrong: keyof typeof TROUBLES | null = null;
  return {
    // At any other gain than the one asked for it says something else.
    pin: createHx711Sim(
      (at) => (at === gain ? -123456 : 999),
      () => time.nowMs(),
      () => wrong ?? "none",
    ),
    expect: { "weight-raw": -123456 },
    troubles: (Object.entries(TROUBLES) as [keyof typeof TROUBLES, Fault][]).map(([name, fault]) => ({
      name,
      fault,
      arm: (on) => void (wrong = on ? name : null),
    })),
  };
};
