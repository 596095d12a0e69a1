/** Self-tests and restarts: asked of a board once, until it has replied or a day has gone by. */
import { randomBytes } from "node:crypto";
import { orderBody } from "../../firmware/wire/order.js";
import type { Clock } from "../clock.js";
import { SetupError } from "../errors.js";
import type { OrderSource } from "../orders.js";
import type { Registry } from "../registry.js";
import type { Ask } from "../registry/state.js";

/** Firmware that does not know an order never replies: after this it is not repeated any more. */
export const ASK_LASTS_MS = 86_400_000;
/** In whose name the registry keeps what boards do by themselves. */
const HUB = "hub";
/** A restart before a test: whoever asks for both wants to see what the restart has mended. */
const ORDER: Ask["verb"][] = ["reboot", "test"];

/** Asks a board for something once. Returns what its answer will name. @throws SetupError NO_BOARD */
export function askBoard(registry: Registry, board: string, verb: Ask["verb"], by: string): string {
  if (!registry.knows(board))
    throw new SetupError("NO_BOARD", `there is no board ${board}`, "aryk board list shows them.");
  const nonce = randomBytes(4).toString("hex");
  registry.add([{ kind: "ask", board, verb, nonce }], by);
  return nonce;
}

export function askOrders(registry: Pick<Registry, "asks" | "add">, clock: Clock): OrderSource {
  const open = (board: string, verb: Ask["verb"]): Ask | undefined =>
    registry.asks(board).find((ask) => ask.verb === verb && ask.answer === null && clock.now() - ask.at < ASK_LASTS_MS);
  return {
    after({ board }) {
      if (registry.asks(board).length === 0) return undefined;
      for (const verb of ORDER) {
        const ask = open(board, verb);
        if (ask !== undefined) return orderBody(verb, [ask.nonce]);
      }
      return undefined;
    },
    replied({ board }, { verb, to, ...report }) {
      const ask = registry.asks(board).find((one) => one.nonce === to && one.verb === verb && one.answer === null);
      if (ask !== undefined) registry.add([{ kind: "answer", board, nonce: ask.nonce, report }], HUB);
    },
  };
}
