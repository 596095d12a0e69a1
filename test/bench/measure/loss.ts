/** What is lost when the ingester is killed, and when the database is away. */
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "../wait.js";
import type { Stretch } from "../load/start.js";
import { settled, type Bench } from "./level.js";

/** Steady load during both, packs/s: far below what any of the four sustains. */
export const LOSS_RATE = 5000;

/** Acknowledged packs that no query finds, once everything on its way has had its time. */
async function lostOf(bench: Bench, stretch: Stretch, name: string, waitS: number): Promise<number> {
  const { subject, load, influx } = bench;
  const acked = async (): Promise<boolean> => {
    const { sent, acked } = await load.report();
    return acked >= sent;
  };
  const end = Date.now() + waitS * 1000;
  let stored = 0;
  let quietSince = Date.now();
  while (Date.now() < end) {
    const now = await influx.count(subject.database, stretch.fromMs, stretch.toMs);
    if (now !== stored) quietSince = Date.now();
    stored = now;
    if (stored >= stretch.total && (await acked())) break;
    // Longest pause of any client's retries: 125 s (InfluxDB's own client). Shorter waits would count late as lost.
    if (Date.now() - quietSince > 130_000 && (await acked())) break;
    await sleep(1000);
  }
  if (!(await acked())) say(`${subject.name}: not everything was acknowledged after ${waitS} s: counted as sent`);
  const lost = stretch.total - stored;
  say(`${subject.name}: ${name}: ${stretch.total} packs, ${lost} lost`);
  return lost;
}

/** One SIGKILL of the ingester in the middle of the load; it is started again a second later. */
export async function lostByKill(bench: Bench, seconds: number, waitS: number): Promise<number> {
  const stretch = await bench.load.run(LOSS_RATE, seconds);
  await sleep((seconds * 1000) / 2);
  await bench.subject.kill9();
  await sleep(1000);
  await bench.subject.start();
  await sleep(Math.max(0, stretch.endMs - Date.now()));
  await settled(bench, 30, 2);
  return lostOf(bench, stretch, "after kill -9", waitS);
}

/** The database is stopped for `outageS` in the middle of the load, and started again. */
export async function lostByOutage(bench: Bench, outageS: number, waitS: number): Promise<number> {
  const { load, influx } = bench;
  const stretch = await load.run(LOSS_RATE, outageS + 10);
  await sleep(5000);
  await influx.server.stop();
  await sleep(outageS * 1000);
  await influx.server.start();
  await sleep(Math.max(0, stretch.endMs - Date.now()));
  return lostOf(bench, stretch, `after ${outageS} s without database`, waitS);
}
