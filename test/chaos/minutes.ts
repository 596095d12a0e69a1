/** `--minutes`: every fault of faults.ts at random under load on real parts, and then a comparison with what is stored. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Register } from "../../hub/alerts/register.js";
import { Journal } from "../../hub/journal.js";
import { scaledClock } from "../rig/scaled-clock.js";
import { find, freePort, startInfluxd, startMosquitto, type RunningServer } from "../rig/servers.js";
import { startBehind } from "./behind.js";
import { compareAlarms, compareReadings, nodeTimes, untold } from "./compare.js";
import { FAULTS, type City, type FaultKind } from "./faults.js";
import { FLOOD_EVERY_MIN, startLoad, type LoadBoard } from "./load.js";
import { missingPoints } from "./points.js";
import { startProxy } from "./proxy.js";
import { entriesOf, MINUTE_MS, MOUNT_MM, provision, say, seeded, STALE_S, startHubProcess, until } from "./rig.js";

/** Site time against real time: a flood stands for 40 s, longer than the faults keep a board from being heard. */
const SPEED = 30;
const DATABASE = "chaos";
/** Set in the process that has a mount namespace of its own. */
const OWN_MOUNTS = "ARYK_CHAOS_DISK";
const ORDINARY = 20;
const SPARE = 400;

export interface MinutesOptions {
  minutes: number;
  seed: number;
  boards: number;
  /** Names of the kinds of fault to be used, or all. */
  only: string[] | null;
}

