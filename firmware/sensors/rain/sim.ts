/** A simulated rain gauge: each tip closes its contact for 100 ms. */
import type { Simulate, SimPin, SimTime } from "../sim.js";

const CLOSED_MS = 100;

/** A gauge, and what makes its bucket tip. */
export function createRainSim(time: SimTime): { pin: SimPin; tip(): void } {
  let open = true;
  let changed: () => void = () => undefined;
  const swing = (now: boolean): void => {
    open = now;
    changed();
  };
  return {
    pin: { level: () => open, onChange: (fn) => (changed = fn) },
    tip() {
      swing(false);
      time.after(CLOSED_MS, () => swing(true));
    },
  };
}

/** A dry day. */
export const simulate: Simulate = (time) => ({
  pin: createRainSim(time).pin,
  expect: { "rain-count": 0 },
  troubles: [],
});
