/**
 * A post on the real interpreter: sensor bytes come through one pseudo-terminal, lines leave through another or over
 * TCP, the hub's ends are the hub's own inputs, and a power cut is SIGKILL.
 */
import { closeSync, constants, createReadStream, openSync, readFileSync, writeSync } from "node:fs";
import type { ReadStream } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import type { UartPartMaker } from "../../firmware/sensors/sim.js";
import type { Image } from "../../hardware/image.js";
import type { SiteType } from "../../hardware/sites.js";
import { startBroker } from "../../hub/inputs/broker.js";
import { startSerial } from "../../hub/inputs/serial.js";
import type { Accept } from "../../hub/model.js";
import { filesIn, heapMeter, laidOutFolder, startInterpreter } from "./espruino.js";
import type { Interpreter } from "./espruino.js";
import { farHub } from "./far-hub.js";
import { i2cScript } from "./i2c-record.js";
import { partsOf, type Parts } from "./parts.js";
import { pinScript } from "./pin-script.js";
import { loraEnd, modemEnd } from "./modems/ends.js";
import { layCable } from "./pty.js";
import { scaledClock } from "./scaled-clock.js";
import { waitingLines } from "./vm-board.js";

/** The post's key `k1`. */
export const KEY = Buffer.alloc(32, 9);
const log = pino({ level: "silent" });

/**
 * The default heap on Linux grows by itself, though not for what must lie in one piece (a hash's result): it is made to
 * grow once, before anything runs. One of fixed size has no room for that, and needs none.
 */
const ROOM = "if(process.memory().total>4000)(function(){var a=[];for(var i=0;i<3000;i++)a.push(i+.5);})();\n";

/** A sensor's bytes on the far end of a cable. */
export function playPart(path: string, make: UartPartMaker, speed: number): () => void {
  const out = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  const say = (bytes: string): void => {
    try {
      writeSync(out, bytes, null, "latin1");
    } catch (error) {
      // What comes while nobody listens is gone, as on a wire.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  };
  const part = make(say, scaledClock(Date.now(), Date.now(), speed));
  const input: ReadStream = createReadStream(path, { highWaterMark: 64 });
  input.on("data", (chunk) => part.receive(chunk.toString("latin1")));
  input.on("error", () => undefined);
  part.power(true);
  return () => {
    part.power(false);
    input.destroy();
    closeSync(out);
  };
}

/** A post on the real interpreter, with everything it is joined to. */
export interface Bench {
  parts: Parts;
  /** A power cut: SIGKILL. */
  cut(): Promise<void>;
  power(): Interpreter;
  /** Lines that wait in flash. The supply must be off. */
  waiting(): string[];
  /** Authentic lines that reached the hub. */
  lines: string[];
  listen(on: boolean): Promise<void>;
  dispose(): Promise<void>;
}

export interface BenchOptions {
  /** The door of a real hub in the place of the small one; `lines` then stays empty. */
  real?: Accept;
  /** The meter of the heap takes variables itself: a test that reads no figures leaves it out. */
  metered?: boolean;
  meterMs?: number;
  periodS?: number;
  pacePercent?: number;
  /** How much faster than the world the parts on UARTs run. */
  speed?: number;
  /** How much faster than the world the post's own clock runs. */
  postSpeed?: number;
  /** Share of calls to an I²C bus that nobody answers. */
  busFaults?: number;
  /** Runs before everything else. */
  boot0?: string;
}

/**
 * Joins a post: its parts play their bytes, its hub is silent until it is told to listen, its supply is off.
 */
export async function layBench(type: SiteType, image: Image, bin: string, options: BenchOptions = {}): Promise<Bench> {
  const { real, metered = true, meterMs, periodS = 4, pacePercent = 12 } = options;
  const { speed = 1, postSpeed = 1, busFaults = 0, boot0 = "" } = options;
  const hub = farHub(KEY, "k1", () => Date.now());
  const small: Accept = (line, from) => {
    const ack = hub.ackOf(line, from);
    return Promise.resolve(
      ack === null ? { outcome: "refused" as const, fault: "bad-seal" } : { outcome: "stored" as const, ack },
    );
  };
  const accept = real ?? small;
  const closers: (() => void | Promise<void>)[] = [];
  const ports: Record<string, { path: string }> = {};
  const cable = async (port: string) => {
    const laid = layCable();
    await laid.plug();
    closers.push(() => laid.dispose());
    ports[port] = { path: laid.near };
    return laid.far;
  };
  const parts = await partsOf(type, scaledClock(Date.now(), Date.now(), speed), image.build);
  for (const [port, make] of Object.entries(parts.uarts)) closers.unshift(playPart(await cable(port), make, speed));
  const scene =
    (await i2cScript(type, (port) => image.board.i2cs[port].device, busFaults)) + pinScript(image.board, parts.pins);

  const end =
    image.build.uplink === "lora"
      ? loraEnd(`${type.name}-1`)
      : image.build.uplink === "modem"
        ? modemEnd(KEY, speed)
        : null;
  let stopHub: (() => Promise<void>) | null = null;
  const uplink: Record<string, string | number> = {};
  let listen: () => Promise<{ stop(): Promise<void> }>;
  if (end !== null) {
    closers.unshift(playPart(await cable(image.board.radio), end.part, speed));
    Object.assign(uplink, end.uplink);
    listen = () => {
      end.listen(true);
      return Promise.resolve({ stop: () => Promise.resolve(end.listen(false)) });
    };
  } else if (image.build.uplink === "serial") {
    const path = await cable(image.board.serialUplink);
    listen = () => Promise.resolve(startSerial({ path }, accept, log));
  } else {
    const start = (port: number) => startBroker({ host: "127.0.0.1", port, authenticate: () => true }, accept, log);
    const probe = await start(0);
    await probe.stop();
    Object.assign(uplink, { host: "127.0.0.1", port: probe.port, password: "secret" });
    listen = () => start(probe.port);
  }
  const config = {
    board: `${type.name}-1`,
    keyId: "k1",
    key: KEY.toString("hex"),
    uplink,
    ports,
    periodS,
    pacePercent,
  };
  const board = await laidOutFolder(image.code, {
    ".boot0": ROOM + boot0 + scene + (metered ? "\n" + heapMeter(meterMs) : ""),
    "aryk.cfg": JSON.stringify(config),
  });
  let running: Interpreter | null = null;
  const cut = async () => {
    await running?.kill();
    running = null;
  };
  return {
    parts,
    cut,
    power: () => (running = startInterpreter(bin, board.folder, postSpeed)),
    waiting() {
      const files = filesIn(readFileSync(join(board.folder, "espruino.flash")));
      const records = waitingLines((name) => files.get(name), image.board.outboxSlots);
      return end === null ? records : records.map((record) => end.lineOf(record));
    },
    lines: end?.lines ?? hub.lines,
    async listen(on) {
      await stopHub?.();
      stopHub = null;
      if (!on) return;
      const input = await listen();
      stopHub = () => input.stop();
    },
    async dispose() {
      await cut();
      await stopHub?.();
      for (const close of closers) await close();
      board.remove();
    },
  };
}
