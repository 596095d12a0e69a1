/**
 * What more things cost: CPU per pack and memory, with ten and a hundred times the city. Packs come by way of Mosquitto
 * over a few connections: half a million sockets are more than one machine opens, and are not what is asked here.
 */
import type { Ends } from "../ends.js";
import { startInflux } from "../influx.js";
import { startLoad } from "../load/start.js";
import { settled } from "../measure/level.js";
import { cpuOf, rssMiB } from "../proc.js";
import { startSubject } from "../subjects.js";
import { say, until } from "../wait.js";

export interface ThingsResult {
  n: number;
  cpuUs: number;
  rssMiB: number;
  /** Memory per thing beyond those of the first figure, in KiB. */
  kibPerThing?: number;
}

const CONNECTIONS = 64;
const RATE = 10_000;

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
  await settled(bench, 900, 5);
  const stored = await influx.written();
  if (stored < warm.total) throw new Error(`${things} things: only ${stored} of ${warm.total} packs arrived`);
  const before = cpuOf([subject.pid()]);
  const stretch = await load.run(RATE, seconds);
  await until("every pack to be stored", 900, async () => (await influx.written()) >= stored + stretch.total);
  const cpuUs = Math.round(((cpuOf([subject.pid()]) - before) / stretch.total) * 10) / 10;
  await settled(bench, 60, 5);
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
