/**
 * A board's side of the wire for tests of inputs: really sealed lines, and a pipeline's door small enough to see through
 * (it parses, checks the seal, and stores in memory), whose commit a test can hold back or let fail.
 */
import { createHash } from "node:crypto";
import { parseLine, seal, unsealed, UPLINK_MAX } from "../../firmware/wire/line.js";
import { packBody } from "../../firmware/wire/pack.js";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { sameTag, tagOf } from "../../firmware/wire/seal.js";
import type { Accept } from "../../hub/model.js";
import { okFor } from "../../hub/pipeline.js";

export const KEY = Buffer.alloc(32, 7);
const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();

/** A sealed hello of that board. */
export function helloLine(board: string): string {
  const body = JSON.stringify({ image: "underpass", version: "1", reset: "power", waiting: 0 });
  return seal(unsealed("hello", board, "0a0b0c0d.1.0", 500, "-", body), "k1", (text) => tagOf(sha256, KEY, text));
}

/** A sealed pack of that board with one distance. */
export function packLine(board: string, seq: number, mm = 1000, key: Uint8Array = KEY): string {
  const body = packBody([{ property: DISTANCE, ok: true, value: mm }]);
  const text = unsealed("pack", board, "0a0b0c0d.1." + seq, seq * 1000, "-", body);
  return seal(text, "k1", (covered) => tagOf(sha256, key, covered));
}

export interface Door {
  accept: Accept;
  /** Every call, in order. */
  calls: { line: string; source: string; board?: string }[];
  /** What is "on disk": `board/epoch.boot.seq` → line. */
  stored: Map<string, string>;
  /** Commits begun now wait until `release` is called. */
  hold(): void;
  release(): void;
  /** The next commits fail. */
  fail(on: boolean): void;
}

/** A distance that this door calls authentic but invalid: a dead letter. */
export const POISON_MM = 66_666;

export function memoryDoor(key: Uint8Array = KEY): Door {
  const calls: Door["calls"] = [];
  const stored = new Map<string, string>();
  let gate: Promise<void> = Promise.resolve();
  let open: () => void = () => undefined;
  let failing = false;
  return {
    calls,
    stored,
    hold() {
      gate = new Promise((resolve) => (open = resolve));
    },
    release() {
      open();
      gate = Promise.resolve();
    },
    fail(on) {
      failing = on;
    },
    async accept(text, from) {
      calls.push({ line: text, source: from.source, board: from.board });
      const parsed = parseLine(text, from.withCrc, UPLINK_MAX);
      if (!parsed.ok) return { outcome: "refused", fault: parsed.fault };
      const { line } = parsed;
      if (!sameTag(line.tag, tagOf(sha256, key, line.sealed))) return { outcome: "refused", fault: "bad-seal" };
      await gate;
      if (failing) throw new Error("disk full");
      const id = `${line.epoch}.${line.boot}.${line.seq}`;
      const body = unsealed("ack", line.board, id, line.uptimeMs, "1700000000000/h0", okFor(line, from));
      const ack = seal(body, "k1", (covered) => tagOf(sha256, key, covered));
      if (line.body.includes(`:${POISON_MM}}`)) return { outcome: "dead", reason: "invalid", ack };
      const outcome = stored.has(`${line.board}/${id}`) ? "duplicate" : "stored";
      stored.set(`${line.board}/${id}`, line.sealed + "." + line.tag);
      return { outcome, ack };
    },
  };
}

/** Waits for a condition, not for a time; gives up loudly after a generous bound. */
export async function until(what: string, condition: () => boolean, boundMs = 15_000): Promise<void> {
  const end = Date.now() + boundMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error("waited in vain: " + what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
