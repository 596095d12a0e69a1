/**
 * A technician's desk: real StandardFirmata in a simulated Uno, wired as hardware/bench says to a board that runs its
 * built image, which speaks over a pseudo-terminal with a whole hub. Between the two lies what lies on a desk: relays, a
 * divider with its capacitor, rails. The board's time runs faster than the rig's.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createAds1115Sim } from "../../../firmware/sensors/ads1115/sim.js";
import { RATIO } from "../../../firmware/sensors/battery/facts.js";
import { i2cBus } from "../../../firmware/sensors/sim.js";
import type { I2cPart, SimPin } from "../../../firmware/sensors/sim.js";
import {
  DRIVE,
  driveRatio,
  POINTS,
  REFERENCE_V,
  RELAYS,
  VOLTAGE_INPUTS,
  wiringOf,
} from "../../../hardware/bench/wiring.js";
import type { RelayName } from "../../../hardware/bench/wiring.js";
import { optionsOf } from "../../../hardware/ports.js";
import { sensorsOf, siteType } from "../../../hardware/sites.js";
import type { Build } from "../../../hardware/sites.js";
import { parseConfig } from "../../../hub/config.js";
import { startHub } from "../../../hub/main.js";
import { layWire } from "../../demo/posts.js";
import { builtImage } from "../../rig/built.js";
import { startFirmataBoard } from "../../rig/firmata-board.js";
import type { FirmataBoard } from "../../rig/firmata-board.js";
import { partsOf } from "../../rig/parts.js";
import { scaledClock } from "../../rig/scaled-clock.js";
import { startBoard } from "../../rig/vm-board.js";
import type { Board } from "../../rig/vm-board.js";
import { VmStorage } from "../../rig/vm-storage.js";

export const BOARD = "desk-1";
/** The board's time runs so much faster than the rig's. */
export const SPEED = 25;
/** What the simulated converter takes for full scale; the Uno of this desk hangs on a port that gives less. */
const FULL_V = 5;
const UNO_V = 4.8;
/** Its divider leaves a little less than it should: what counts is what arrives. */
const RATIO_OFF = 0.97;
const TICK_MS = 10;
/** A relay's armature stays where it has gone for so long at least, also where this machine hears of two orders at once. */
const MOVE_MS = 5;

/** What is wrong on the desk. */
export interface Faults {
  /** A relay that does not close, or whose wire is off. */
  stuck: RelayName | null;
  /** The node's converter reads so many times what is there. */
  gain: number;
  /** The divider's lower resistor is missing. */
  noDivider: boolean;
  /** The node is fed by its USB too. */
  backFeed: boolean;
  /** Its regulator gives this. */
  rail33: number;
  /** The switch of its sensors' supply does nothing. */
  switchStuck: boolean;
  /** It does not start. */
  dead: boolean;
  /** A sensor that is not there. */
  absent: string | null;
}

export const SOUND: Faults = {
  ...{ stuck: null, gain: 1, noDivider: false, backFeed: false, rail33: 3.3, switchStuck: false, dead: false },
  absent: null,
};

export interface Desk {
  /** The hub's data folder. */
  dir: string;
  config: string;
  uno: FirmataBoard;
  faults: Faults;
  /** The highest voltage that a pin of the node has seen since it was asked last. */
  highestV(): number;
  closed(name: RelayName): boolean;
  /** Relays that have been closed since it was asked last. */
  wereClosed(): RelayName[];
  close(): Promise<void>;
}

