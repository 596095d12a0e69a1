/**
 * The board with a siren's two relays and its contact, through Firmata: connected, and connected again for ever. Every
 * connection begins with both relays off.
 */
import type { Logger } from "pino";
import { createBackoff } from "../inputs/transport/backoff.js";
import type { FirmataStack } from "../inputs/transport/firmata-link.js";
import { FirmataLink } from "../inputs/transport/firmata-link.js";

export interface RelayPins {
  beaconPin: number;
  sirenPin: number;
  /** Of the contact in the siren's own circuit, closed to ground while it has power. */
  feedbackPin: number;
}

export interface RelayOptions extends RelayPins {
  path: string;
  baudRate: number;
  /** A link silent for so long is over. This and what follows is real time. */
  staleMs?: number;
  connectTimeoutMs?: number;
  backoffBaseMs?: number;
  backoffCapMs?: number;
  random?: () => number;
}

export interface RelayEvents {
  up(): void;
  down(): void;
  contact(closed: boolean): void;
}

export interface Relays {
  /** True while the board was heard lately. */
  ready(): boolean;
  /** Switches both. False, and nothing switched on, if the board cannot be told. */
  set(outputs: { beacon: boolean; siren: boolean }): boolean;
  /** Ends this connection, and begins another. */
  drop(): void;
  /** Switches both off, if the board can be told, and lets it go. */
  stop(): Promise<void>;
}

/** Starts to connect. A board that is not there is tried again for ever. */
export function startRelays(stack: FirmataStack, options: RelayOptions, on: RelayEvents, log: Logger): Relays {
  const { path, baudRate, beaconPin, sirenPin, feedbackPin } = options;
  const { backoffBaseMs = 500, backoffCapMs = 10_000, random = Math.random } = options;
  const backoff = createBackoff(backoffBaseMs, backoffCapMs, random);
  const settings = {
    ...{ path, baudRate, channels: [], sampleMs: 100 },
    ...{ relays: [beaconPin, sirenPin], contacts: [feedbackPin] },
    ...{ staleMs: options.staleMs ?? 4000, connectTimeoutMs: options.connectTimeoutMs ?? 10_000 },
  };
  let link: FirmataLink | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  function attempt(): void {
    link = new FirmataLink(stack, settings, {
      ready() {
        backoff.reset();
        on.up();
      },
      sample: () => undefined,
      contact: (_pin, closed) => on.contact(closed),
      over(why) {
        on.down();
        if (stopped) return;
        const waitMs = backoff.next();
        log.warn({ path, why, waitMs }, "the siren's relays do not answer");
        retry = setTimeout(attempt, waitMs);
      },
    });
  }
  attempt();

  return {
    ready: () => link?.ready === true,
    set({ beacon, siren }) {
      // The siren first when it goes off, last when it comes on.
      const pins: [number, boolean][] = [
        [sirenPin, siren],
        [beaconPin, beacon],
      ];
      if (siren) pins.reverse();
      return pins.every(([pin, closed]) => link?.relay(pin, closed) === true);
    },
    drop: () => link?.end("dropped"),
    async stop() {
      stopped = true;
      clearTimeout(retry);
      link?.end("stopped");
      await link?.closed;
    },
  };
}
