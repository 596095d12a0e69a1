/** The sirens of the configuration. Nothing sounds by itself: only the API gives orders, and only for a person. */
import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import type { SirenAct, SirenBook } from "../alerts/siren-acts.js";
import type { SirenView } from "../api/views.js";
import type { Clock } from "../clock.js";
import type { Config } from "../config.js";
import type { Component } from "../health.js";
import { loadFirmata } from "../inputs/transport/firmata-link.js";
import type { RelayOptions } from "./relays.js";
import { startRelays } from "./relays.js";
import type { SirenUnit } from "./siren.js";
import { createSiren } from "./siren.js";

export interface SirensDeps {
  sirens: Config["sirens"];
  clock: Clock;
  log: Logger;
  book: SirenBook;
  /** True if the registry has the site. */
  knows(site: string): boolean;
  /** Shorter waits of the links, for tests. */
  relays?: Partial<RelayOptions>;
}

export interface Sirens {
  list(): SirenView[];
  /** The siren at that site; undefined where there is none. */
  at(site: string): Pick<SirenUnit, "order"> | undefined;
  /** What was done and refused, newest first, from before act `before`. */
  acts(before?: number, limit?: number): SirenAct[];
  onChange(fn: () => void): () => void;
  components: Component[];
  /** Connects to the relay boards. Before that every siren is `unknown`. */
  start(): Promise<void>;
  /** Switches all of them off. */
  stop(): Promise<void>;
}

/** Makes the sirens without touching a relay. */
export function createSirens({ sirens, clock, log, book, knows, relays }: SirensDeps): Sirens {
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const fn of [...listeners]) fn();
  };
  const nonce = (): string => randomBytes(8).toString("hex");
  const all = sirens.map((options) => {
    const { site, armedSeconds, firingSeconds, feedbackSeconds } = options;
    const ms = (seconds: number): number => seconds * 1000;
    const limits = { armedMs: ms(armedSeconds), firingMs: ms(firingSeconds), feedbackMs: ms(feedbackSeconds) };
    const unit = createSiren({ site, limits, clock, log, book, knows: () => knows(site), nonce, changed });
    return { options, unit };
  });

  return {
    list: () => all.map(({ unit }) => unit.view()),
    at: (site) => all.find(({ unit }) => unit.site === site)?.unit,
    acts: (before, limit) => book.list(before, limit),
    onChange(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
    components: all.map(({ unit }) => unit.component),
    async start() {
      if (all.length === 0) return;
      const stack = await loadFirmata();
      for (const { options, unit } of all) unit.connect((on) => startRelays(stack, { ...options, ...relays }, on, log));
    },
    async stop() {
      await Promise.all(all.map(({ unit }) => unit.stop()));
    },
  };
}
