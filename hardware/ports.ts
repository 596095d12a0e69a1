/** Which port of a board carries what: a port that two parts need at once is refused before anything is built. */
import { sensorKind } from "../firmware/sensors/list.js";
import type { SensorFacts } from "../firmware/sensors/facts-of.js";
import type { Options, PortKind } from "../firmware/sensors/sensor.js";
import { boardOf } from "./boards.js";
import type { Board } from "./boards.js";
import { factsOf } from "./facts.js";
import { ImageError } from "./image-error.js";
import { sensorsOf } from "./sites.js";
import type { Build, SensorOnPort, SiteType } from "./sites.js";

function refuse(code: string, message: string, remedy: string): never {
  throw new ImageError(code, message, remedy);
}

/** The kind of a port of the board; undefined when it has none of that name. */
export function portKind(board: Board, port: string): PortKind | undefined {
  if (board.i2cs[port] !== undefined) return "i2c";
  if (board.uarts[port] !== undefined) return "uart";
  return board.pins[port]?.kind;
}

/** The sensor's options for a site: its own defaults under what the site says. Throws {@link ImageError}. */
export function optionsOf(type: SiteType, { sensor, options = {} }: SensorOnPort): Options {
  const kind = sensorKind(sensor);
  if (kind === undefined)
    return refuse("NO_SENSOR", `${type.name}: no sensor "${sensor}"`, "Add it to firmware/sensors/index.ts.");
  for (const name of Object.keys(options))
    if (kind.defaults[name] === undefined)
      refuse("NO_OPTION", `${type.name}: ${sensor} has no option "${name}"`, "See its README.md.");
  return { ...kind.defaults, ...options };
}

/** Inputs of a converter that a part is read by: options of that name are an input each. */
const INPUTS = ["channel", "we", "ae"];

const hex = (address: number): string => `0x${address.toString(16)}`;

/**
 * What a sensor needs for itself of its port: all of it, or on a bus its address; of a converter that several parts may
 * share its inputs alone.
 */
function placesOf(type: SiteType, fitted: SensorOnPort, kind: PortKind): string[] {
  const { sensor, port } = fitted;
  if (kind !== "i2c") return [port];
  const options = optionsOf(type, fitted);
  const address = options.address ?? sensorKind(sensor)?.address;
  if (address === undefined) throw new Error(`${sensor} stands on I²C and names no address: see its driver.ts`);
  const inputs = INPUTS.filter((name) => options[name] !== undefined);
  const at = `${port}, address ${hex(address)}`;
  return inputs.length === 0 ? [at] : inputs.map((name) => `${at}, input ${options[name]}`);
}

/** Both want the same: the same port, address or input; or one of them an input of what the other has for itself. */
const clash = (a: string, b: string): boolean => a === b || a.startsWith(`${b}, input`) || b.startsWith(`${a}, input`);

/**
 * The board of a build, after every port was found free and of the right kind, every address on a bus and every input of
 * a converter to be there once, and every property to be measured once. Throws {@link ImageError}.
 */
export function checkPorts(type: SiteType, build: Build = type.builds[0]): Board {
  const board = boardOf(build.board);
  if (board === undefined)
    return refuse("NO_BOARD", `${type.name}: no board "${build.board}"`, "Name a board of hardware/boards.ts.");
  const taken: { place: string; by: string }[] = [];
  const take = (place: string, by: string): void => void taken.push({ place, by });
  if (build.uplink === "serial") take(board.serialUplink, "the serial uplink");
  if (build.uplink === "lora" || build.uplink === "modem") take(board.radio, "the radio");
  const key = build.uplink === "modem" ? board.switches.modem : undefined;
  for (const [port, { options }] of Object.entries(board.pins))
    if (key !== undefined && options.pin === key.pin) take(port, "the modem's power key");
  if (build.uplink === "mqtt" && board.network === null)
    refuse("NO_NETWORK", `${type.name}: ${board.name} has no network`, "Use the serial uplink.");
  const measuredBy = new Map<string, string>();
  for (const fitted of sensorsOf(type, build)) {
    const { sensor, port, suffix = "" } = fitted;
    const options = optionsOf(type, fitted);
    const kind = portKind(board, port);
    if (kind === undefined)
      return refuse("NO_PORT", `${type.name}: ${board.name} has no port "${port}"`, "See hardware/boards.ts.");
    if (sensorKind(sensor)?.ports.includes(kind) !== true)
      refuse("WRONG_PORT", `${type.name}: ${sensor} cannot stand on ${port}, which is ${kind}`, "See its README.md.");
    if (fitted.power !== undefined && board.switches[fitted.power] === undefined)
      refuse("NO_SWITCH", `${type.name}: ${board.name} has no switch "${fitted.power}"`, "See hardware/boards.ts.");
    for (const place of placesOf(type, fitted, kind)) {
      const other = taken.find((one) => clash(one.place, place));
      if (other !== undefined)
        refuse(
          "PORT_TAKEN",
          `${type.name}: ${sensor} and ${other.by} both need ${place} of ${board.name}`,
          "Give one of them another port, address or input, or the site type another board.",
        );
      take(place, sensor);
    }
    for (const { name } of sensorKind(sensor)?.make(options).properties ?? []) {
      const other = measuredBy.get(name + suffix);
      if (other !== undefined)
        refuse(
          "PROPERTY_TWICE",
          `${type.name}: ${sensor} and ${other} both measure ${name + suffix}`,
          "A property stands once in a pack: give one of them a suffix.",
        );
      measuredBy.set(name + suffix, sensor);
    }
  }
  return board;
}

/** A switch passes 3.3 to 5 V. What needs more has it from a converter, of which so much comes out. */
const SWITCHED_V = { lowest: 3.3, highest: 5 };
const STEP_UP_SHARE = 0.8;

/** The most that a part draws through its switch, in mA. */
function mostMa({ phases, supplyV: [leastV] }: SensorFacts): number {
  const { peak, warmUp, sample } = phases;
  const own = peak?.value ?? Math.max(warmUp.value, sample.value);
  return leastV <= SWITCHED_V.highest ? own : (own * leastV) / (SWITCHED_V.lowest * STEP_UP_SHARE);
}

/**
 * Refuses a build whose sensors together draw more through a switch than it bears: each at its most, and all at once.
 * Throws {@link ImageError}.
 */
export async function checkSwitches(type: SiteType, board: Board, build: Build = type.builds[0]): Promise<void> {
  for (const [name, { mA }] of Object.entries(board.switches)) {
    const behind = sensorsOf(type, build).filter(({ power }) => power === name);
    const facts = await Promise.all(behind.map(({ sensor }) => factsOf(sensor)));
    const drawn = Math.round(facts.reduce((sum, one) => sum + mostMa(one), 0));
    if (drawn > mA)
      refuse(
        "SWITCH_TOO_WEAK",
        `${type.name}: ${behind.map(({ sensor }) => sensor).join(", ")} draw ${drawn} mA, the switch "${name}" of ${board.name} bears ${mA}`,
        "Leave one of them on, or give the board a stronger switch.",
      );
  }
}
