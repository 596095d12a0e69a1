/** A siren's relay board, and the siren's own circuit behind it: real Firmata firmware in a simulated Uno. */
import { configSchema } from "../../../hub/config/schema.js";
import type { Config } from "../../../hub/config.js";
import { startFirmataBoard, type FirmataBoard } from "../../rig/firmata-board.js";
import { standardFirmata } from "../../rig/firmata-hex.js";
import { needSocat } from "../../rig/pty.js";

const [BEACON, SIREN, FEEDBACK] = [7, 8, 4];

export interface SirenBoard extends Pick<FirmataBoard, "plug" | "unplug" | "freeze" | "restart" | "dispose"> {
  /** What the contact does: as the relay does, always open, or always closed. */
  circuit: "follows" | "dead" | "stuck";
  beacon(): boolean;
  siren(): boolean;
  /** The settings of a siren on it. */
  settings(site: string): Config["sirens"];
}

/** Makes one, not plugged in yet; skips the suite where there is no firmware or no socat. */
export async function startSirenBoard(context: Mocha.Context): Promise<SirenBoard> {
  needSocat(context);
  const firmware = await standardFirmata();
  if (!firmware.ok) {
    if (process.env.CI) throw new Error(firmware.reason);
    console.log(`      skipped: ${firmware.reason}`);
    context.skip();
  }
  const uno = await startFirmataBoard(firmware.file);
  let closed: boolean | undefined;
  const circuit = setInterval(() => {
    const now = board.circuit === "stuck" || (board.circuit === "follows" && uno.high(SIREN));
    if (now !== closed) uno.contact(FEEDBACK, now);
    closed = now;
  }, 5);
  const board: SirenBoard = {
    circuit: "follows",
    plug: uno.plug,
    unplug: uno.unplug,
    freeze: uno.freeze,
    restart: uno.restart,
    beacon: () => uno.high(BEACON),
    siren: () => uno.high(SIREN),
    settings: (site) => configSchema.parse({ sirens: [{ site, path: uno.path }] }).sirens,
    dispose() {
      clearInterval(circuit);
      return uno.dispose();
    },
  };
  return board;
}

/** Links that find their board again without long waits. */
export const QUICK = { backoffBaseMs: 20, backoffCapMs: 100 };
