/** Which port of a board carries what: a port that two parts need at once is refused before anything is built. */
import { SENSORS } from "../firmware/sensors/index.js";
import { boardOf } from "./boards.js";
import type { Board } from "./boards.js";
import { ImageError } from "./image-error.js";
import type { SiteType } from "./sites.js";

/** The board of a site type, after every port was found free and of the right kind. Throws {@link ImageError}. */
export function checkPorts(type: SiteType): Board {
  const board = boardOf(type.board);
  if (board === undefined)
    throw new ImageError("NO_BOARD", `${type.name}: no board "${type.board}"`, "Name a board of hardware/boards.ts.");
  const takenBy = new Map<string, string>();
  if (type.uplink === "serial") takenBy.set(board.serialUplink, "the serial uplink");
  if (type.uplink === "mqtt" && board.network === null)
    throw new ImageError("NO_NETWORK", `${type.name}: ${board.name} has no network`, "Use the serial uplink.");
  for (const { sensor, port } of type.sensors) {
    if (!SENSORS.some((s) => s.name === sensor))
      throw new ImageError("NO_SENSOR", `${type.name}: no sensor "${sensor}"`, "Add it to firmware/sensors/index.ts.");
    if (board.i2cs[port] !== undefined) continue;
    if (board.uarts[port] === undefined)
      throw new ImageError("NO_PORT", `${type.name}: ${board.name} has no port "${port}"`, "See hardware/boards.ts.");
    const other = takenBy.get(port);
    if (other !== undefined)
      throw new ImageError(
        "PORT_TAKEN",
        `${type.name}: ${sensor} and ${other} both need ${port} of ${board.name}`,
        "Give one of them another UART, or the site type another board.",
      );
    takenBy.set(port, sensor);
  }
  return board;
}
