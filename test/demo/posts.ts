/** The demo's posts: built images in virtual boards, with simulated sensors on their ports and real ways to the hub. */
import { spawnSync } from "node:child_process";
import { SerialPort } from "serialport";
import type { Config } from "../../firmware/node/config.js";
import { i2cBus, type UartPartMaker } from "../../firmware/sensors/sim.js";
import { createMb7389Sim } from "../../firmware/sensors/mb7389/sim.js";
import { createNo2B43fSim } from "../../firmware/sensors/no2-b43f/sim.js";
import { createPms5003Sim } from "../../firmware/sensors/pms5003/sim.js";
import { kind as battery } from "../../firmware/sensors/battery/driver.js";
import { kind as tilt } from "../../firmware/sensors/tilt/driver.js";
import { createLis3dhSim } from "../../firmware/sensors/tilt/sim.js";
import { createSht31Sim } from "../../firmware/sensors/sht31/sim.js";
import type { I2c } from "../../firmware/sensors/sensor.js";
import { buildImage, type Image } from "../../hardware/image.js";
import type { Clock } from "../../hub/clock.js";
import { layCable } from "../rig/pty.js";
import { startBoard, type Board, type SerialFarEnd } from "../rig/vm-board.js";
import { PLACES } from "./city.js";
import { distanceMm, electrodeDriftMv, humidity, no2, pm25, temperature } from "./world.js";

const TILT = tilt.defaults;
const BATTERY = battery.defaults;
const BATTERY_MV = 3600;
/** What an accelerometer feels that hangs as it was mounted. */
const UPRIGHT_MG = [1000, 0, 0];

export interface Post {
  site: string;
  way: "serial" | "mqtt";
  image: Image;
  board: Board;
}

/** A pseudo-terminal from the hub to one post. */
export interface Wire {
  /** The hub's end. */
  path: string;
  far: SerialFarEnd;
  close(): Promise<void>;
}

/** True where pseudo-terminals can be made. */
export function havePty(): boolean {
  return spawnSync("socat", ["-V"], { stdio: "ignore" }).status === 0;
}

/** Lays a pseudo-terminal and opens the post's end. */
export async function layWire(): Promise<Wire> {
  const cable = layCable();
  await cable.plug();
  const port = new SerialPort({ path: cable.far, baudRate: 115_200, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  const far: SerialFarEnd = {
    write: (bytes) => void port.write(Buffer.from(bytes, "latin1")),
    onBytes: (take) => void port.on("data", (chunk: Buffer) => take(chunk.toString("latin1"))),
  };
  return {
    path: cable.near,
    far,
    async close() {
      await new Promise((resolve) => port.close(resolve));
      await cable.dispose();
    },
  };
}

/** The images of the demo's site types; the underpasses' with the uplink that this machine can carry. */
export async function buildImages(underpassUplink: "serial" | "mqtt"): Promise<Map<string, Image>> {
  const types = [...new Set(PLACES.map((place) => place.type))];
  const images = new Map<string, Image>();
  // A container's own radio needs a network's server: here it stands at the broker, as the rest does.
  for (const type of types) {
    const uplink = type === "underpass" ? underpassUplink : "mqtt";
    images.set(type, await buildImage(type, { build: { board: "esp32", uplink, supply: "mains" } }));
  }
  return images;
}

function uartParts(site: string, type: string, minute: () => number): Record<string, UartPartMaker> {
  if (type !== "eco-post") return { uart1: createMb7389Sim(() => distanceMm(site, minute())) };
  const air = () => {
    const fine = pm25(site, minute());
    return { pm1: Math.round(fine * 0.6), pm25: Math.round(fine), pm10: Math.round(fine * 1.3) };
  };
  return { uart1: createPms5003Sim(air) };
}

function i2cParts(site: string, type: string, clock: Clock, minute: () => number): Record<string, I2c> {
  if (type === "mesh-container")
    return {
      i2c1: i2cBus([
        createLis3dhSim(
          TILT.address,
          () => UPRIGHT_MG,
          () => clock.now(),
        ),
      ]),
    };
  const air = () => ({ temperatureC: temperature(minute()), humidityPercent: humidity(minute()) });
  const parts = [createSht31Sim(air, () => clock.now())];
  if (type === "eco-post")
    parts.push(
      createNo2B43fSim(
        () => no2(site, minute()),
        () => clock.now(),
        { drift: () => electrodeDriftMv(minute()) },
      ),
    );
  return { i2c1: i2cBus(parts) };
}

/** Switches a post on. `startedAt` is the script's minute 0. */
export function startPost(options: {
  site: string;
  type: string;
  image: Image;
  clock: Clock;
  startedAt: number;
  config: Config;
  wire: Wire | null;
}): Post {
  const { site, type, image, clock, startedAt, config, wire } = options;
  const minute = (): number => (clock.now() - startedAt) / 60_000;
  const uarts = uartParts(site, type, minute);
  const i2cs = i2cParts(site, type, clock, minute);
  const pins = { analog1: { millivolts: () => BATTERY_MV / BATTERY.ratio } };
  const board = startBoard({ image, clock, config, uarts, i2cs, pins, ...(wire === null ? {} : { serial: wire.far }) });
  return { site, way: wire === null ? "mqtt" : "serial", image, board };
}