/** Runs the same command again where a file system can be mounted, so that a disk can be full. Null: not here. */
function inOwnMounts(minutes: number): boolean | null {
  const dir = mkdtempSync(join(tmpdir(), "aryk-chaos-disk-"));
  try {
    const megabytes = 160 + Math.ceil(24 * minutes);
    const script = `mount -t tmpfs -o size=${megabytes}m t ${dir} && exec "$@"`;
    if (spawnSync("unshare", ["-m", "sh", "-c", script, "sh", "true"]).status !== 0) return null;
    const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
    const env = { ...process.env, [OWN_MOUNTS]: dir };
    return spawnSync("unshare", ["-m", "sh", "-c", script, "sh", ...command], { stdio: "inherit", env }).status === 0;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Runs it, prints the line of JSON. @returns whether nothing was lost or repeated */
export async function runMinutes(options: MinutesOptions): Promise<boolean> {
  const disk = process.env[OWN_MOUNTS] ?? null;
  if (disk === null) {
    const sound = inOwnMounts(options.minutes);
    if (sound !== null) return sound;
    say("no file system may be mounted here (not root): the faults of a full disk are left out");
  }
  const dataDir = join(disk ?? mkdtempSync(join(tmpdir(), "aryk-chaos-")), "data");
  mkdirSync(dataDir);
  const random = seeded(options.seed);
  const servers: RunningServer[] = [];
  const start = async (name: "influxd" | "mosquitto", run: () => Promise<RunningServer>) => {
    if (find(name) === null) {
      say(`${name} is not installed: its faults are left out`);
      return null;
    }
    const server = await run();
    servers.push(server);
    return server;
  };
  // Whatever ends this process must not leave servers behind.
  process.once("exit", () => {
    for (const pid of servers.map((server) => server.pid())) if (pid !== null) process.kill(pid, "SIGKILL");
  });
  const influx = await start("influxd", () => startInfluxd());
  const mosquitto = await start("mosquitto", () => startMosquitto());
  const proxy = influx === null ? null : await startProxy(influx.port);
  if (influx !== null)
    await fetch(`${influx.url}/query?q=${encodeURIComponent(`CREATE DATABASE ${DATABASE}`)}`, { method: "POST" });

  const since = Date.now();
  const base = since - 7 * 86_400_000;
  const clock = scaledClock(base, since, SPEED);
  const minute = (): number => (clock.now() - base) / MINUTE_MS;
  const behindCount = mosquitto === null ? 0 : Math.min(20, Math.floor(options.boards / 4));
  // Assigned long before: a hub clock that is set back must not find boards without a site.
  const all = provision(dataDir, base - 86_400_000, options.boards, ORDINARY + SPARE);
  const behind = all.slice(0, behindCount);
  const direct = all.slice(behindCount, options.boards + ORDINARY);
  const spares = all.slice(options.boards + ORDINARY);
  const settings = {
    inputs: { mqtt: mosquitto === null ? [] : [{ url: mosquitto.url }] },
    outputs: { influxdb: proxy === null ? [] : [{ version: "1", url: proxy.url, database: DATABASE }] },
    disk: { reserveMiB: 4, floorMiB: 4 },
  };
  const order = {
    ...{ dataDir, brokerPort: await freePort(), base, since, speed: SPEED, staleSeconds: STALE_S, settings },
  };

  let hub = startHubProcess(order);
  await until("the hub", 60, () => hub.ready() || hub.ended());
  if (hub.ended()) throw new Error("the hub does not start");
  const time = { minute, now: () => clock.now() };
  const loads = [startLoad(direct, order.brokerPort, MOUNT_MM, MINUTE_MS / SPEED, time)];
  if (mosquitto !== null) loads.push(startBehind(behind, mosquitto.port, MOUNT_MM, MINUTE_MS / SPEED, time));
  await until("the flows", 120, () => hub.flows().state === "running");
  const waiting = (): number => loads.reduce((sum, load) => sum + load.waiting(), 0);

  const city: City = {
    random,
    hub: () => hub,
    async startHub() {
      // As a supervisor would: again, until it stays.
      for (;;) {
        hub = startHubProcess(order);
        await until("the hub after its end", 90, () => hub.ready() || hub.ended());
        if (hub.ready()) return;
        await sleep(1000);
      }
    },
    ...{ brokerPort: order.brokerPort, loads, influx, proxy, mosquitto, disk },
    acked: new Map(),
    poisoned: { count: 0 },
    spare() {
      const board = spares.shift();
      if (board === undefined) throw new Error("no spare board is left");
      return board;
    },
  };
  const faults = new Map<string, number>();
  let kills = 0;
  const kinds = FAULTS.filter((kind) => kind.possible(city) && (options.only?.includes(kind.name) ?? true));
  const doing = new Map<FaultKind["part"], Promise<void>>();
  let broken: unknown = null;
  let maxRssMiB = 0;
  /** A hub that starts or is out of room has one trouble; it gets no second one of the other kind. */
  const blocks = (kind: FaultKind): boolean =>
    doing.has(kind.part) ||
    (kind.part === "disk" && (doing.has("hub") || doing.has("flows"))) ||
    ((kind.part === "hub" || kind.part === "flows") && doing.has("disk"));
  say(
    `${options.boards} boards, ${behindCount} of them behind Mosquitto; ${options.minutes} minutes, seed ${options.seed}`,
  );
  const end = Date.now() + options.minutes * 60_000;
  while (Date.now() < end && broken === null) {
    await sleep(500 + random() * 5000);
    const kind = kinds[Math.floor(random() * kinds.length)];
    if (blocks(kind) || doing.size >= 3) continue;
    faults.set(kind.name, (faults.get(kind.name) ?? 0) + 1);
    kills += kind.kills;
    const { rssMiB = 0 } = await hub.look().catch(() => ({ rssMiB: 0 }));
    maxRssMiB = Math.max(maxRssMiB, rssMiB);
    say(`minute ${minute().toFixed(0)}: ${kind.name}; ${waiting()} wait, hub ${rssMiB} MiB`);
    const done = kind
      .run(city)
      .catch((error: unknown) => (broken = error))
      .then(() => void doing.delete(kind.part));
    doing.set(kind.part, done);
  }
  await Promise.all(doing.values());
  if (broken !== null) say(`a fault could not be mended: ${String(broken)}`);
  // Every flood that has begun may end, and be judged, before anything is counted.
  const minutes = Math.ceil(minute()) + FLOOD_EVERY_MIN;
  say(`letting the floods end: ${Math.round((minutes - minute()) * (MINUTE_MS / SPEED / 1000))} s`);
  await until("the last flood's end", 600, () => minute() >= minutes);
  for (const load of loads) load.quiet();
  await until("the last acknowledgements", 180, () => waiting() === 0);
  await until("rules and outputs to be done", 180, async () => {
    const { lag, judgedTo, head } = await hub.look();
    return lag === 0 && judgedTo === head;
  }).catch((error: unknown) => say(String(error)));
  await sleep(STALE_S * 2000);
  hub.child.send("stop");
  await hub.gone;
  for (const load of loads) await load.stop();

  const result = await compare(dataDir, city, { floods: all.filter((b) => b.floods), base, minutes });
  for (const line of result.words.slice(0, 40)) say(line);
  await proxy?.stop();
  for (const server of servers) await server.dispose();
  const { figures } = result;
  const sound =
    broken === null &&
    result.complete &&
    figures.lost + figures.duplicated + figures.alarmsLost + figures.alarmsRepeated === 0;
  if (!sound) {
    // The file system goes with the process: what tells the story must outlive it.
    const kept = mkdtempSync(join(tmpdir(), "aryk-chaos-kept-"));
    spawnSync("cp", ["-r", dataDir, kept]);
    say(`kept for a look: ${kept}`);
  }
  rmSync(dataDir, { recursive: true, force: true });
  console.log(JSON.stringify({ ...figures, kills, maxRssMiB, faults: Object.fromEntries([...faults].sort()) }));
  return sound && figures.acked > 0;
}

interface Found {
  figures: Record<
    | "acked"
    | "stored"
    | "lost"
    | "duplicated"
    | "alarmsLost"
    | "alarmsRepeated"
    | "points"
    | "floods"
    | "standing"
    | "transitions",
    number
  >;
  words: string[];
  /** The rules have judged everything, every poison pack is a dead letter, and every closure was told of. */
  complete: boolean;
}

async function compare(
  dataDir: string,
  city: City,
  script: { floods: LoadBoard[]; base: number; minutes: number },
): Promise<Found> {
  const clock = scaledClock(script.base, Date.now(), 1);
  const journal = Journal.open(join(dataDir, "journal.sqlite"));
  const register = Register.open(join(dataDir, "register.sqlite"), clock);
  const acked = new Map([...city.loads.flatMap((load) => [...load.acked]), ...city.acked]);
  const readings = compareReadings(acked, entriesOf(journal));
  const sites = script.floods.map(({ site, offsetMin }) => ({ id: site, offsetMin }));
  const transitions = register.transitions(0, 10_000_000);
  const alarms = compareAlarms(transitions, sites, script.base, script.minutes, nodeTimes(entriesOf(journal)));
  const { influx } = city;
  const database =
    influx === null ? { points: 0, missing: [] } : await missingPoints(influx.url, DATABASE, entriesOf(journal));
  const words = [...readings.lost, ...readings.duplicated, ...alarms.lost, ...alarms.repeated, ...database.missing];
  const judged = register.cursor()?.id === journal.head().id;
  const dead = journal.deadLetters(100_000).filter((letter) => letter.consumer === null).length;
  if (!judged) words.push(`the rules have judged to ${register.cursor()?.id} of ${journal.head().id}`);
  if (dead !== city.poisoned.count) words.push(`${city.poisoned.count} poison packs, ${dead} dead letters`);
  register.close();
  await journal.close();
  const unheard = untold(join(dataDir, "register.sqlite"));
  words.push(...unheard);
  const lost = new Set([...readings.lost, ...database.missing.map((word) => word.replace(/ in InfluxDB$/, ""))]);
  return {
    figures: {
      acked: acked.size,
      stored: readings.stored,
      lost: lost.size,
      duplicated: readings.duplicated.length,
      alarmsLost: alarms.lost.length,
      alarmsRepeated: alarms.repeated.length,
      points: database.points,
      floods: alarms.floods,
      standing: alarms.standing,
      transitions: alarms.transitions,
    },
    words,
    complete: judged && dead === city.poisoned.count && unheard.length === 0,
  };
}