/** @param speed how many times as fast as the rig's the board's time runs */
export async function layDesk(hexFile: string, typeName: string, build: Build, speed: number): Promise<Desk> {
  const type = siteType(typeName);
  if (type === undefined) throw new Error(`no type ${typeName}`);
  const dir = mkdtempSync(join(tmpdir(), "aryk-desk-"));
  const clock = scaledClock(Date.now(), Date.now(), speed);
  const wire = await layWire();
  const config = parseConfig(
    JSON.stringify({
      dataDir: dir,
      http: { port: 0 },
      flows: { enabled: false },
      inputs: { broker: { port: 0 }, serial: [{ path: wire.path }] },
    }),
    {},
  );
  const hub = await startHub({ config, clock, log: pino({ level: "silent" }) });
  const { keyId, key } = hub.registry.addBoard(BOARD, "desk");
  const image = await builtImage(typeName, build);
  const uno = await startFirmataBoard(hexFile);
  const storage = new VmStorage(image.board.storageBytes);
  const faults: Faults = { ...SOUND };
  const watchers: (() => void)[] = [];
  const been = new Set<RelayName>();
  let node: Board | null = null;
  let parts = false;
  let driveV = 0;
  let highestV = 0;

  const closed = (name: RelayName): boolean => uno.high(RELAYS[name]);
  const ordered = new Map<RelayName, boolean>();
  const stands = new Map<RelayName, boolean>();
  const works = (name: RelayName): boolean => stands.get(name) === true && faults.stuck !== name;
  const contact = (name: RelayName): SimPin => ({ level: () => !works(name), onChange: (fn) => watchers.push(fn) });
  const nodeMv = (): number => driveV * 1000 * faults.gain;

  const sensors = sensorsOf(type, build);
  const played = { ...type, sensors: sensors.filter(({ sensor }) => !driven(sensor)) };
  const rest = await partsOf(played, clock, { ...build, sensors: [] });
  const converters: I2cPart[] = [];
  const pins: Record<string, SimPin> = {};
  for (const fitted of sensors) {
    const { sensor, port } = fitted;
    const { address } = optionsOf(type, fitted);
    if (sensor === "float" || sensor === "contact") pins[port] = contact("contact");
    else if (sensor === "rain") pins[port] = contact("pulse");
    else if (sensor === "battery") pins[port] = { millivolts: () => nodeMv() / RATIO };
    else if (VOLTAGE_INPUTS[sensor] !== undefined && address !== undefined)
      converters.push(createAds1115Sim(address, nodeMv, () => clock.steady()));
  }
  const bus = i2cBus(converters);
  const absent = (): boolean => sensors.some(({ sensor, port }) => sensor === faults.absent && port === "i2c1");
  const i2c1 = {
    write: (address: number, bytes: number[]) =>
      bus.write(address, bytes) || (!absent() && (rest.i2cs.i2c1?.write(address, bytes) ?? false)),
    read: (address: number, count: number) =>
      bus.read(address, count) ?? (absent() ? null : (rest.i2cs.i2c1?.read(address, count) ?? null)),
  };

  function feed(): void {
    const on = works("supply") && !faults.dead;
    if (on && node === null)
      node = startBoard({
        ...{ image, clock, storage, uarts: rest.uarts, i2cs: { i2c1 }, pins, serial: wire.far },
        config: { board: BOARD, keyId, key: key.toString("hex"), uplink: {} },
        onSwitch: (_name, isOn) => (parts = isOn),
      });
    if (!on && node !== null) {
      node.stop();
      node = null;
      parts = false;
    }
  }

  const moves: [RelayName, boolean][] = [];
  function move(): void {
    const [name, to] = moves[0];
    stands.set(name, to);
    feed();
    for (const fn of watchers) fn();
    setTimeout(() => {
      moves.shift();
      if (moves.length > 0) move();
    }, MOVE_MS);
  }
  uno.onLevel(() => {
    for (const name of Object.keys(RELAYS) as RelayName[]) {
      const to = closed(name);
      if (to) been.add(name);
      if (ordered.get(name) === to) continue;
      ordered.set(name, to);
      moves.push([name, to]);
      if (moves.length === 1) move();
    }
  });

  const wired = new Set(wiringOf(type, build).map(({ rig }) => rig));
  let hum = 0;
  /** An input that nothing is joined to picks up whatever there is: from one look to the next it is anywhere. */
  const open = (): number => (hum = (hum + 1.7) % FULL_V);
  const ohms = DRIVE.topOhms * driveRatio();
  function tick(): void {
    const ratio = faults.noDivider ? 1 : RATIO_OFF * driveRatio();
    const target = uno.duty(DRIVE.pin) * UNO_V * ratio;
    driveV += (target - driveV) * (1 - Math.exp(-TICK_MS / 1000 / (ohms * DRIVE.farads)));
    highestV = Math.max(highestV, driveV);
    const fed = works("supply") || faults.backFeed;
    const points = {
      drive: driveV,
      rail33: fed ? faults.rail33 : 0,
      rail5: works("supply") ? 5 : 0,
      parts: fed && (parts || faults.switchStuck) ? 5 : 0,
      reference: REFERENCE_V,
    };
    for (const [name, { channel, ratio: share }] of Object.entries(POINTS))
      uno.volts(
        channel,
        wired.has(`A${channel}`) ? (points[name as keyof typeof points] * share * FULL_V) / UNO_V : open(),
      );
  }
  const ticking = setInterval(tick, TICK_MS);
  await uno.plug();

  return {
    ...{ dir, config: join(dir, "hub.yaml"), uno, faults, closed },
    highestV() {
      const seen = highestV;
      highestV = 0;
      return seen;
    },
    wereClosed() {
      const seen = [...been];
      been.clear();
      return seen;
    },
    async close() {
      clearInterval(ticking);
      node?.stop();
      await uno.dispose();
      await hub.stop();
      await wire.close();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function driven(sensor: string): boolean {
  return ["float", "contact", "rain"].includes(sensor) || VOLTAGE_INPUTS[sensor] !== undefined;
}
