/** A simulated float switch, lifted: its contact is closed. */
import type { Simulate } from "../sim.js";

/** Voltages of a supervised contact (switch.ts): closed, open, wire cut. */
const MILLIVOLTS = { closed: 595, open: 1008, cut: 3300 };

export const simulate: Simulate = (_time, options) => {
  let cut = false;
  // A wire that is cut cannot be seen on a digital port: there it is an open contact.
  const troubles = [{ name: "wire-cut", fault: "electrical" as const, arm: (on: boolean): void => void (cut = on) }];
  return {
    pin: {
      level: () => cut,
      millivolts: () => (cut ? MILLIVOLTS.cut : MILLIVOLTS.closed),
    },
    expect: { float: options.whenClosed ?? 0 },
    troubles: options.supervised === 1 ? troubles : [],
  };
};
