/**
 * Takes notices from the register to their channels. Every channel has a lane for each priority: a gateway that is slow
 * with containers never delays a flood. At least once: what was sent and not settled before a crash is sent again, with
 * the same idempotency key.
 */
import type { Channel, OutMessage, Sent } from "./channel.js";
import { PRIORITIES, RegisterConflict, type Notice, type Priority } from "./protocol.js";
import type { Register } from "./register.js";

export interface DeliverDeps {
  register: Pick<Register, "claim" | "done" | "failed" | "onChange">;
  channels: Channel[];
  compose(notice: Notice): OutMessage;
  /** Something that a person should know: a notice refused for good, a message that could not be made. */
  warn(line: string): void;
  /** Real time between two looks for what has become due. */
  pollMs?: number;
  /** Real time that one sending may take. */
  timeoutMs?: number;
  /** How many notices of a lane are on their way at once. */
  width?: number;
}

/** Starts delivering; `stop` waits for what is on its way (at most `timeoutMs`). */
export function startDelivery(deps: DeliverDeps): { stop(): Promise<void> } {
  const { register, pollMs = 1000, timeoutMs = 20_000, width = 8 } = deps;
  const wakes: (() => void)[] = [];
  const lanes: Promise<void>[] = [];
  let stopped = false;

  async function deliver(channel: Channel, notice: Notice): Promise<void> {
    let sent: Sent;
    try {
      const message = deps.compose(notice);
      const cut = AbortSignal.timeout(timeoutMs);
      const late = new Promise<Sent>((resolve) =>
        cut.addEventListener("abort", () => resolve({ ok: false, error: `no answer in ${timeoutMs} ms` })),
      );
      sent = await Promise.race([channel.send(message, cut), late]);
    } catch (error) {
      sent = { ok: false, error: error instanceof Error ? error.message : String(error) };
      deps.warn(`notice ${notice.key}: ${sent.error}`);
    }
    try {
      if (sent.ok) return register.done(notice.id, notice.lease ?? "", sent.receipt);
      const { error, final, retryAfterMs } = sent;
      if (final === true) deps.warn(`notice ${notice.key} was refused for good: ${error}`);
      register.failed(notice.id, notice.lease ?? "", error, {
        ...(final === undefined ? {} : { final }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    } catch (error) {
      // Somebody else holds it by now, and will settle it.
      if (!(error instanceof RegisterConflict)) throw error;
    }
  }

  async function lane(channel: Channel, priority: Priority): Promise<void> {
    let woken = false;
    let wake = (): void => {};
    wakes.push(() => {
      woken = true;
      wake();
    });
    const onTheWay = new Set<Promise<void>>();
    while (!stopped) {
      woken = false;
      try {
        // One that hangs takes one place of the lane, not the lane.
        for (const notice of register.claim(channel.name, width - onTheWay.size, timeoutMs + 10_000, priority)) {
          const going: Promise<void> = deliver(channel, notice)
            .catch((error: unknown) => deps.warn(`notice ${notice.key}: ${String(error)}`))
            .finally(() => {
              onTheWay.delete(going);
              // The lane may have been full.
              woken = true;
              wake();
            });
          onTheWay.add(going);
        }
      } catch (error) {
        deps.warn(`channel ${channel.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (woken || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await Promise.all(onTheWay);
  }

  for (const channel of deps.channels) for (const priority of PRIORITIES) lanes.push(lane(channel, priority));
  const off = register.onChange(() => wakes.forEach((wake) => wake()));
  return {
    async stop() {
      stopped = true;
      off();
      wakes.forEach((wake) => wake());
      await Promise.all(lanes);
    },
  };
}
