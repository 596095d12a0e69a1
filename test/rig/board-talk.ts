/** A board of vm-loader.ts and the hub's rollouts, talking line by line with the firmware's own commands. */
import assert from "node:assert/strict";
import { back, go, piece, slotsSay, want } from "../../firmware/node/slots.js";
import type { SlotsPost } from "../../firmware/node/slots.js";
import type { Line } from "../../firmware/wire/line.js";
import type { SteppedClock } from "../../hub/clock.js";
import { room } from "../../hub/orders.js";
import type { Registry } from "../../hub/registry.js";
import type { Updates } from "../../hub/updates/start.js";
import type { Start } from "./vm-loader.js";

const VERBS: Record<string, (post: SlotsPost, body: string, words: string[]) => boolean> = { want, piece, go, back };

export interface BoardTalk {
  line(type: Line["type"], seq: number, body: string, boot: number): Line;
  /** The board says a line, and does what follows the answer. */
  exchange(start: Start, said: Line): void;
  greet(start: Start, boot: number): void;
  /** The board runs until it restarts itself, or has had its say `turns` times. */
  run(start: Start, boot: number, turns?: number): void;
}

/** `updates` is asked for each line: a hub may take the place of another. */
export function boardTalk(of: {
  board: string;
  registry: Registry;
  clock: SteppedClock;
  updates(): Updates;
}): BoardTalk {
  const { board, registry, clock, updates } = of;
  let uptimeMs = 1000;
  function line(type: Line["type"], seq: number, body: string, boot: number): Line {
    uptimeMs += 1000;
    const fields = { type, board, epoch: "0a0b0c0d", boot, seq, uptimeMs, time: "-", body };
    return { ...fields, keyId: "k1", tag: "0".repeat(32), sealed: "" };
  }
  function exchange(start: Start, said: Line): void {
    updates().source.heard?.(said, "stored");
    const order = updates().source.after?.(said);
    if (order === undefined) return;
    assert.ok(order.length <= room(said), order);
    const words = order.split(",");
    VERBS[words[0]](start.post, order, words);
  }
  function greet(start: Start, boot: number): void {
    const hello = { image: "underpass", version: "1", reset: "power", waiting: 0, ...slotsSay(start.post.hal) };
    registry.add([{ kind: "reported", board, image: "underpass", version: "1", runs: hello.runs }], "hub");
    updates().source.greeted?.(line("hello", 0, "{}", boot), hello);
    clock.advance(61_000);
  }
  return {
    ...{ line, exchange, greet },
    run(start, boot, turns = 30) {
      greet(start, boot);
      exchange(start, line("pack", 1, "[]", boot));
      for (let i = 0; i < turns && !start.rebooted(); i++) {
        const word = start.said();
        if (word.verb !== undefined) exchange(start, line("reply", 0, JSON.stringify(word), boot));
        for (const timer of start.timers.splice(0)) if (timer.ms <= 1000) timer.fn();
      }
      clock.advance(61_000);
    },
  };
}
