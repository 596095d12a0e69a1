/** What the sensors' folders know of themselves, for budgets and sheets: `FACTS` of each, by the folder's name. */
import type { SensorFacts } from "../firmware/sensors/facts-of.js";

/** The facts of a sensor. Throws when its folder does not tell them. */
export async function factsOf(sensor: string): Promise<SensorFacts> {
  const module = (await import(`../firmware/sensors/${sensor}/facts.js`)) as { FACTS?: SensorFacts };
  if (module.FACTS === undefined) throw new Error(`firmware/sensors/${sensor}/facts.ts exports no FACTS`);
  return module.FACTS;
}
