/**
 * `npm run bench:ingest`: this hub against what people would use instead, on one machine in one run. The last line is
 * JSON; what happens on the way is told on standard error. See README.md.
 */
import { find } from "../rig/servers.js";
import { measureAlarm } from "./alone/alarm.js";
import { measureDrain } from "./alone/drain.js";
import { measureThings, perFurtherThing, type ThingsResult } from "./alone/things.js";
import { Ends } from "./ends.js";
import { startInflux } from "./influx.js";
import { startLoad } from "./load/start.js";
import { lostByKill, lostByOutage } from "./measure/loss.js";
import { measureCost, searchRate, type Cost } from "./measure/rate.js";
import { readOptions, type Options, type Part } from "./options.js";
import { startSubject, SUBJECTS, type SubjectName } from "./subjects.js";
import { say } from "./wait.js";

interface SubjectResult extends Omit<Cost, "atRate"> {
  rate: number;
  lostKill: number;
  lostOutage: number;
  /** Only where the fixed rate was not sustained: the rate at which CPU and memory were measured. */
  atRate?: number;
}

async function measureSubject(name: SubjectName, options: Options, ends: Ends): Promise<SubjectResult> {
  // A database of its own for each: what one has written must not be compacted while the next is measured.
  const influx = await startInflux(ends);
  const subject = await startSubject(name, { ends, influx, things: options.things });
  const { form, port, login } = subject;
  const load = await startLoad(ends, { port, things: options.things, form, connections: options.things, login });
  const bench = { subject, load, influx };
  const { atRate, ...cost } = await measureCost(bench, options.costRate, options.costSeconds);
  if (atRate !== options.costRate) say(`${name}: ${options.costRate}/s is not sustained: CPU is that at ${atRate}/s`);
  const rate = await searchRate(bench, atRate, options.costRate, options.levelSeconds, options.halvings);
  const lostKill = await lostByKill(bench, options.killSeconds, options.patience);
  const lostOutage = await lostByOutage(bench, options.outageSeconds, options.patience);
  return { rate, ...cost, lostKill, lostOutage, ...(atRate === options.costRate ? {} : { atRate }) };
}

/** Runs a part with ends of its own, so that nothing of it is left when the next begins. */
async function part<T>(ends: Ends, name: string, measure: (own: Ends) => Promise<T>): Promise<T> {
  const own = new Ends();
  const end = ends.add(() => own.all());
  say(`— ${name}`);
  try {
    return await measure(own);
  } finally {
    await end();
  }
}

async function measureAll(options: Options, ends: Ends): Promise<object> {
  const result: Record<string, unknown> = {};
  const asked = (name: Part): boolean => options.parts.includes(name);
  const { things } = options;
  for (const name of SUBJECTS)
    if (asked(name)) result[name] = await part(ends, name, (own) => measureSubject(name, options, own));
  if (asked("drain")) {
    const ratio = await part(ends, "drain", (own) => measureDrain(own, things, options.backlogPacks));
    result.drainRatio = Math.round(ratio * 100) / 100;
  }
  if (asked("alarm")) Object.assign(result, await part(ends, "alarm", (own) => measureAlarm(own, options)));
  if (asked("things")) {
    const counts: ThingsResult[] = [];
    for (const n of options.thingCounts)
      counts.push(await part(ends, `${n} things`, (own) => measureThings(own, n, options.costSeconds)));
    result.things = perFurtherThing(counts);
  }
  return result;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const missing = (["influxd", "mosquitto"] as const).filter((binary) => find(binary) === null);
  if (missing.length > 0) {
    say(`not installed: ${missing.join(", ")} (Debian packages: influxdb, mosquitto)`);
    process.exit(2);
  }
  const ends = new Ends();
  const interrupted = (signal: NodeJS.Signals): void => {
    say(`${signal}: clearing up`);
    void ends.all().finally(() => process.exit(130));
  };
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  const began = Date.now();
  try {
    const result = await measureAll(options, ends);
    say(`took ${Math.round((Date.now() - began) / 1000)} s`);
    await ends.all();
    console.log(JSON.stringify(result));
    process.exit(0);
  } catch (error) {
    await ends.all();
    throw error;
  }
}

await main();
