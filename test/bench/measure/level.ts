/** One stretch of load at one rate, and how far the database was behind it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Influx } from "../influx.js";
import type { Load, Stretch } from "../load/start.js";
import { cpuOf, rssMiB } from "../proc.js";
import type { Subject } from "../subjects.js";
import { median } from "../wait.js";

export interface Level {
  rate: number;
  stretch: Stretch;
  packs: number;
  /** Everything was stored, and never for long more than the bound behind. */
  sustained: boolean;
  /** Median and last figure of how many seconds the database was behind, over the second half. */
  behindS: number;
  lastBehindS: number;
  /** Packs that a query did not find a few seconds after the end. */
  missing: number;
  /** CPU time per pack, in µs: of the ingester, of the whole chain, and of the load itself. */
  cpuUs: number;
  chainCpuUs: number;
  loadCpuUs: number;
  /** Largest resident memory seen of the ingester, in MiB. */
  rssMiB: number;
}

/** How far behind the database may be, in seconds. */
const BEHIND_S = 1;
const SAMPLE_MS = 500;
/** After the last pack: what waits in a batch that nobody fills any more has until then. */
const TAIL_S = 5;

export interface Bench {
  subject: Subject;
  load: Load;
  influx: Influx;
}

/** Runs a level. A pack counts as due at its moment, whether or not the chain let it be sent then. */
export async function runLevel({ subject, load, influx }: Bench, rate: number, seconds: number): Promise<Level> {
  const base = await influx.written();
  const chain = subject.chain();
  const stretch = await load.run(rate, seconds);
  const before = { own: cpuOf([subject.pid()]), chain: cpuOf(chain), load: (await load.report()).cpuUs };
  const lags: number[] = [];
  let rss = 0;
  while (Date.now() < stretch.endMs) {
    await sleep(Math.min(SAMPLE_MS, Math.max(1, stretch.endMs - Date.now())));
    const at = Math.min(Date.now(), stretch.endMs);
    const stored = (await influx.written()) - base;
    lags.push((stretch.due(at) - stored) / rate);
    rss = Math.max(rss, rssMiB(subject.pid()) ?? 0);
  }
  let missing = stretch.total;
  let cpu = { own: 0, chain: 0, load: 0 };
  for (const end = Date.now() + TAIL_S * 1000; missing > 0 && Date.now() < end; await sleep(250)) {
    const stored = (await influx.written()) - base;
    if (stored < stretch.total) continue;
    cpu = { own: cpuOf([subject.pid()]), chain: cpuOf(chain), load: (await load.report()).cpuUs };
    missing = stretch.total - (await influx.count(subject.database, stretch.fromMs, stretch.toMs));
  }
  if (cpu.own === 0) cpu = { own: cpuOf([subject.pid()]), chain: cpuOf(chain), load: (await load.report()).cpuUs };
  if (missing > 0) missing = stretch.total - (await influx.count(subject.database, stretch.fromMs, stretch.toMs));
  const half = lags.slice(Math.floor(lags.length / 2));
  const behindS = median(half);
  const lastBehindS = half[half.length - 1];
  const per = (after: number, start: number): number => (after - start) / stretch.total;
  return {
    ...{ rate, stretch, packs: stretch.total, behindS, lastBehindS, missing, rssMiB: rss },
    sustained: missing === 0 && behindS <= BEHIND_S && lastBehindS <= BEHIND_S,
    cpuUs: per(cpu.own, before.own),
    chainCpuUs: per(cpu.chain, before.chain),
    loadCpuUs: per(cpu.load, before.load),
  };
}

/** A level as one line for people. */
export function levelLine(name: string, l: Level): string {
  const verdict = l.sustained ? "sustained" : "NOT sustained";
  const behind = `${l.behindS.toFixed(2)} s behind (${l.lastBehindS.toFixed(2)} at the end), ${l.missing} missing`;
  const cpu = `CPU µs/pack ${l.cpuUs.toFixed(1)}, chain ${l.chainCpuUs.toFixed(1)}, load ${l.loadCpuUs.toFixed(1)}`;
  return `${name}: ${l.rate}/s ${verdict}: ${behind}; ${cpu}; ${l.rssMiB.toFixed(0)} MiB`;
}

/** What has become of a stretch once it has had its time. */
export interface Outcome {
  /** Packs that a query finds. */
  stored: number;
  /** Packs that the load has no PUBACK for: their boards still have them. */
  unacked: number;
}

/** How long to wait for what is late: at most `mostS`, and `quietS` without anything new in the database. */
export interface Patience {
  mostS: number;
  quietS: number;
}

/** Waits until every pack of a stretch is acknowledged and found by a query, or patience ends. */
export async function outcomeOf(bench: Bench, stretch: Stretch, patience: Patience): Promise<Outcome> {
  const { subject, load, influx } = bench;
  const outcome: Outcome = { stored: 0, unacked: 0 };
  let quietSince = Date.now();
  for (const end = Date.now() + patience.mostS * 1000; Date.now() < end; await sleep(1000)) {
    const { sent, acked } = await load.report();
    const stored = await influx.count(subject.database, stretch.fromMs, stretch.toMs);
    if (stored !== outcome.stored || sent - acked !== outcome.unacked) quietSince = Date.now();
    Object.assign(outcome, { stored, unacked: sent - acked });
    if (Date.now() < stretch.endMs) continue;
    if (sent === acked && stored >= stretch.total) break;
    if (Date.now() - quietSince > patience.quietS * 1000) break;
  }
  return outcome;
}

/** The same for what must not be incomplete. @throws Error when patience ended first */
export async function whole(bench: Bench, stretch: Stretch, seconds: number): Promise<void> {
  const { stored, unacked } = await outcomeOf(bench, stretch, { mostS: seconds, quietS: seconds });
  if (stored < stretch.total || unacked > 0)
    throw new Error(`${stored} of ${stretch.total} packs stored after ${seconds} s, ${unacked} not acknowledged`);
}
