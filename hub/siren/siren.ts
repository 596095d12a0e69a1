/**
 * One siren: the state machine over its relay board, by the hub's steady clock, with what people did written down. An
 * order that switches something on is written before it is done, one that switches off is done before it is written.
 */
import type { Logger } from "pino";
import type { SirenAct, SirenBook } from "../alerts/siren-acts.js";
import type { SirenView } from "../api/views.js";
import type { Clock } from "../clock.js";
import type { Component, Reason } from "../health.js";
import type { UnixMs } from "../model.js";
import type { Siren, SirenInput, SirenLimits, SirenRefusal } from "./machine.js";
import { outputsOf, stepSiren, unknownSiren } from "./machine.js";
import type { RelayEvents, Relays } from "./relays.js";

/** What a person may order. */
export type SirenOrder = { type: "arm" } | { type: "fire"; arming: string } | { type: "silence" };

export type SirenAnswer = { ok: true; siren: SirenView } | { ok: false; refusal: SirenRefusal };

export interface SirenDeps {
  site: string;
  limits: SirenLimits;
  clock: Clock;
  log: Logger;
  book: Pick<SirenBook, "note" | "lastState">;
  /** True if the registry has the site. */
  knows(): boolean;
  /** A name for an arming that no other has. */
  nonce(): string;
  /** Called when what {@link SirenUnit.view} says has changed. */
  changed(): void;
}

export interface SirenUnit {
  site: string;
  component: Component;
  view(): SirenView;
  /** Does what a person orders, or says why not. */
  order(order: SirenOrder, person: string): SirenAnswer;
  /** Begins to work with a relay board. */
  connect(start: (on: RelayEvents) => Relays): void;
  /** Switches off, and lets the board go. */
  stop(): Promise<void>;
}

/** How often time-outs are looked at. */
const TICK_MS = 200;

const NO_SITE = "there is no such site in the registry";
/** What is wrong with it, by why it is in its state. */
const ILL: Partial<Record<Siren["why"], Omit<Reason, "component">>> = {
  "link-lost": { status: "degraded", code: "relays", message: "its relays do not answer: nobody knows if it sounds" },
  "no-feedback": { status: "degraded", code: "no-power", message: "it was switched on, and had no power: it is off" },
  stuck: { status: "degraded", code: "power", message: "it has power although it is off: it may be sounding" },
};

/** A siren whose relays nobody knows yet. */
export function createSiren(deps: SirenDeps): SirenUnit {
  const { site, limits, clock, log, book } = deps;
  let siren = unknownSiren(clock.steady());
  let since: UnixMs = clock.now();
  /** The state of the last act that was written. */
  let noted = book.lastState(site) ?? "safe";
  let relays: Relays | undefined;
  let halt: (() => void) | undefined;

  function note(act: Pick<SirenAct, "who" | "act" | "result" | "state" | "why">): void {
    noted = act.state;
    const row = { site, at: Math.floor(clock.now()), ...act };
    // Names of people stand in the record, not in the log.
    log.warn({ ...row, who: undefined }, "siren");
    try {
      book.note(row);
    } catch (error) {
      // A full disk must not keep a siren from sounding, or from falling silent: then the log is the record.
      log.error({ ...row, err: error }, "an act on a siren could not be recorded");
    }
  }

  /** True if the relays are as the siren's state wants them. */
  function move(next: Siren): boolean {
    const moved = next.state !== siren.state || next.arming !== siren.arming;
    const seen = moved || next.feedback !== siren.feedback;
    siren = next;
    const done = !moved || siren.state === "unknown" || relays?.set(outputsOf(siren)) === true;
    if (moved) since = clock.now();
    if (seen) deps.changed();
    return done;
  }

  /** What happens by itself. It is written where it ends or spoils what a person did. */
  function happen(input: SirenInput): void {
    const result = stepSiren(siren, input, clock.steady(), limits);
    if (!result.ok || result.siren === siren) return;
    const done = move(result.siren);
    const { state, why } = siren;
    if (state !== noted && !(state === "unknown" && noted === "safe"))
      note({ who: "hub", act: "hub", result: "done", state, why });
    if (!done) lose();
  }

  function down(): void {
    happen({ type: "link", up: false });
  }

  /** The board takes no word: it is let go, for only a new connection begins with its relays off. */
  function lose(): void {
    relays?.drop();
    down();
  }

  function view(): SirenView {
    const { state, by, why, until, arming, feedback } = siren;
    return {
      ...{ site, state, by, why, since, arming },
      until: until === null ? null : Math.round(clock.now() + until - clock.steady()),
      powered: state === "unknown" ? null : feedback,
    };
  }

  return {
    site,
    view,
    component: {
      name: `siren:${site}`,
      check() {
        const ill = siren.state === "unknown" || siren.state === "fault" ? ILL[siren.why] : undefined;
        if (ill !== undefined) return [ill];
        return deps.knows() ? [] : [{ status: "degraded", code: "no-site", message: NO_SITE }];
      },
    },
    order(order, person) {
      // One that is not known is being connected to already.
      if (siren.state !== "unknown" && relays?.ready() !== true) lose();
      const input: SirenInput =
        order.type === "arm" ? { ...order, person, arming: deps.nonce() } : { ...order, person };
      const result = stepSiren(siren, input, clock.steady(), limits);
      const act = { who: person, act: order.type };
      if (!result.ok) {
        note({ ...act, result: "refused", state: siren.state, why: result.refusal });
        return result;
      }
      const { siren: next } = result;
      if (next === siren) return { ok: true, siren: view() };
      const write = (): void => note({ ...act, result: "done", state: next.state, why: next.why });
      if (order.type !== "silence") write();
      const done = move(next);
      if (order.type === "silence") write();
      if (done) return { ok: true, siren: view() };
      lose();
      return { ok: false, refusal: "away" };
    },
    connect(start) {
      relays = start({
        up: () => happen({ type: "link", up: true }),
        down,
        contact: (closed) => happen({ type: "feedback", closed }),
      });
      halt = clock.every(TICK_MS, () => happen({ type: "tick" }));
    },
    async stop() {
      halt?.();
      happen({ type: "stop" });
      await relays?.stop();
    },
  };
}
