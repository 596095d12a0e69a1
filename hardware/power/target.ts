/** What the energy of a post must last for, and whether it does. */
import { COLD_C } from "../climate.js";
import { regulatorOf } from "../kits.js";
import { asStated, part, peakMa } from "../power.js";
import type { Read, Subject } from "../power.js";
import { cellPeakMa, darkDaysOf, yearsOf } from "./battery.js";
import { headsMa } from "./heater.js";

/** A supply is loaded to no more than this share of what it gives, at its peaks. */
const LOAD_SHARE = 0.8;

export interface Verdict {
  /** What is compared: the unit stands in it. */
  of: "years at -30 °C" | "days without sun at -30 °C" | "peak load, share of the supply" | `peak, share of ${string}`;
  value: number;
  /** At least this; for the load, at most. */
  target: number;
  met: boolean;
}

/** What is asked of a post's supply, and what it reaches. Cold all the time is harder than any winter: on purpose. */
export function verdictOf(subject: Subject, read: Read = asStated): Verdict | null {
  const { supply, target } = subject.build;
  if (supply === "mains" || supply === "vehicle") {
    const limit = part(read, supply === "mains" ? "mains-5v" : "vehicle-5v", "outputA");
    const value = peakMa(subject, read) / 1000 / limit;
    return { of: "peak load, share of the supply", value, target: LOAD_SHARE, met: value <= LOAD_SHARE };
  }
  if (target?.years !== undefined) {
    const value = yearsOf(subject, COLD_C, read);
    return { of: "years at -30 °C", value, target: target.years, met: value >= target.years };
  }
  if (target?.darkDays !== undefined) {
    const value = darkDaysOf(subject, COLD_C, read);
    return { of: "days without sun at -30 °C", value, target: target.darkDays, met: value >= target.darkDays };
  }
  return null;
}

/** What is between source and parts, and the mA that go through it while everything is at its peak. */
function loadsOf(subject: Subject, read: Read): [part: string, mA: number][] {
  const { supply } = subject.build;
  const behindSwitch = subject.fitted
    .filter(({ switched }) => switched)
    .reduce((sum, { name, facts }) => sum + read(`${name} peak`, facts.phases.peak ?? facts.phases.sample), 0);
  const switched: [string, number][] = behindSwitch > 0 ? [["load-switch", behindSwitch]] : [];
  const heads = headsMa(subject, read);
  const heated: [string, number][] = heads > 0 ? [["mains-24v", heads]] : [];
  if (supply === "mains" || supply === "vehicle") return [["fuse-1a", peakMa(subject, read)], ...switched, ...heated];
  const fromCells = cellPeakMa(subject, read);
  return [
    // A cold lithium cell gives no pulse: the capacitor beside it does.
    [supply === "battery" ? "pulse-capacitor" : "lifepo4-32700", fromCells],
    ["fuse-1a", fromCells],
    [regulatorOf(subject.build), peakMa(subject, read)],
    ...switched,
  ];
}

/** Whether every part that the current of a post goes through bears its peak, in the cold. */
export function peaksOf(subject: Subject, read: Read = asStated): Verdict[] {
  return loadsOf(subject, read).map(([name, mA]): Verdict => {
    const value = mA / part(read, name, "maxMa");
    return { of: `peak, share of ${name}`, value, target: LOAD_SHARE, met: value <= LOAD_SHARE };
  });
}

/** Everything that is asked of a post's energy. */
export const verdictsOf = (subject: Subject, read: Read = asStated): Verdict[] => [
  ...[verdictOf(subject, read)].filter((verdict) => verdict !== null),
  ...peaksOf(subject, read),
];
