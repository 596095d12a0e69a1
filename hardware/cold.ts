/** How cold it gets where each part of a post stands, which parts are not made for that, and what is done about it. */
import type { SensorFacts } from "../firmware/sensors/facts-of.js";
import { COLD_C } from "./climate.js";
import { COLD_EXCEPTIONS, type ColdException } from "./cold-exceptions.js";
import { kitOf } from "./kits.js";
import { mountOf } from "./mounts/index.js";
import { partOf } from "./parts.js";
import { liftK } from "./power/heater.js";
import type { Build, SensorOnPort, SiteType } from "./sites.js";
import type { Text } from "./text.js";

/** A build with the facts of its sensors. */
export interface Built {
  type: SiteType;
  build: Build;
  fitted: { on: SensorOnPort; facts: SensorFacts }[];
}

/** A part, what it bears and what it must bear, in °C. */
export interface Borne {
  part: string;
  label: Text;
  bearsC: number;
  coldestC: number;
}

/** How cold it gets at a sensor: in a heated box or head less than out of doors. */
function coldestAt({ type, build }: Built, { sensor, suffix = "" }: SensorOnPort, outside: boolean): number {
  const mount = mountOf(type.name);
  if (mount === undefined || build.supply !== "mains") return COLD_C;
  if ((mount.heads ?? []).some(({ holds }) => holds.includes(sensor + suffix))) return COLD_C + liftK("heater-head");
  const heated = !outside && mount.extras.some(({ part }) => part === "heater");
  return heated ? COLD_C + liftK("heater") : COLD_C;
}

/**
 * Every part of a build that states what it works at, with the coldest of its places. What is not a sensor must bear the
 * air even in a heated box: after a night without mains it starts there cold.
 */
export function borneOf(built: Built): Borne[] {
  const { type, build, fitted } = built;
  const all = fitted.map(({ on, facts }): Borne => {
    const coldestC = coldestAt(built, on, facts.outside !== undefined);
    return { part: on.sensor, label: facts.label, bearsC: facts.temperatureC[0], coldestC };
  });
  const outside = fitted.flatMap(({ facts }) => facts.outside ?? []);
  for (const { part } of [...kitOf(type.name, outside, build), ...(mountOf(type.name)?.extras ?? [])]) {
    const { label, temperatureC } = partOf(part);
    if (temperatureC !== undefined) all.push({ part, label, bearsC: temperatureC[0], coldestC: COLD_C });
  }
  return all.filter(({ part }, i) => all.findIndex((one) => one.part === part) === i);
}

/** Parts of a build that do not bear the cold of their place. */
export const tooCold = (built: Built): Borne[] => borneOf(built).filter(({ bearsC, coldestC }) => bearsC > coldestC);

/** What is known and said of such a part at such a site; undefined where nobody has thought of it. */
export function exceptionFor(type: SiteType, part: string): ColdException | undefined {
  return COLD_EXCEPTIONS.find((one) => one.part === part && (one.sites === undefined || one.sites.includes(type.name)));
}
