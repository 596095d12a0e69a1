/**
 * Every image on the real interpreter: sensor bytes come through one pseudo-terminal, lines leave through another or
 * over TCP, the hub's ends are the hub's own inputs, and the supply is cut by SIGKILL.
 */
import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, writeSync, createReadStream } from "node:fs";
import type { ReadStream } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { createMb7389Sim } from "../../firmware/sensors/mb7389/sim.js";
import { createPms5003Sim } from "../../firmware/sensors/pms5003/sim.js";
import type { UartPartMaker } from "../../firmware/sensors/sim.js";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import { buildImage } from "../../hardware/image.js";
import type { Image } from "../../hardware/image.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import type { SiteType } from "../../hardware/sites.js";
import { realClock } from "../../hub/clock.js";
import { startBroker } from "../../hub/inputs/broker.js";
import { startSerial } from "../../hub/inputs/serial.js";
import type { Accept } from "../../hub/model.js";
import { boardFolder, filesIn, interpreterFrom, startInterpreter } from "../rig/espruino.js";
import type { Interpreter } from "../rig/espruino.js";
import { farHub, typeOf } from "../rig/far-hub.js";
import { i2cScript } from "../rig/i2c-sim.js";
import { layCable, needSocat } from "../rig/pty.js";
import { until } from "../rig/sealed.js";
import { waitingLines } from "../rig/vm-board.js";

const KEY = Buffer.alloc(32, 9);
const BOUND_MS = 90_000;
const PERIOD_S = 4;
const PACE_PERCENT = 12;
const log = pino({ level: "silent" });

const PARTS: Record<string, UartPartMaker> = {
  mb7389: createMb7389Sim(() => 1234),
  pms5003: createPms5003Sim(() => ({ pm1: 11, pm25: 22, pm10: 33 })),
};

/** What a pack of each sensor must contain, to a unit of the last decimal. */
const EXPECTED: Record<string, Record<string, number>> = {
  mb7389: { distance: 1234, "distance-spread": 0 },
  sht31: { temperature: 22.5, humidity: 50 },
  "no2-b43f": { "no2-we": 230, "no2-ae": 240 },
  pms5003: { "pm25-cf1": 22, "pm25-atm": 22, "pm10-cf1": 33 },
};
const SCENE = i2cScript({
  temperatureWord: Math.round(((22.5 + 45) / 175) * 65535),
  humidityWord: Math.round(0.5 * 65535),
  inputMv: [230, 240, 230, 240],
});

/** A sensor's bytes on the far end of a cable. */
function playPart(path: string, make: UartPartMaker): () => void {
  const out = openSync(path, "r+");
  const part = make((bytes) => writeSync(out, bytes, null, "latin1"), realClock);
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

interface Rig {
  cut(): Promise<void>;
  power(): Interpreter;
  /** Lines that wait in flash. The supply must be off. */
  waiting(): string[];
  lines: string[];
  listen(on: boolean): Promise<void>;
  dispose(): Promise<void>;
}

async function rigOf(type: SiteType, image: Image, bin: string): Promise<Rig> {
  const hub = farHub(KEY, "k1", () => Date.now());
  const accept: Accept = (line, from) => {
    const ack = hub.ackOf(line, from.withCrc);
    return Promise.resolve(
      ack === null ? { outcome: "refused" as const, fault: "bad-seal" } : { outcome: "stored" as const, ack },
    );
  };
  const closers: (() => void | Promise<void>)[] = [];
  const ports: Record<string, { path: string }> = {};
  const cable = async (port: string) => {
    const laid = layCable();
    await laid.plug();
    closers.push(() => laid.dispose());
    ports[port] = { path: laid.near };
    return laid.far;
  };
  for (const { sensor, port } of type.sensors)
    if (PARTS[sensor] !== undefined) closers.unshift(playPart(await cable(port), PARTS[sensor]));

  let stopHub: (() => Promise<void>) | null = null;
  const uplink: Record<string, string | number> = {};
  let listen: () => Promise<{ stop(): Promise<void> }>;
  if (type.uplink === "serial") {
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
    periodS: PERIOD_S,
    pacePercent: PACE_PERCENT,
  };
  const board = boardFolder({ ".bootcde": image.code, ".boot0": SCENE, "aryk.cfg": JSON.stringify(config) });
  let running: Interpreter | null = null;
  const cut = async () => {
    await running?.kill();
    running = null;
  };
  return {
    cut,
    power: () => (running = startInterpreter(bin, board.folder)),
    waiting() {
      const files = filesIn(readFileSync(join(board.folder, "espruino.flash")));
      return waitingLines((name) => files.get(name), image.board.outboxSlots);
    },
    lines: hub.lines,
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

function valuesOf(line: string): Map<string, number | string> {
  const parsed = parseLine(line, false, UPLINK_MAX);
  assert.ok(parsed.ok, line);
  const records = JSON.parse(parsed.line.body) as { n: string; v?: number; vs?: string }[];
  return new Map(records.map((r) => [r.n, r.v ?? r.vs ?? "nothing"]));
}

function checkValues(type: SiteType, line: string): void {
  const values = valuesOf(line);
  for (const { sensor } of type.sensors)
    for (const [name, value] of Object.entries(EXPECTED[sensor]))
      assert.ok(Math.abs(Number(values.get(name)) - value) < 0.1, `${name} ${values.get(name)} is not ${value}`);
}

for (const [variable, heap] of [
  ["ESPRUINO_BIN", "the default heap"],
  ["ESPRUINO_SMALL_BIN", "2,600 variables"],
] as const)
  describe(`the images on the real interpreter with ${heap}`, function () {
    this.timeout(4 * BOUND_MS);
    const bin = interpreterFrom(variable);

    before(function () {
      if (bin === null) {
        console.log(`      skipped: ${variable} does not name an Espruino interpreter (see firmware/README.md)`);
        return this.skip();
      }
      needSocat(this);
    });

    for (const type of SITE_TYPES)
      it(`${type.name} measures, keeps its packs through a power cut, and delivers the same bytes`, async () => {
        assert.ok(bin);
        const image = await buildImage(type.name);
        const rig = await rigOf(type, image, bin);
        try {
          const first = rig.power();
          await first.printed(`aryk ${type.name}`);
          const flashed = () => rig.waiting().length;
          await until("three packs in flash", () => flashed() >= 3, BOUND_MS);
          assert.ok(!first.output().includes("OUT OF MEMORY"), first.output());
          await rig.cut();
          const kept = rig.waiting();
          kept.forEach((line) => checkValues(type, line));

          await rig.listen(true);
          const second = rig.power();
          const has = (line: string) => rig.lines.includes(line);
          await until("the kept packs at the hub", () => kept.every(has), BOUND_MS);
          const live = () => rig.lines.filter((l) => typeOf(l) === "pack" && !kept.includes(l));
          await until("two packs of this start", () => live().length >= 2, BOUND_MS);
          assert.equal(typeOf(rig.lines[0]), "hello");
          live().forEach((line) => checkValues(type, line));
          assert.match(live()[1].split(" ")[5], /^\d{13}\/h\d+$/);
          assert.ok(!/OUT OF MEMORY|Uncaught|ERROR/.test(second.output()), second.output());
          await rig.cut();
        } catch (error) {
          console.log(rig.lines);
          throw error;
        } finally {
          await rig.dispose();
        }
      });
  });
