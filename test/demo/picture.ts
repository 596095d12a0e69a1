/**
 * Makes hub/web/live-page.png, the picture in the README: the demo's city in a real hub at one chosen moment, when an
 * underpass is flooded, another is silent and a container overflows. Sealed packs go in at the front, Node-RED's rules
 * raise the alarms, a browser takes the picture. `npm run build && node build/test/demo/picture.js [file]`
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { chromium } from "playwright-core";
import type { Reading } from "../../firmware/wire/pack.js";
import * as properties from "../../firmware/wire/properties.js";
import { TYPICAL_CELL } from "../../firmware/sensors/no2-b43f/sim.js";
import { SteppedClock } from "../../hub/clock.js";
import { parseConfig } from "../../hub/config.js";
import { startHub, type Hub } from "../../hub/main.js";
import { projectRoot } from "../../hub/root.js";
import { sealedBoard, type SealedBoard } from "../rig/sealed-board.js";
import { boardOf, cadenceS, cityDocument, PLACES } from "./city.js";
import { advanceTo, flowsCaughtUp } from "./lockstep.js";
import { distanceMm, electrodeDriftMv, humidity, no2, pm25, temperature } from "./world.js";

const CHROMIUM = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";
const MAX_BYTES = 250_000;
const WIDTH = 1280;
const MINUTE = 60_000;
/** Hub's time between two judgements of the flows. */
const TICK_MS = MINUTE;
/** The moment of the picture: 18:20 in Almaty on a summer's evening. */
const MOMENT = Date.UTC(2026, 6, 14, 13, 20);
/** Minutes before the moment at which the run begins: a container must stay full for two hours. */
const BEFORE = 155;
/** Underpasses are switched on this long before the moment: a minute's cadence makes them most of the work. */
const UNDERPASSES_FROM = 40;
/** The post of underpass-3 sends its last pack this long before the moment. */
const SILENT_FOR = 17;
/** Where in the script of world.ts a site stands at the moment of the picture. */
const SCRIPT_MINUTE: Record<string, number> = {
  "underpass-1": 79,
  "underpass-3": 112 + SILENT_FOR,
  "container-4": 200,
};
const ELSE_MINUTE = 100;

interface Post {
  id: string;
  type: string;
  board: SealedBoard;
}

const one = (property: properties.Property, value: number): Reading => ({ property, ok: true, value });

/** What a post measures at a minute of the script. */
function readings({ id, type }: Post, minute: number): Reading[] {
  const air = one(properties.TEMPERATURE, temperature(minute));
  if (type === "mesh-container") return [one(properties.DISTANCE, distanceMm(id, minute))];
  if (type !== "eco-post") return [one(properties.DISTANCE, distanceMm(id, minute)), air];
  const drift = electrodeDriftMv(minute);
  return [
    one(properties.PM25_CF1, Math.round(pm25(id, minute))),
    one(properties.NO2_WE, TYPICAL_CELL.weZeroMv + drift + TYPICAL_CELL.sensitivityMvPerPpb * no2(id, minute)),
    one(properties.NO2_AE, TYPICAL_CELL.aeZeroMv + drift),
    air,
    one(properties.HUMIDITY, humidity(minute)),
  ];
}

/** True if the post sends `ago` minutes before the moment: in the middle of its period, so that ages differ. */
function sends({ id, type }: Post, ago: number): boolean {
  if (type === "underpass" && ago > UNDERPASSES_FROM) return false;
  if (id === "underpass-3" && ago < SILENT_FOR) return false;
  const every = cadenceS(type) / 60;
  return ago % every === Math.floor(every / 2);
}

async function send(hub: Hub, clock: SteppedClock, post: Post, ago: number): Promise<void> {
  const minute = (SCRIPT_MINUTE[post.id] ?? ELSE_MINUTE) - ago;
  const line = post.board.pack(readings(post, minute), (BEFORE - ago) * MINUTE, clock.now());
  const { outcome } = await hub.accept(line, { source: "picture", withCrc: false });
  if (outcome !== "stored") throw new Error(`a pack of ${post.id} was ${outcome}`);
}

/** Feeds the hub up to the moment. */
async function play(hub: Hub, clock: SteppedClock): Promise<void> {
  const posts = PLACES.map(({ id, type }): Post => {
    const key = hub.registry.keyOf(boardOf(id), "k1");
    if (key === undefined) throw new Error(`no key for ${id}`);
    return { id, type, board: sealedBoard(boardOf(id), "k1", key, "0a0b0c0d", 1) };
  });
  const settling = { postsIdle: () => true, flowsCaughtUp: () => flowsCaughtUp(hub, clock, TICK_MS) };
  for (let ago = BEFORE; ago >= 0; ago--) {
    await advanceTo(clock, MOMENT - ago * MINUTE, TICK_MS, settling);
    await Promise.all(posts.filter((post) => sends(post, ago)).map((post) => send(hub, clock, post, ago)));
  }
  await advanceTo(clock, MOMENT + MINUTE / 3, TICK_MS, settling);
}

/** The picture is of what it is said to be of, or it is not made. */
function check(hub: Hub): void {
  const standing = hub.register.alarms({ active: true }).map((a) => `${a.site} ${a.kind} ${a.level} ${a.state}`);
  for (const wanted of ["underpass-1 flood 3 UNACK", "underpass-3 unknown 0 UNACK", "container-4 overflow 1 UNACK"])
    if (!standing.includes(wanted)) throw new Error(`not "${wanted}", but: ${standing.join(", ")}`);
}

async function photograph(hub: Hub, file: string): Promise<void> {
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, locale: "en-GB" });
    await page.goto(hub.url);
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password").fill(hub.adminPassword ?? "");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.locator('[data-site="underpass-1"]').getByText("closure").waitFor();
    await page.locator('[data-site="underpass-3"][data-condition="silent"]').waitFor();
    await page.locator('[data-site="container-4"]').getByText("overflowing").waitFor();
    await page.locator("section.map path.outline").waitFor();
    const box = await page.locator("section.containers").boundingBox();
    const height = Math.ceil((box?.y ?? 0) + (box?.height ?? 900)) + 16;
    await page.screenshot({ path: file, clip: { x: 0, y: 0, width: WIDTH, height }, fullPage: true });
  } finally {
    await browser.close();
  }
  const { size } = statSync(file);
  if (size > MAX_BYTES) throw new Error(`${file} has ${size} bytes, more than ${MAX_BYTES}`);
  console.log(`${file}: ${size} bytes`);
}

async function main(file: string): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "aryk-picture-"));
  const clock = new SteppedClock(MOMENT - BEFORE * MINUTE);
  const config = parseConfig("", {});
  config.dataDir = dataDir;
  config.http = { ...config.http, port: 0 };
  config.inputs.broker.port = 0;
  config.alerts.cap.status = "Exercise";
  const log = pino({ level: process.env.ARYK_LOG ?? "silent" }, pino.destination(2));
  let hub: Hub | null = null;
  try {
    hub = await startHub({ config, clock, log, tickMs: TICK_MS });
    hub.registry.import(cityDocument(clock.now()), "picture");
    const end = Date.now() + 120_000;
    while (hub.flows?.state() !== "running" || hub.register.heartbeat().owner !== "flows") {
      if (Date.now() > end) throw new Error("Node-RED did not start within two minutes");
      await sleep(50);
    }
    await play(hub, clock);
    check(hub);
    await photograph(hub, file);
  } finally {
    await hub?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await main(process.argv[2] ?? join(projectRoot(), "hub", "web", "live-page.png"));
process.exit(0);
