/** What the energy of a post must last for, and whether it does. */
import { COLD_C } from "../climate.js";
import { asStated, part, peakMa } from "../power.js";
import type { Read, Subject } from "../power.js";
import { darkDaysOf, yearsOf } from "./battery.js";

/** A supply is loaded to no more than this share of what it gives, at its peaks. */
const LOAD_SHARE = 0.8;

export interface Verdict {
  /** What is compared: the unit stands in it. */
  of: "years at -30 °C" | "days without sun at -30 °C" | "peak load, share of the supply";
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
