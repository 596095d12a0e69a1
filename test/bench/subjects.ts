/** The four that are measured, each as a process of its own that can be started, killed and started again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectRoot } from "../../hub/root.js";
import { freePort, startMosquitto, type RunningServer } from "../rig/servers.js";
import { provision } from "./city.js";
import { startNode, type Ends, type Program } from "./ends.js";
import type { Influx } from "./influx.js";
import type { Form } from "./load/frames.js";
import { say, until } from "./wait.js";

export const SUBJECTS = ["hubEmbedded", "hubMosquitto", "plain", "nodeRed"] as const;
export type SubjectName = (typeof SUBJECTS)[number];

export interface Subject {
  name: SubjectName;
  /** Database that it writes to. */
  database: string;
  /** What the load must send, and where. */
  form: Form;
  login: boolean;
  port: number;
  /** Folder of the hub's files; null for a peer. */
  dataDir: string | null;
  /** Process of the ingester. */
  pid(): number;
  /** Processes of the whole chain: ingester, broker if it is another, database. */
  chain(): number[];
  kill9(): Promise<void>;
  /** Starts the ingester; resolves when it takes packs. */
  start(): Promise<void>;
}

/**
 * Mosquitto as a careful user sets it up for this: nothing is dropped because a queue is full, and as many messages
 * under way as the subscriber can take. The rest are its defaults. The same for all who stand behind it.
 */
export const MOSQUITTO = ["allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0"];

const READY_S = 120;

/** A hub's command line and configuration file. */
function hubProgram(ends: Ends, configFile: string): Program {
  const built = fileURLToPath(import.meta.url).endsWith(".js");
  const cli = join(projectRoot(), built ? "build/hub/cli/main.js" : "hub/cli/main.ts");
  return startNode(ends, [cli, "--config", configFile, "start"], { cwd: projectRoot() });
}

/** Settings of a hub that are the same in all measurements. `inputs` are those of hub.yaml. */
export function hubConfig(
  dataDir: string,
  httpPort: number,
  influxUrl: string,
  database: string,
  inputs: object,
): object {
  return {
    ...{ dataDir, http: { port: httpPort }, log: { level: "warn" }, inputs },
    outputs: { influxdb: [{ version: "1", url: influxUrl, database }] },
    flows: { enabled: false },
  };
}

/** Resolves when the hub answers and none of its inputs is away. */
async function hubReady(program: Program, httpPort: number): Promise<void> {
  await until("the hub", READY_S, async () => {
    if (program.child.exitCode !== null) throw new Error(`the hub ended:\n${program.said()}`);
    const answer = await fetch(`http://127.0.0.1:${httpPort}/healthz`).catch(() => null);
    return answer !== null && !(await answer.text()).includes("not connected");
  });
}

async function saying(program: Program, word: string): Promise<void> {
  let heard = program.said().includes(word);
  program.onOutput((text) => void (heard ||= text.includes(word) || program.said().includes(word)));
  await until(`"${word}"`, READY_S, () => {
    if (program.child.exitCode !== null) throw new Error(`it ended:\n${program.said()}`);
    return heard;
  });
}

interface Setting {
  ends: Ends;
  influx: Influx;
  things: number;
}

/** How an ingester is started; resolves when it takes packs. */
type Launch = () => Promise<Program>;

async function hubLaunch(s: Setting, name: SubjectName, dataDir: string, inputs: object): Promise<Launch> {
  mkdirSync(dataDir);
  const began = Date.now();
  provision(dataDir, s.things);
  say(`${name}: ${s.things} things registered in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  const httpPort = await freePort();
  const file = join(dataDir, "..", "hub.yaml");
  writeFileSync(file, JSON.stringify(hubConfig(dataDir, httpPort, s.influx.server.url, name, inputs)));
  return async () => {
    const program = hubProgram(s.ends, file);
    await hubReady(program, httpPort);
    return program;
  };
}

function plainLaunch(s: Setting, mqttUrl: string): Launch {
  const file = fileURLToPath(import.meta.url).replace(/subjects\.(js|ts)$/, "peers/plain.$1");
  const order = JSON.stringify({ mqttUrl, influxUrl: s.influx.server.url, database: "plain" });
  return async () => {
    const program = startNode(s.ends, [file, order], { cwd: projectRoot() });
    await saying(program, "subscribed");
    return program;
  };
}

async function nodeRedLaunch(s: Setting, mqttPort: number): Promise<Launch> {
  const { flowOf, SETTINGS } = await import("./peers/flow.js");
  const dir = s.ends.folder("node-red");
  writeFileSync(join(dir, "settings.js"), SETTINGS);
  writeFileSync(join(dir, "flows.json"), JSON.stringify(flowOf(mqttPort, s.influx.server.port, "nodeRed")));
  const main = createRequire(import.meta.url).resolve("node-red/red.js");
  return async () => {
    const port = String(await freePort());
    const args = [main, "--userDir", dir, "--settings", join(dir, "settings.js"), "--port", port];
    const program = startNode(s.ends, args, { cwd: projectRoot() });
    await saying(program, "Connected to broker");
    return program;
  };
}

/** Starts a subject with a broker, a database and a folder of its own. */
export async function startSubject(name: SubjectName, s: Setting): Promise<Subject> {
  await s.influx.createDatabase(name);
  s.ends.add(() => (s.influx.server.pid() === null ? undefined : s.influx.dropDatabase(name)));
  let broker: RunningServer | null = null;
  let port = 0;
  if (name === "hubEmbedded") port = await freePort();
  else {
    const started = await startMosquitto(MOSQUITTO);
    s.ends.add(() => started.dispose());
    broker = started;
    port = started.port;
  }
  const dataDir = name.startsWith("hub") ? join(s.ends.folder(name), "data") : null;
  const mqttUrl = `mqtt://127.0.0.1:${port}`;
  const launchOf = (): Launch | Promise<Launch> => {
    if (dataDir === null) return name === "plain" ? plainLaunch(s, mqttUrl) : nodeRedLaunch(s, port);
    const inputs =
      name === "hubEmbedded" ? { broker: { port } } : { broker: { enabled: false }, mqtt: [{ url: mqttUrl }] };
    return hubLaunch(s, name, dataDir, inputs);
  };
  const launch = await launchOf();
  let program: Program | null = await launch();
  const pid = (): number => {
    if (program === null) throw new Error(`${name} does not run`);
    return program.pid;
  };
  return {
    ...{ name, database: name, port, login: name === "hubEmbedded", dataDir, pid },
    form: name === "hubEmbedded" || name === "hubMosquitto" ? "sealed" : "json",
    chain: () => [pid(), s.influx.pid(), ...(broker?.pid() ? [broker.pid() as number] : [])],
    async kill9() {
      await program?.kill9();
      program = null;
    },
    async start() {
      program ??= await launch();
    },
  };
}
