/** What is lost when the ingester is killed, and when the database is away. */
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "../wait.js";
import type { Stretch } from "../load/start.js";
import { settled, type Bench } from "./level.js";

/** Steady load during both, packs/s: far below what any of the four sustains. */
export const LOSS_RATE = 5000;

/** How long to wait for what is late: at most `mostS`, and `quietS` without anything new in the database. */
export interface Patience {
  mostS: number;
  quietS: number;
}

/** Acknowledged packs of a stretch that no query finds, once everything on its way has had its time. */
async function lostOf(bench: Bench, stretch: Stretch, name: string, patience: Patience): Promise<number> {
  const { subject, load, influx } = bench;
  let stored = 0;
  let unacked = 0;
  let quietSince = Date.now();
  for (const end = Date.now() + patience.mostS * 1000; Date.now() < end; await sleep(1000)) {
    const now = await influx.count(subject.database, stretch.fromMs, stretch.toMs);
    if (now !== stored) quietSince = Date.now();
    stored = now;
    const { sent, acked } = await load.report();
    unacked = sent - acked;
    if (unacked === 0 && (stored >= stretch.total || Date.now() - quietSince > patience.quietS * 1000)) break;
  }
  if (unacked > 0) say(`${subject.name}: ${unacked} packs were never acknowledged: their boards still have them`);
  const lost = Math.max(0, stretch.total - unacked - stored);
  say(`${subject.name}: ${name}: ${stretch.total} packs, ${lost} lost`);
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
  await settled(bench, 30, 2);
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
