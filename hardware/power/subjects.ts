/** Every way of building every type of site, with the facts of its sensors: what there is to reckon a budget for. */
import { sensorKind } from "../../firmware/sensors/list.js";
import { factsOf } from "../facts.js";
import type { Fitted, Subject } from "../power.js";
import { sensorsOf, SITE_TYPES } from "../sites.js";
import type { Build, SiteType } from "../sites.js";

/** Reads the facts of the sensors of a build. Throws when a sensor is not there or tells no facts. */
export async function subjectOf(type: SiteType, build: Build): Promise<Subject> {
  const fitted: Fitted[] = [];
  for (const { sensor, options, power } of sensorsOf(type, build)) {
    const kind = sensorKind(sensor);
    if (kind === undefined) throw new Error(`${type.name}: no sensor is called ${sensor}`);
    const set = { ...kind.defaults, ...options };
    // A lid is shut and a road is dry nearly always: a contact that then means 0 by being closed is closed nearly always.
    const closedAtRest = set.whenClosed === 0 && set.supervised !== 1;
    const facts = await factsOf(sensor);
    fitted.push({ name: sensor, facts, timing: kind.make(set), switched: power !== undefined, closedAtRest });
  }
  return { type, build, fitted };
}

/** All of them, in the order of hardware/sites.ts. */
export async function allSubjects(): Promise<Subject[]> {
  const all: Subject[] = [];
  for (const type of SITE_TYPES) for (const build of type.builds) all.push(await subjectOf(type, build));
  return all;
}
