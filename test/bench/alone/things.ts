/**
 * What more things cost: CPU per pack and memory, with ten and a hundred times the city. Packs come by way of Mosquitto
 * over a few connections: half a million sockets are more than one machine opens, and are not what is asked here.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Ends } from "../ends.js";
import { startInflux } from "../influx.js";
import { startLoad } from "../load/start.js";
import { whole } from "../measure/level.js";
import { cpuOf, rssMiB } from "../proc.js";
import { startSubject } from "../subjects.js";
import { say } from "../wait.js";

export interface ThingsResult {
  n: number;
  cpuUs: number;
  rssMiB: number;
  /** Memory per thing beyond those of the first figure, in KiB. */
  kibPerThing?: number;
}

const CONNECTIONS = 64;
const RATE = 10_000;
/** Memory is read when the hub has had nothing to do for so long. */
const REST_MS = 5000;

/**
 * CPU per pack (until it is stored) and memory of a hub with `things` things, each of which has reported before the
 * clock runs.
 */
export async function measureThings(ends: Ends, things: number, seconds: number): Promise<ThingsResult> {
  const influx = await startInflux(ends);
  const subject = await startSubject("hubMosquitto", { ends, influx, things });
  const { form, port, login } = subject;
  const load = await startLoad(ends, { port, things, form, connections: CONNECTIONS, login });
  const bench = { subject, load, influx };
  // At least one pack of everybody, and time for code to be compiled where few things make a short round.
  const warm = await load.run(RATE, Math.max(seconds / 2, things / RATE));
  await whole(bench, warm, 1800);
  const before = cpuOf([subject.pid()]);
  const stretch = await load.run(RATE, seconds);
  await whole(bench, stretch, 1800);
  const cpuUs = Math.round(((cpuOf([subject.pid()]) - before) / stretch.total) * 10) / 10;
  await sleep(REST_MS);
  const rss = Math.round(rssMiB(subject.pid()) ?? 0);
  say(`${things} things: ${cpuUs} µs/pack over ${stretch.total} packs, ${rss} MiB`);
  return { n: things, cpuUs, rssMiB: rss };
}

/** Adds the memory per further thing to all but the first. */
export function perFurtherThing(results: ThingsResult[]): ThingsResult[] {
  const [first] = results;
  return results.map((one) => {
    if (one === first) return one;
    const kib = ((one.rssMiB - first.rssMiB) * 1024) / (one.n - first.n);
    return { ...one, kibPerThing: Math.round(kib * 100) / 100 };
  });
}
