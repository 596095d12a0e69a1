/** Everything that is asked of boards, joined in the order of its urgency. */
import type { Clock } from "../clock.js";
import { createOrders } from "../orders.js";
import type { Orders, OrderSource } from "../orders.js";
import type { Registry } from "../registry.js";
import { createRotation } from "../registry/rotation.js";
import { askOrders } from "./asks.js";
import { noteReported } from "./reported.js";
import { settingOrders } from "./settings.js";

/**
 * Starts it. `failed` is told what the registry could not keep of what a board said. A key goes before all else, then
 * `urgent`, settings, restarts and tests, and `patient`, which is what fills the time when nothing else is asked.
 */
export function startOrders(
  registry: Registry,
  clock: Clock,
  failed: (error: unknown) => void,
  { urgent = [], patient = [] }: { urgent?: OrderSource[]; patient?: OrderSource[] } = {},
): { orders: Orders; stop(): void } {
  const reported = noteReported(registry, clock, failed);
  const settings = settingOrders(registry, (board) => reported.of(board));
  const rotation = createRotation(registry);
  const sources = [reported, rotation, ...urgent, settings, askOrders(registry, clock), ...patient];
  return { orders: createOrders(registry, clock, sources, failed), stop: () => reported.stop() };
}
