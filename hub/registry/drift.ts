/** Where what is asked of boards and what they say of themselves differ. */
import { EVERY_SETTING } from "../../firmware/wire/order.js";
import type { Clock } from "../clock.js";
import type { Component } from "../health.js";
import type { UnixMs } from "../model.js";
import type { DesiredSetting } from "./sides.js";
import type { Board } from "./state.js";

/**
 * `pending`: the board has not come to the last change yet; `refused`: it has, and cannot take some of them; `ahead`: it
 * has been set by a registry that knew more changes than this one; `old`: its firmware knows no settings; `unheard`: it
 * has not said hello since it was registered.
 */
export type DriftKind = "pending" | "refused" | "ahead" | "old" | "unheard";

export interface Drift {
  board: string;
  kind: DriftKind;
  /** The last change asked for, and the last that the board has come to. */
  rev: number;
  has: number | null;
  /** Settings that are not in force. */
  names: string[];
  /** Since when: the oldest change that is not in force, or when the board said so. */
  since: UnixMs;
}

type Side = Pick<Board, "board" | "desired" | "reported">;

/** What differs at one board; null if nothing does. */
export function driftOf({ board, desired, reported }: Side): Drift | null {
  const { rev, values } = desired;
  const has = reported?.set ?? null;
  // Nearly every board, nearly always.
  if ((has === null ? rev === 0 : has === rev) && reported?.refused === undefined) return null;
  const told = (settings: [string, DesiredSetting][], kind: DriftKind, since: UnixMs): Drift => {
    const names = settings.map(([name]) => name).filter((name) => name !== EVERY_SETTING);
    return { board, kind, rev, has, names, since };
  };
  if (has !== null && has > rev) return told([], "ahead", reported!.at);
  const open = [...values].filter(([, setting]) => setting.rev > (has ?? 0));
  if (open.length > 0) {
    const since = Math.min(...open.map(([, setting]) => setting.at));
    return told(open, reported === null ? "unheard" : has === null ? "old" : "pending", since);
  }
  const names = reported?.refused?.split(",") ?? [];
  const refused = [...values].filter(([name]) => names.includes(name));
  return refused.length > 0 ? told(refused, "refused", reported!.at) : null;
}

/** Every board that differs, in the order of their names. */
export function driftsOf(boards: Iterable<Side>): Drift[] {
  const found: Drift[] = [];
  for (const board of boards) {
    const drift = driftOf(board);
    if (drift !== null) found.push(drift);
  }
  return found.sort((a, b) => (a.board < b.board ? -1 : 1));
}

/** A board may sleep for hours, or be out of reach for a while: what is pending is no fault until it is so old. */
const PENDING_MS = 86_400_000;
/** Erasures that a page of flash stands (assumed: the least that makers of such parts promise), and the part that warns. */
const ERASURES = 10_000;
const WORN = 0.8;
/** How long an answer holds: with thousands of boards it takes milliseconds, and pages ask every other second. */
const HOLDS_MS = 10_000;

/** Boards that do not do what they are asked for, or whose flash comes to its end. */
export function boardsHealth(boards: () => Iterable<Side>, clock: Pick<Clock, "now" | "steady">): Component {
  let reasons: ReturnType<Component["check"]> = [];
  let checkedAt = -Infinity;
  const check = (): typeof reasons => {
    const all = [...boards()];
    const overdue = (drift: Drift): boolean =>
      drift.kind === "refused" || drift.kind === "ahead" || clock.now() - drift.since > PENDING_MS;
    const drifts = driftsOf(all).filter(overdue);
    const worn = all.filter(({ reported }) => (reported?.wear ?? 0) >= WORN * ERASURES).map(({ board }) => board);
    const some = (names: string[]): string => names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");
    const found: typeof reasons = [];
    if (drifts.length > 0) {
      const message = `${drifts.length} boards are not set as they were asked to be: ${some(drifts.map((d) => d.board))}`;
      found.push({ status: "degraded", code: "drift", message: `${message} (aryk board drift)` });
    }
    if (worn.length > 0) {
      const message = `the flash of ${worn.length} boards has been erased so often that it may fail: ${some(worn)}`;
      found.push({ status: "degraded", code: "worn", message });
    }
    return found;
  };
  return {
    name: "boards",
    check() {
      if (clock.steady() - checkedAt >= HOLDS_MS) {
        checkedAt = clock.steady();
        reasons = check();
      }
      return reasons;
    },
  };
}
