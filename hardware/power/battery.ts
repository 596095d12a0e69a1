/** How long cells last: those that cannot be charged, in years; those that the sun charges, in days without it. */
import { COLD_C, MONTHS, WARM_C, panelDay } from "../climate.js";
import type { Month } from "../climate.js";
import { cellsOf, regulatorOf } from "../kits.js";
import { asStated, meanMa, part, peakMa, phasesOf } from "../power.js";
import type { Read, Subject } from "../power.js";

/** Slope of a panel from level, in degrees, as the mounts say. */
export const PANEL_TILT_DEG = 65;
const HOURS_A_YEAR = 8760;
/** A cell in the box follows the day: this far above and below the month's mean. */
export const DAY_SWING_C = 8;

const cellOf = (subject: Subject): string => (subject.build.supply === "solar" ? "lifepo4-32700" : "li-socl2-d");
const countOf = (subject: Subject): number =>
  subject.build.supply === "solar" ? 1 : cellsOf(subject.type.name, subject.build);

/** From 0 at −30 °C to 1 at +20 °C. */
const warmth = (celsius: number): number => Math.min(1, Math.max(0, (celsius - COLD_C) / (WARM_C - COLD_C)));

/** Share of its capacity that a cell still gives at a temperature: a straight line between +20 and −30 °C. */
function shareAt(cell: string, celsius: number, read: Read): number {
  const cold = Math.min(1, part(read, cell, "coldShare"));
  return cold + (1 - cold) * warmth(celsius);
}

/** What a cell's diode takes, in V. */
const dropV = (cell: string, read: Read): number => (cell === "li-socl2-d" ? part(read, "diode-schottky", "dropV") : 0);

/** Current out of the cells, mA, for a current behind the regulator. */
function cellMa(subject: Subject, celsius: number, read: Read): number {
  const cell = cellOf(subject);
  const cold = part(read, cell, "coldVoltageV");
  const volts = cold + (part(read, cell, "voltageV") - cold) * warmth(celsius) - dropV(cell, read);
  const regulator = regulatorOf(subject.build);
  const efficiency = Math.min(0.95, part(read, regulator, "efficiencyShare"));
  return (meanMa(phasesOf(subject, read)) * part(read, regulator, "outputV")) / (volts * efficiency);
}

/** What the cells and their fuse give in the cold while all parts behind the regulator are at their peaks, mA. */
export function cellPeakMa(subject: Subject, read: Read = asStated): number {
  const cell = cellOf(subject);
  const volts = part(read, cell, "coldVoltageV") - dropV(cell, read);
  const regulator = regulatorOf(subject.build);
  const share = Math.min(0.95, part(read, regulator, "peakShare"));
  return (peakMa(subject, read) * part(read, regulator, "outputV")) / (volts * share);
}

const usableAh = (subject: Subject, read: Read): number => {
  const cell = cellOf(subject);
  return countOf(subject) * part(read, cell, "capacityAh") * Math.min(1, part(read, cell, "usableShare"));
};

/** Years that the cells of a battery post last, at one temperature all the time or through Almaty's year; shelf life caps it. */
export function yearsOf(subject: Subject, celsius: number | "year", read: Read = asStated): number {
  const cell = cellOf(subject);
  const over = celsius === "year" ? MONTHS.map((m) => read(`${m.name} temperature`, m.meanC)) : [celsius];
  const mean = (of: (c: number) => number): number => over.reduce((sum, c) => sum + of(c), 0) / over.length;
  const stored = usableAh(subject, read) * mean((c) => shareAt(cell, c, read));
  const drawn = (mean((c) => cellMa(subject, c, read)) * HOURS_A_YEAR) / 1000;
  const lost = countOf(subject) * part(read, cell, "capacityAh") * part(read, cell, "lossPerYearShare");
  return Math.min(stored / (drawn + lost), part(read, cell, "shelfYears"));
}

/** Days that a charged solar post goes on without any sun, at a temperature. */
export function darkDaysOf(subject: Subject, celsius: number, read: Read = asStated): number {
  const cell = cellOf(subject);
  const stored = 1000 * usableAh(subject, read) * shareAt(cell, celsius, read);
  const lost = (1000 * part(read, cell, "capacityAh") * part(read, cell, "lossPerYearShare")) / 365;
  return stored / (24 * cellMa(subject, celsius, read) + lost);
}

/** Share of the daylight in which the cell is above 0 °C, so that it may be charged. */
export function chargingShare(meanC: number): number {
  return Math.min(1, Math.max(0, (meanC + DAY_SWING_C) / (2 * DAY_SWING_C)));
}

/** What the sun brings and what the post takes in a mean day of a month, mAh of the cell. */
export interface Balance {
  month: string;
  inMah: number;
  outMah: number;
}

/** The balance of a solar post in one month. */
export function balanceOf(subject: Subject, month: Month, read: Read = asStated): Balance {
  const meanC = read(`${month.name} temperature`, month.meanC);
  const hours = read(`${month.name} sunshine`, month.sunshineHours);
  const sun = panelDay({ ...month, sunshineHours: { ...month.sunshineHours, value: hours } }, PANEL_TILT_DEG);
  const panel = part(read, "panel-2w", "powerW") * Math.min(1, part(read, "panel-2w", "dirtShare"));
  const efficiency = Math.min(0.9, part(read, "charger-lifepo4", "efficiencyShare"));
  const volts = part(read, "lifepo4-32700", "voltageV");
  const cell = "lifepo4-32700";
  const lost = (1000 * part(read, cell, "capacityAh") * part(read, cell, "lossPerYearShare")) / 365;
  return {
    month: month.name,
    inMah: ((1000 * panel * sun) / volts) * efficiency * chargingShare(meanC),
    outMah: 24 * cellMa(subject, meanC, read) + lost,
  };
}
