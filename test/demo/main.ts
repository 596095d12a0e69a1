/**
 * The demo: a hub, Node-RED and fifteen posts that run the built firmware images in a small virtual board. One stepped
 * clock tells all of them the time; it begins some hours ago and ends at now. See README.md.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { parseConfig } from "../../hub/config.js";
import type { Config } from "../../hub/config/schema.js";
import { SteppedClock } from "../../hub/clock.js";
import { startHub, type Hub } from "../../hub/main.js";
import { mqttPassword } from "../../hub/secrets.js";
import { boardOf, cadenceS, cityDocument, PLACES } from "./city.js";
import { advanceTo, flowsCaughtUp } from "./lockstep.js";
import { buildImages, havePty, layWire, startPost, type Post, type Wire } from "./posts.js";
import { complaints, resultOf } from "./result.js";
import { startView, tableOf } from "./view.js";
import { MINUTES, POST_DIES_AT_MIN } from "./world.js";

/** The flows judge at least this often, by the demo's clock; also the longest step of it. */
const TICK_MS = 20_000;
const MINUTE = 60_000;

const say = (line: string): void => void process.stdout.write(line + "\n");

async function until(what: string, seconds: number, condition: () => boolean): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await sleep(5);
  }
}

/** The port if nobody has it, else 0 (any). */
async function freeOr(port: number): Promise<number> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free ? port : 0;
}

/** The database of the environment, if there is one. */
function influxOf(env: NodeJS.ProcessEnv): Config["outputs"]["influxdb"] {
  const url = env.INFLUX_URL;
  if (url === undefined || url === "") return [];
  const common = { name: "influxdb", url, batchLines: 5000, gzip: false };
  if (env.INFLUX_DB !== undefined)
    return [
      { version: "1", ...common, database: env.INFLUX_DB, retentionPolicy: null, username: null, password: null },
    ];
  const { INFLUX_ORG: org = "aryk", INFLUX_BUCKET: bucket = "aryk", INFLUX_TOKEN: token = null } = env;
  return [{ version: "2", ...common, org, bucket, token }];
}

async function configOf(dataDir: string, wires: Map<string, Wire>, editor: boolean): Promise<Config> {
  const config = parseConfig("", {});
  config.dataDir = dataDir;
  config.http = { ...config.http, port: await freeOr(8080), anonymousViewer: true };
  config.inputs.broker.port = 0;
  config.inputs.serial = [...wires.values()].map(({ path }) => ({ path, baudRate: 115_200, idleSeconds: null }));
  config.outputs.influxdb = influxOf(process.env);
  config.flows.editor = editor;
  config.alerts.cap.status = "Exercise";
  return config;
}

function switchOn(
  hub: Hub,
  clock: SteppedClock,
  wires: Map<string, Wire>,
  images: Awaited<ReturnType<typeof buildImages>>,
) {
  const startedAt = clock.now();
  return PLACES.map(({ id, type }): Post => {
    const board = boardOf(id);
    const key = hub.registry.keyOf(board, "k1");
    const image = images.get(type);
    if (key === undefined || image === undefined) throw new Error(`no key or image for ${id}`);
    const broker = { host: "127.0.0.1", port: hub.inputs.broker?.port ?? 0 };
    const uplink = { ...broker, username: board, password: mqttPassword(board, key) };
    const config = { board, keyId: "k1", key: Buffer.from(key).toString("hex"), uplink, periodS: cadenceS(type) };
    return startPost({ site: id, type, image, clock, startedAt, config, wire: wires.get(id) ?? null });
  });
}

/** Runs the script from its first minute to its last, which is now. */
async function play(hub: Hub, clock: SteppedClock, posts: Post[], startedAt: number): Promise<void> {
  const view = startView(hub, process.stdout);
  const settling = {
    postsIdle: () => posts.every((post) => post.board.idle()),
    flowsCaughtUp: () => flowsCaughtUp(hub, clock, TICK_MS),
  };
  const dying = posts.find((post) => post.site === "underpass-3");
  for (let at = TICK_MS; at <= MINUTES * MINUTE; at += TICK_MS) {
    if (at / MINUTE >= POST_DIES_AT_MIN) dying?.board.stop();
    await advanceTo(clock, startedAt + at, TICK_MS, settling);
    view.show(at / (MINUTES * MINUTE), clock.now());
  }
  view.rest();
}

async function settle(hub: Hub): Promise<void> {
  await until("the outputs", 60, () => hub.outputs.drains.every((drain) => drain.stats().lag === 0));
  const underWay = () => {
    const { queued = 0, leased = 0, retry = 0 } = hub.register.outbox().counts();
    return queued + leased + retry;
  };
  await until("the notices", 60, () => underWay() === 0);
}

/** From now on the demo's clock goes with the real one. */
async function goOn(clock: SteppedClock): Promise<never> {
  say("Caught up with now. The posts go on in real time; Ctrl-C ends the demo.");
  for (;;) {
    await sleep(50);
    clock.advance(Math.max(0, Date.now() - clock.now()));
  }
}

async function main(): Promise<void> {
  const exit = process.argv.includes("--exit");
  const dataDir = mkdtempSync(join(tmpdir(), "aryk-demo-"));
  const pty = havePty();
  const wires = new Map<string, Wire>();
  const ends: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  process.once("SIGINT", () => void stop().finally(() => process.exit(130)));
  process.once("SIGTERM", () => void stop().finally(() => process.exit(143)));
  try {
    say("Aryk demo: 15 simulated posts run the built firmware images in a small virtual board (Node's vm).");
    if (pty) for (const { id } of PLACES.filter((place) => place.type === "underpass")) wires.set(id, await layWire());
    for (const wire of wires.values()) ends.push(() => wire.close());
    const ways = pty
      ? "underpasses on pseudo-terminals, the others by MQTT"
      : "all by MQTT (no socat for pseudo-terminals)";
    const images = await buildImages(pty ? "serial" : "mqtt");
    const sizes = [...images].map(([type, image]) => `${type} ${image.bytes} B`).join(", ");
    say(`Images: ${sizes}. Ways: ${ways}.`);

    const clock = new SteppedClock(Date.now() - MINUTES * MINUTE);
    const startedAt = clock.now();
    const log = pino({ level: process.env.ARYK_LOG ?? "silent" }, pino.destination(2));
    const config = await configOf(dataDir, wires, !exit);
    const hub = await startHub({ config, clock, log, tickMs: TICK_MS });
    ends.push(() => hub.stop());
    hub.registry.import(cityDocument(startedAt), "demo");
    say(`Page: ${hub.url}   (to act on alarms log in as admin, password ${hub.adminPassword ?? "unknown"})`);
    await until("Node-RED", 120, () => hub.flows?.state() === "running" && hub.register.heartbeat().owner === "flows");
    say(`Node-RED runs. ${MINUTES / 60} hours of city begin.`);
    const posts = switchOn(hub, clock, wires, images);
    ends.push(() => posts.forEach((post) => post.board.stop()));

    await play(hub, clock, posts, startedAt);
    await settle(hub);
    if (!process.stdout.isTTY) for (const row of tableOf(hub, clock.now())) say(row);
    const result = resultOf(hub, posts, join(dataDir, "cap"));
    if (!exit) {
      say(JSON.stringify(result));
      await goOn(clock);
    }
    const wrong = complaints(result);
    for (const complaint of wrong) console.error(`NOT AS IT SHOULD BE: ${complaint}`);
    await stop();
    say(JSON.stringify(result));
    process.exit(wrong.length === 0 ? 0 : 1);
  } catch (error) {
    await stop();
    throw error;
  }
}

await main();
