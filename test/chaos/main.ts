/**
 * Kills hub and Node-RED with SIGKILL at random moments while underpasses flood, and then holds what was promised
 * against what is on disk. `npm run chaos -- --kills 20 --seed 1`; the last line is JSON.
 */
import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Register } from "../../hub/alerts/register.js";
import { Journal } from "../../hub/journal.js";
import type { Journalled } from "../../hub/model.js";
import { Registry } from "../../hub/registry.js";
import { mqttPassword } from "../../hub/secrets.js";
import { scaledClock } from "../rig/scaled-clock.js";
import { compareAlarms, compareReadings } from "./compare.js";
import type { HubNews, HubOrder } from "./hub-child.js";
import { FLOOD_EVERY_MIN, startLoad, type LoadBoard } from "./load.js";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    boards: { type: "string", default: "120" },
  },
});
const KILLS = Number(values.kills);
const BOARDS = Number(values.boards);
/** One site minute passes in each second. */
const SPEED = 60;
const MINUTE_MS = 60_000;
const MOUNT_MM = 3000;
/** Real time without a commit of the flows after which the hub judges itself. */
const STALE_S = 5;

const say = (line: string): void => void process.stderr.write(line + "\n");

/** Small, seeded: the order of kills can be had again (their effect cannot: it is a real machine). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

interface HubProcess {
  child: ChildProcess;
  ready(): boolean;
  flows(): { state: string; pid: number | null };
  gone: Promise<void>;
}

function startHubProcess(order: HubOrder): HubProcess {
  const own = fileURLToPath(import.meta.url);
  const file = own.replace(/main\.(js|ts)$/, "hub-child.$1");
  const child = fork(file, [JSON.stringify(order)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let ready = false;
  let flows: { state: string; pid: number | null } = { state: "starting", pid: null };
  child.on("message", (news: HubNews) => {
    if (news.type === "ready") ready = true;
    else flows = { state: news.state, pid: news.pid };
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { child, ready: () => ready, flows: () => flows, gone };
}

async function until(what: string, seconds: number, condition: () => boolean): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await sleep(20);
  }
}

/** Sites and boards of the run; each site's floods begin at another minute. */
function provision(dataDir: string, from: number): LoadBoard[] {
  const clock = scaledClock(from, Date.now(), 1);
  const registry = Registry.open(join(dataDir, "registry.sqlite"), clock);
  const sites = Array.from({ length: BOARDS }, (_, i) => ({ id: `site-${i}`, board: `up-${i}` }));
  registry.import(
    {
      format: "aryk-registry/1",
      sites: sites.map(({ id }) => {
        const names = { kk: id, ru: id, en: id };
        return { id, type: "underpass", names, district: "almaly", lat: 43.25, lon: 76.92 };
      }),
      boards: sites.map(({ id, board }) => ({ board, assignments: [{ site: id, from, by: "chaos" }] })),
      calibrations: sites.map(({ id }) => {
        const params = { mountHeightMm: MOUNT_MM };
        return { site: id, property: "water-depth", model: "level-depth", params, from, by: "chaos", note: "" };
      }),
    },
    "chaos",
  );
  const boards = sites.map(({ board }, i): LoadBoard => {
    const key = registry.keyOf(board, "k1");
    if (key === undefined) throw new Error(`no key for ${board}`);
    const offsetMin = (i * FLOOD_EVERY_MIN) / BOARDS / 2;
    return { name: board, keyId: "k1", key, password: mqttPassword(board, key), offsetMin };
  });
  registry.close();
  return boards;
}

function* entriesOf(journal: Journal): Generator<Journalled> {
  const head = journal.head().id;
  for (let after = 0; after < head;) {
    const entries = journal.read(after, 1000);
    if (entries.length === 0) return;
    yield* entries;
    after = entries[entries.length - 1].id;
  }
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "aryk-chaos-"));
  const random = seeded(Number(values.seed));
  const since = Date.now();
  // The run ends at about the real present; what is ahead of the hub's clock would be refused.
  const base = since - 7 * 86_400_000;
  const clock = scaledClock(base, since, SPEED);
  const minute = (): number => (clock.now() - base) / MINUTE_MS;
  const boards = provision(dataDir, base - MINUTE_MS);
  const order: HubOrder = {
    ...{ dataDir, brokerPort: await freePort(), base, since, speed: SPEED, staleSeconds: STALE_S },
  };

  let hub = startHubProcess(order);
  await until("the hub", 60, () => hub.ready());
  const load = startLoad(boards, order.brokerPort, MOUNT_MM, MINUTE_MS / SPEED, { minute, now: () => clock.now() });
  await until("the flows", 120, () => hub.flows().state === "running");
  say(`${BOARDS} boards, ${KILLS} kills, seed ${values.seed}`);

  const killed = { hub: 0, flows: 0 };
  for (let kill = 1; kill <= KILLS; kill++) {
    await sleep(1500 + random() * 4500);
    const pid = hub.flows().pid;
    if (random() < 0.5 && pid !== null) {
      killed.flows++;
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        say("the flows were between two lives");
      }
    } else {
      killed.hub++;
      hub.child.kill("SIGKILL");
      await hub.gone;
      await sleep(random() * 1500);
      hub = startHubProcess(order);
      await until("the hub after its kill", 60, () => hub.ready());
    }
    say(
      `kill ${kill}/${KILLS}: ${load.acked.size} acknowledged, ${load.waiting()} waiting, minute ${minute().toFixed(0)}`,
    );
  }
  // Every flood that has begun may end, and be judged, before anything is counted.
  const lastMinute = Math.ceil(minute());
  const minutes = lastMinute + FLOOD_EVERY_MIN;
  say(`letting the floods end: ${Math.round((minutes - minute()) * (MINUTE_MS / SPEED / 1000))} s`);
  await until("the last flood's end", 600, () => minute() >= minutes);
  load.quiet();
  await until("the last acknowledgements", 120, () => load.waiting() === 0);
  await sleep((4 * STALE_S * 1000) / 2);
  hub.child.send("stop");
  await hub.gone;
  await load.stop();

  const journal = Journal.open(join(dataDir, "journal.sqlite"));
  const register = Register.open(join(dataDir, "register.sqlite"), clock);
  const readings = compareReadings(load.acked, entriesOf(journal));
  const sites = boards.map(({ offsetMin }, i) => ({ id: `site-${i}`, offsetMin }));
  const transitions = register.transitions(0, 1_000_000);
  const alarms = compareAlarms(transitions, sites, base, minutes);
  const judged = register.cursor()?.id === journal.head().id;
  register.close();
  await journal.close();
  for (const line of [...readings.lost, ...readings.duplicated, ...alarms.lost, ...alarms.repeated].slice(0, 40))
    say(line);
  if (!judged) say("the alarm rules have not judged everything");
  const result = {
    acked: load.acked.size,
    stored: readings.stored,
    lost: readings.lost.length,
    duplicated: readings.duplicated.length,
    alarmsLost: alarms.lost.length,
    alarmsRepeated: alarms.repeated.length,
    kills: killed.hub + killed.flows,
    killed,
    floods: alarms.floods,
    transitions: alarms.transitions,
  };
  const sound = judged && result.lost + result.duplicated + result.alarmsLost + result.alarmsRepeated === 0;
  if (sound) rmSync(dataDir, { recursive: true, force: true });
  else say(`kept for a look: ${dataDir}`);
  console.log(JSON.stringify(result));
  process.exit(sound && result.acked > 0 && result.floods > 0 ? 0 : 1);
}

await main();
