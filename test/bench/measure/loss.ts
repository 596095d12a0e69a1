/** What is lost when the ingester is killed, and when the database is away. */
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "../wait.js";
import type { Stretch } from "../load/start.js";
import { outcomeOf, type Bench, type Patience } from "./level.js";

/** Steady load during both, packs/s: far below what any of the four sustains. */
export const LOSS_RATE = 5000;

/** Acknowledged packs of a stretch that no query finds, once everything on its way has had its time. */
async function lostOf(bench: Bench, stretch: Stretch, name: string, patience: Patience): Promise<number> {
  const { stored, unacked } = await outcomeOf(bench, stretch, patience);
  if (unacked > 0) say(`${bench.subject.name}: ${unacked} packs were never acknowledged: their boards still have them`);
  const lost = Math.max(0, stretch.total - unacked - stored);
  say(`${bench.subject.name}: ${name}: ${stretch.total} packs, ${lost} lost`);
  return lost;
}

/** One SIGKILL of the ingester in the middle of the load; it is started again a second later. */
export async function lostByKill(bench: Bench, seconds: number, patience: Patience): Promise<number> {
  const stretch = await bench.load.run(LOSS_RATE, seconds);
  await sleep((seconds * 1000) / 2);
  await bench.subject.kill9();
  await sleep(1000);
  await bench.subject.start();
  await sleep(Math.max(0, stretch.endMs - Date.now()));
  return lostOf(bench, stretch, "after kill -9", patience);
}

/** The database is stopped for `outageS` in the middle of the load, and started again. */
export async function lostByOutage(bench: Bench, outageS: number, patience: Patience): Promise<number> {
  const { load, influx } = bench;
  const stretch = await load.run(LOSS_RATE, outageS + 10);
  await sleep(5000);
  await influx.server.stop();
  await sleep(outageS * 1000);
  await influx.server.start();
  await sleep(Math.max(0, stretch.endMs - Date.now()));
  return lostOf(bench, stretch, `after ${outageS} s without database`, patience);
}
