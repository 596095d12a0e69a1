/** A simulated divider: 12 V behind it. */
import type { Simulate } from "../sim.js";

const MV = 12000;

export const simulate: Simulate = (_time, options) => {
  let wrong: "no-converter" | "open-divider" | null = null;
  return {
    pin: {
      millivolts: () =>
        wrong === "no-converter"
          ? NaN
          : wrong === "open-divider"
            ? 40000 / (options.ratio ?? 1)
            : MV / (options.ratio ?? 1),
    },
    expect: { supply: MV },
    troubles: [
      { name: "no-converter", fault: "electrical", arm: (on) => void (wrong = on ? "no-converter" : null) },
      { name: "open-divider", fault: "range", arm: (on) => void (wrong = on ? "open-divider" : null) },
    ],
  };
};
