/**
 * What the heaters of a post take, on the mains' side of its supply: in the frost alone, so that they are in no phase of
 * a round. The thermostat holds the box at the middle of its two points, the air swings by a sine around its month's mean.
 */
import { MONTHS } from "../climate.js";
import { mountOf } from "../mounts/index.js";
import { partOf } from "../parts.js";
import { asStated, part } from "../power.js";
import type { Read, Subject } from "../power.js";
import { DAY_SWING_C } from "./battery.js";

const HEADS_V = 24;

/** A heater of a post, and how many of it there are. */
function heatersOf({ type, build }: Subject): { name: string; count: number }[] {
  if (build.supply !== "mains") return [];
  const extras = mountOf(type.name)?.extras ?? [];
  return extras
    .filter(({ part: name }) => partOf(name).figures.boxWPerK !== undefined)
    .map(({ part: name, count }) => ({ name, count }));
}

/** Mean of a heater's power over a day whose air has this mean, W. */
function meanW(name: string, dayC: number, read: Read): number {
  const held = part(read, "thermostat", "setC") - part(read, "thermostat", "differenceK") / 2;
  const most = part(read, name, "powerW");
  let sum = 0;
  for (let hour = 0; hour < 24; hour += 1) {
    const airC = dayC + DAY_SWING_C * Math.sin((2 * Math.PI * hour) / 24);
    sum += Math.min(most, Math.max(0, part(read, name, "boxWPerK") * (held - airC)));
  }
  return sum / 24;
}

/** kWh that the heaters of a post take in a year of Almaty; 0 where it has none. */
export function heatingKwh(subject: Subject, read: Read = asStated): number {
  let kWh = 0;
  for (const { name, count } of heatersOf(subject)) {
    // A supply between mains and heater loses its share.
    const share = name === "heater-head" ? part(read, "mains-24v", "efficiencyShare") : 1;
    for (const month of MONTHS) {
      const watts = meanW(name, read(`${month.name} temperature`, month.meanC), read);
      kWh += (count * watts * 24 * month.days) / 1000 / share;
    }
  }
  return kWh;
}

/** What they take together while all of them heat, W on the mains' side; 0 where there are none. */
export function heatingW(subject: Subject, read: Read = asStated): number {
  return heatersOf(subject).reduce((sum, { name, count }) => sum + count * part(read, name, "powerW"), 0);
}

/** What the heaters of the heads draw from their own supply while all of them heat, mA; 0 where there are none. */
export function headsMa(subject: Subject, read: Read = asStated): number {
  const heads = heatersOf(subject).find(({ name }) => name === "heater-head");
  return heads === undefined ? 0 : (1000 * heads.count * part(read, "heater-head", "powerW")) / HEADS_V;
}

/** How many kelvin above the air the heater of such a part holds its box when it never stops. */
export const liftK = (heater: string): number =>
  partOf(heater).figures.powerW.value / partOf(heater).figures.boxWPerK.value;
