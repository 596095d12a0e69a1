/** Self-tests and restarts: asked of a board once, until it has replied or a day has gone by. */
import { randomBytes } from "node:crypto";
import { orderBody } from "../../firmware/wire/order.js";
import type { Clock } from "../clock.js";
import { SetupError } from "../errors.js";
import type { OrderSource } from "../orders.js";
import type { Registry } from "../registry.js";
import type { Ask } from "../registry/sides.js";

/** Firmware that does not know an order never replies: after this it is not repeated any more. */
export const ASK_LASTS_MS = 86_400_000;
/** Every repetition costs a battery something, a test a whole round: after so many there is one in an hour. */
const AT_ONCE = 8;
const AGAIN_MS = 3_600_000;
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
  /** How often the hub has asked since it was started, and when it did so last; by nonce. */
  const asked = new Map<string, { times: number; at: number }>();
  const rests = ({ nonce }: Ask): boolean => {
    const one = asked.get(nonce);
    return one !== undefined && one.times >= AT_ONCE && clock.now() - one.at < AGAIN_MS;
  };
  function answered(board: string, ask: Ask, report: Record<string, unknown>): void {
    registry.add([{ kind: "answer", board, nonce: ask.nonce, report }], HUB);
    asked.delete(ask.nonce);
  }
  return {
    after({ board }) {
      if (registry.asks(board).length === 0) return undefined;
      for (const verb of ORDER) {
        const ask = open(board, verb);
        if (ask === undefined || rests(ask)) continue;
        asked.set(ask.nonce, { times: (asked.get(ask.nonce)?.times ?? 0) + 1, at: clock.now() });
        return orderBody(verb, [ask.nonce]);
      }
      return undefined;
    },
    // The reply of a board that restarts may come late: what its hello says must not lead to another restart.
    greeted({ board, boot }, { reset }) {
      const ask = reset === "reboot" ? open(board, "reboot") : undefined;
      if (ask !== undefined && asked.has(ask.nonce)) answered(board, ask, { reset, boot });
    },
    replied({ board }, { verb, to, ...report }) {
      const ask = registry.asks(board).find((one) => one.nonce === to && one.verb === verb && one.answer === null);
      if (ask !== undefined) answered(board, ask, report);
    },
  };
}
