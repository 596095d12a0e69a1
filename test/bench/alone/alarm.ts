/**
 * The hub with its flows: idle, under ten times the city's load while underpasses flood, and for a long while. A pack's
 * way is timed from the write on the board's socket to the commit of the alarm in the register, both by one clock.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { projectRoot } from "../../../hub/root.js";
import { freePort } from "../../rig/servers.js";
import { provision, underpassName } from "../city.js";
import { startNode, type Ends } from "../ends.js";
import { startInflux } from "../influx.js";
import { startLoad, type Load } from "../load/start.js";
import { cpuOf, rssMiB } from "../proc.js";
import { hubConfig } from "../subjects.js";
import { median, quantile, say, until } from "../wait.js";
import type { HubNews } from "./hub-child.js";
import { flood } from "./storm.js";

export interface AlarmOptions {
  things: number;
  floods: number;
  idleSeconds: number;
  soakMinutes: number;
}

export interface AlarmResult {
  alarmP99Ms: number;
  soakRssMiB: number;
  idleCpuPercent: number;
}

/** Ten times what a city of 5,400 things sends, packs/s. */
const CITY_X10 = 900;
/** An alarm that has not come so long after its flood is missing. */
const PATIENCE_S = 60;
type Transition = Extract<HubNews, { news: "transition" }>;

async function startHubWithFlows(ends: Ends, options: AlarmOptions, port: number) {
  const influx = await startInflux(ends);
  await influx.createDatabase("alarm");
  const dataDir = join(ends.folder("alarm"), "data");
  mkdirSync(dataDir);
  provision(dataDir, options.things, options.floods);
  const file = join(dataDir, "..", "hub.yaml");
  const inputs = { broker: { port } };
  const config = { ...hubConfig(dataDir, 0, influx.server.url, "alarm", inputs), flows: { enabled: true } };
  writeFileSync(file, JSON.stringify(config));
  const child = fileURLToPath(import.meta.url).replace(/alarm\.(js|ts)$/, "hub-child.$1");
  const program = startNode(ends, [child, file], { cwd: projectRoot(), ipc: true });
  const transitions: Transition[] = [];
  let flows: Extract<HubNews, { news: "flows" }> | null = null;
  program.child.on("message", (news: HubNews) => {
    if (news.news === "flows") flows = news;
    else transitions.push(news);
  });
  await until("the flows", 180, () => {
    if (program.child.exitCode !== null) throw new Error(`the hub ended:\n${program.said()}`);
    return flows?.state === "running" && flows.owner === "flows";
  });
  return { pid: program.pid, flowsPid: () => flows?.pid ?? 0, owner: () => flows?.owner, transitions };
}

type RunningHub = Awaited<ReturnType<typeof startHubWithFlows>>;

async function idle(hub: RunningHub, seconds: number): Promise<number> {
  await sleep(5000);
  const began = performance.now();
  const [own, flows] = [cpuOf([hub.pid]), cpuOf([hub.flowsPid()])];
  await sleep(seconds * 1000);
  const wallUs = (performance.now() - began) * 1000;
  const percent = (100 * (cpuOf([hub.pid]) - own)) / wallUs;
  const flowsPercent = (100 * (cpuOf([hub.flowsPid()]) - flows)) / wallUs;
  say(`idle: hub ${percent.toFixed(2)} % of a core, its Node-RED ${flowsPercent.toFixed(2)} %`);
  return percent;
}

async function alarms(ends: Ends, hub: RunningHub, load: Load, port: number, floods: number): Promise<number> {
  const background = await load.run(CITY_X10, 30);
  await sleep(5000); // the hub is warm, and the load even
  const sent = await flood(ends, port, floods);
  const closed = (): number => new Set(hub.transitions.filter((t) => t.level >= 3).map((t) => t.site)).size;
  await until(`alarms of ${floods} floods`, PATIENCE_S, () => closed() >= floods);
  await sleep(Math.max(0, background.endMs - Date.now()));
  const sites = new Set(Array.from({ length: floods }, (_, i) => underpassName(i)));
  const latencies = hub.transitions.flatMap((t) => {
    const at = sites.has(t.site) ? sent.get(`${t.site} ${t.time}`) : undefined;
    return at === undefined ? [] : [t.seenMs - at];
  });
  if (latencies.length < floods) throw new Error(`only ${latencies.length} alarms could be timed`);
  const of = (share: number): number => quantile(latencies, share);
  say(
    `alarms: ${latencies.length} transitions of ${floods} floods under ${CITY_X10} packs/s, judged by ${hub.owner()}: ` +
      `p50 ${of(0.5)} ms, p90 ${of(0.9)} ms, p99 ${of(0.99)} ms, longest ${of(1)} ms`,
  );
  return of(0.99);
}

/** Largest resident memory (MiB) of the hub without its Node-RED. The first and the last third tell whether it grows. */
async function soak(hub: RunningHub, load: Load, minutes: number): Promise<number> {
  const samples: number[] = [];
  for (const end = Date.now() + minutes * 60_000; Date.now() < end;) {
    const stretch = await load.run(CITY_X10, Math.min(60, minutes * 60));
    while (Date.now() < stretch.endMs) {
      samples.push(rssMiB(hub.pid) ?? NaN);
      await sleep(1000);
    }
  }
  const third = Math.floor(samples.length / 3);
  const [first, last] = [median(samples.slice(0, third)), median(samples.slice(-third))];
  const most = Math.max(...samples);
  say(
    `soak: ${minutes} min at ${CITY_X10} packs/s: ${first.toFixed(0)} MiB in the first third, ${last.toFixed(0)} in the last, ` +
      `${most.toFixed(0)} at most; Node-RED ${(rssMiB(hub.flowsPid()) ?? 0).toFixed(0)} MiB`,
  );
  return most;
}

export async function measureAlarm(ends: Ends, options: AlarmOptions): Promise<AlarmResult> {
  const port = await freePort();
  const hub = await startHubWithFlows(ends, options, port);
  const { things } = options;
  const load = await startLoad(ends, { port, things, form: "sealed", connections: things, login: true });
  const idleCpuPercent = Math.round((await idle(hub, options.idleSeconds)) * 100) / 100;
  const alarmP99Ms = Math.round(await alarms(ends, hub, load, port, options.floods));
  const soakRssMiB = Math.round(await soak(hub, load, options.soakMinutes));
  return { alarmP99Ms, soakRssMiB, idleCpuPercent };
}
