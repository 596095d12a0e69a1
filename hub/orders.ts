/**
 * What the hub asks of boards. A board listens after each line it sends: one order may follow the answer, sealed with
 * the board's key and bound to that line, so that it cannot be said again later. Whoever has something to ask is a source;
 * the first in the list that has an order for this board is the one that is heard. An order is repeated after every line
 * until the board has shown that it is done.
 */
import { itemOf, KIND_COMMAND, RADIO_MAX, writeArray } from "../firmware/wire/binary.js";
import { DOWNLINK_MAX, seal, unsealed } from "../firmware/wire/line.js";
import type { Line } from "../firmware/wire/line.js";
import type { Hello, Reply } from "../firmware/wire/pack.js";
import type { Clock } from "./clock.js";
import { tagWith } from "./pipeline.js";
import { VOUCHED_KEY_ID } from "./pipeline/vouched.js";
import type { Registry } from "./registry.js";

/** What became of a line: on the disk now or already, kept nowhere because it need not be, or buried as invalid. */
export type Heard = "stored" | "duplicate" | "heard" | "dead";

/** Somebody who asks something of boards. Every call stands in the way of a reading: it must be cheap. */
export interface OrderSource {
  /**
   * The body of the order that is to follow the answer to this line; undefined while nothing is asked of its board.
   * It {@link fits}.
   */
  after?(line: Line): string | undefined;
  /** An authentic line has come, whatever is asked of its board and by whom; called before `after`. */
  heard?(line: Line, outcome: Heard): void;
  /** A new hello of a board has been stored. */
  greeted?(line: Line, hello: Hello): void;
  /** A numbered reply of a board has been stored. */
  replied?(line: Line, reply: Reply): void;
  /** A board said something that is kept nowhere. */
  said?(line: Line): void;
}

export interface Orders extends Required<Omit<OrderSource, "after" | "heard">> {
  /** The key for what goes to this board. */
  downKey(board: string): { id: string; key: Uint8Array } | undefined;
  /**
   * The sealed command that is to follow the answer to this line; undefined while nothing is asked of the board. Every
   * source hears of the line.
   */
  commandAfter(line: Line, outcome: Heard): string | undefined;
}

/** The CRC that a serial line carries, its space and the line feed. */
const SERIAL_CHARS = 6;
/** A key's name at its longest, and dot and tag behind it. */
const SEAL_CHARS = 8 + 33;

function draft(line: Line, now: number, body: string): string {
  const id = `${line.epoch}.${line.boot}.${line.seq}`;
  return unsealed("command", line.board, id, line.uptimeMs, `${Math.floor(now)}/h0`, body);
}

/** What fits into a message of a narrow radio at its slowest, behind kind, stamp, start and tag (firmware/wire/binary.ts). */
const RADIO_ROOM = 33;
const LONGEST_TAG = 0xffffffff;

/** Characters that the body of an order after this line may have: 33 at the least, some 80 as a rule. */
export function room(line: Line): number {
  if (line.keyId === VOUCHED_KEY_ID) return RADIO_ROOM;
  return DOWNLINK_MAX - SERIAL_CHARS - SEAL_CHARS - draft(line, 1e12, "").length;
}

/** Whether the body of an order can follow the answer to this line. A narrow radio carries some words in fewer bytes. */
export function fits(line: Line, body: string): boolean {
  if (line.keyId !== VOUCHED_KEY_ID) return body.length <= room(line);
  const opening = [KIND_COMMAND, 255, line.boot, LONGEST_TAG, LONGEST_TAG];
  return writeArray([...opening, ...body.split(",").map(itemOf)]).length <= RADIO_MAX;
}

/**
 * Joins the sources, the most urgent first. `failed` is told what one of them could not do with what a board said: the
 * line is stored all the same.
 */
export function createOrders(
  registry: Pick<Registry, "currentKey">,
  clock: Clock,
  sources: OrderSource[],
  failed: (error: unknown) => void,
): Orders {
  const asking = sources.flatMap((source) => (source.after === undefined ? [] : [source.after.bind(source)]));

  function tell(fn: (source: OrderSource) => void): void {
    for (const source of sources)
      try {
        fn(source);
      } catch (error) {
        failed(error);
      }
  }

  return {
    downKey: (board) => registry.currentKey(board),
    commandAfter(line, outcome) {
      tell((source) => source.heard?.(line, outcome));
      for (const after of asking) {
        const body = after(line);
        if (body === undefined) continue;
        const key = registry.currentKey(line.board);
        return key === undefined ? undefined : seal(draft(line, clock.now(), body), key.id, tagWith(key.key));
      }
      return undefined;
    },
    greeted: (line, hello) => tell((source) => source.greeted?.(line, hello)),
    replied: (line, reply) => tell((source) => source.replied?.(line, reply)),
    said: (line) => tell((source) => source.said?.(line)),
  };
}
