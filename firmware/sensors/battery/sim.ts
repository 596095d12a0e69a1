/** A simulated divider: a battery of 3.6 V behind it. */
import type { Simulate } from "../sim.js";

const MV = 3600;

export const simulate: Simulate = (_time, options) => {
  let wrong: "wire-off" | "open-divider" | null = null;
  return {
    pin: {
      millivolts: () =>
        wrong === "wire-off" ? 0 : wrong === "open-divider" ? 20000 / (options.ratio ?? 1) : MV / (options.ratio ?? 1),
    },
    expect: { battery: MV },
    troubles: [
      { name: "wire-off", fault: "electrical", arm: (on) => void (wrong = on ? "wire-off" : null) },
      { name: "open-divider", fault: "range", arm: (on) => void (wrong = on ? "open-divider" : null) },
    ],
  };
};
