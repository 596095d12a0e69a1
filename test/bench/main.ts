/**
 * `npm run bench:ingest`: this hub against what people would use instead, on one machine in one run. The last line is
 * JSON; what happens on the way is told on standard error. See README.md.
 */
import { find } from "../rig/servers.js";
import { measureAlarm } from "./alone/alarm.js";
import { measureDrain } from "./alone/drain.js";
import { measureThings, perFurtherThing, type ThingsResult } from "./alone/things.js";
import { FIELDS } from "./city.js";
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
  const fields = await influx.fields(subject.database);
  if (fields.join() !== FIELDS.join()) throw new Error(`${name} stores ${fields.join()}, and not ${FIELDS.join()}`);
  if (atRate !== options.costRate) say(`${name}: ${options.costRate}/s is not sustained: CPU is that at ${atRate}/s`);
  const rate = await searchRate(bench, atRate, options.costRate, options.levelSeconds, options.halvings);
  const lostKill = await lostByKill(bench, options.killSeconds, options.patience);
  const lostOutage = await lostByOutage(bench, options.outageSeconds, options.patience);
  return { rate, ...cost, lostKill, lostOutage, ...(atRate === options.costRate ? {} : { atRate }) };
}

async function measureAll(options: Options, ends: Ends): Promise<{ result: object; whole: boolean }> {
  const result: Record<string, unknown> = {};
  let whole = true;
  const asked = (name: Part): boolean => options.parts.includes(name);
  const { things } = options;
  /** Runs a part with ends of its own, so that nothing of it is left when the next begins. One that fails is null. */
  async function part<T>(name: string, measure: (own: Ends) => Promise<T>): Promise<T | null> {
    if (ends.over) return null;
    const own = new Ends();
    const end = ends.add(() => own.all());
    say(`— ${name}`);
    try {
      return await measure(own);
    } catch (error) {
      say(`${name} FAILED: ${error instanceof Error ? error.message : String(error)}`);
      whole = false;
      return null;
    } finally {
      await end();
    }
  }
  for (const name of SUBJECTS)
    if (asked(name)) result[name] = await part(name, (own) => measureSubject(name, options, own));
  if (asked("drain")) {
    const ratio = await part("drain", (own) => measureDrain(own, things, options.backlogPacks));
    result.drainRatio = ratio === null ? null : Math.round(ratio * 100) / 100;
  }
  if (asked("alarm")) {
    const none = { alarmP99Ms: null, soakRssMiB: null, idleCpuPercent: null };
    Object.assign(result, (await part("alarm", (own) => measureAlarm(own, options))) ?? none);
  }
  if (asked("things")) {
    const counts: ThingsResult[] = [];
    for (const n of options.thingCounts) {
      const one = await part(`${n} things`, (own) => measureThings(own, n, options.costSeconds));
      if (one !== null) counts.push(one);
    }
    result.things = perFurtherThing(counts);
  }
  return { result, whole };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const missing = (["influxd", "mosquitto"] as const).filter((binary) => find(binary) === null);
  if (missing.length > 0) {
    say(`not installed: ${missing.join(", ")} (Debian packages: influxdb, mosquitto)`);
    process.exit(2);
  }
  const ends = new Ends();
  let stopped = false;
  const interrupted = (signal: NodeJS.Signals): void => {
    if (stopped) return;
    stopped = true;
    say(`${signal}: clearing up`);
    // A server that is just starting comes up and is ended; whoever sleeps meanwhile is not waited for.
    void ends.all().then(() => setTimeout(() => process.exit(130), 3000));
  };
  process.on("SIGINT", interrupted);
  process.on("SIGTERM", interrupted);
  const began = Date.now();
  const { result, whole } = await measureAll(options, ends);
  await ends.all();
  if (stopped) process.exit(130);
  say(`took ${Math.round((Date.now() - began) / 1000)} s`);
  console.log(JSON.stringify(result));
  process.exit(whole ? 0 : 1);
}

await main();
