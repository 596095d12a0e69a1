/** Which port of a board carries what: a port that two parts need at once is refused before anything is built. */
import { sensorKind } from "../firmware/sensors/list.js";
import type { Options, PortKind } from "../firmware/sensors/sensor.js";
import { boardOf } from "./boards.js";
import type { Board } from "./boards.js";
import { ImageError } from "./image-error.js";
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

/**
 * The board of a build, after every port was found free and of the right kind, every address on a bus was found to be
 * there once, and every switch strong enough. Throws {@link ImageError}.
 */
export function checkPorts(type: SiteType, build: Build = type.builds[0]): Board {
  const board = boardOf(build.board);
  if (board === undefined)
    return refuse("NO_BOARD", `${type.name}: no board "${build.board}"`, "Name a board of hardware/boards.ts.");
  const takenBy = new Map<string, string>();
  if (build.uplink === "serial") takenBy.set(board.serialUplink, "the serial uplink");
  if (build.uplink === "lora" || build.uplink === "modem") takenBy.set(board.radio, "the radio");
  const key = build.uplink === "modem" ? board.switches.modem : undefined;
  for (const [port, { options }] of Object.entries(board.pins))
    if (key !== undefined && options.pin === key.pin) takenBy.set(port, "the modem's power key");
  if (build.uplink === "mqtt" && board.network === null)
    refuse("NO_NETWORK", `${type.name}: ${board.name} has no network`, "Use the serial uplink.");
  for (const fitted of type.sensors) {
    const { sensor, port } = fitted;
    const { address } = optionsOf(type, fitted);
    const kind = portKind(board, port);
    if (kind === undefined)
      return refuse("NO_PORT", `${type.name}: ${board.name} has no port "${port}"`, "See hardware/boards.ts.");
    if (sensorKind(sensor)?.ports.includes(kind) !== true)
      refuse("WRONG_PORT", `${type.name}: ${sensor} cannot stand on ${port}, which is ${kind}`, "See its README.md.");
    if (fitted.power !== undefined && board.switches[fitted.power] === undefined)
      refuse("NO_SWITCH", `${type.name}: ${board.name} has no switch "${fitted.power}"`, "See hardware/boards.ts.");
    // Parts share a bus, and one converter may serve two cells by different inputs.
    const at = address === undefined ? sensor : `address ${address}`;
    const place = kind === "i2c" ? `${port}, ${at}, ${JSON.stringify(fitted.options ?? {})}` : port;
    const other = takenBy.get(place);
    if (other !== undefined)
      refuse(
        "PORT_TAKEN",
        `${type.name}: ${sensor} and ${other} both need ${place} of ${board.name}`,
        "Give one of them another port or address, or the site type another board.",
      );
    takenBy.set(place, sensor);
  }
  return board;
}
