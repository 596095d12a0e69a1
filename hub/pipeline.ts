/**
 * The way of every line into the hub, whatever brought it: read → seal checked → number compared with the ledger →
 * decoded → time and site found → quality → calibration → journal → acknowledged. Nothing is acknowledged before the
 * journal has it on disk.
 */
import { ACK_OK, seal, unsealed } from "../firmware/wire/line.js";
import type { Line, LineFault } from "../firmware/wire/line.js";
import { sameTag } from "../firmware/wire/seal.js";
import { Answer, okFor } from "./pipeline/answer.js";
import type { DeadReason } from "./pipeline/decode.js";
import { createEntries, sent } from "./pipeline/entries.js";
import type { EntryAnchors, EntryDeps } from "./pipeline/entries.js";
import type { Letter } from "./journal.js";
import type { LineKey, Verdict } from "./ledger.js";
import type { Accept, Accepted, Entry, Source } from "./model.js";
import { ordered, told } from "./pipeline/orders.js";
import type { PipelineOrders } from "./pipeline/orders.js";
import { readLine } from "./pipeline/read-line.js";
import { createTagger } from "./pipeline/tag.js";
import { VOUCHED_KEY, VOUCHED_KEY_ID } from "./pipeline/vouched.js";

export { okFor } from "./pipeline/answer.js";
export { tagWith } from "./pipeline/tag.js";

/** Why a line was refused: it proves nothing about a board, so it is counted and nothing of it is kept. */
export type RefusedFault =
  | LineFault
  | "wrong-topic" // another board than the transport says
  | "wrong-direction" // a line from the hub to a board
  | "unknown-board"
  | "unknown-key"
  | "wrong-tag";

export interface PipelineStats {
  /** Lines handed over by the inputs. */
  lines: number;
  stored: number;
  duplicates: number;
  /** Replies without a number: answered, and kept nowhere. */
  heard: number;
  /** Dead letters by reason. */
  dead: Partial<Record<DeadReason, number>>;
  /** Lines refused, by fault. */
  refused: Partial<Record<RefusedFault, number>>;
  /** Lines that the journal could not commit: they were not acknowledged. */
  uncommitted: number;
}

interface PipelineJournal extends EntryAnchors {
  append(entry: Entry): Promise<number>;
  deadLetter(letter: Letter): Promise<void>;
  judge(key: LineKey): Verdict;
  flushed(): Promise<void>;
  isDead(board: string, line: string): boolean;
  heard(board: string, epoch: string, boot: number, uptimeMs: number): boolean;
}

interface PipelineRegistry {
  knows(board: string): boolean;
  keyOf(board: string, keyId: string): Uint8Array | undefined;
}

/** Is told what is in no entry of the journal. `board` is null where the line named none that is registered. */
interface PipelineAccount {
  duplicate(board: string): void;
  refused(fault: RefusedFault, board: string | null): void;
}

export interface PipelineDeps<Record> extends EntryDeps<Record> {
  account?: PipelineAccount;
  journal: PipelineJournal;
  registry: PipelineRegistry & EntryDeps<Record>["registry"];
  /** Without it, what goes to a board is sealed with the key of the line that it answers. */
  orders?: PipelineOrders;
}

/** Builds the hub's one door. `accept` may be called again before it has resolved. */
export function createPipeline<Record>(deps: PipelineDeps<Record>): { accept: Accept; stats(): PipelineStats } {
  const { clock, journal, registry, orders } = deps;
  const count = { lines: 0, stored: 0, duplicates: 0, heard: 0, uncommitted: 0 };
  const deadBy = new Map<DeadReason, number>();
  const refusedBy = new Map<RefusedFault, number>();
  const tag = createTagger();
  const entries = createEntries(deps);

  /** The board's seal is the radio network's: what the hub made of the message bears a digest under a name of its own. */
  function vouchedKey({ board, keyId }: Line): Uint8Array | undefined {
    return keyId === VOUCHED_KEY_ID && registry.knows(board) ? VOUCHED_KEY : undefined;
  }

  function refused(fault: RefusedFault, board: string | null = null): Accepted {
    refusedBy.set(fault, (refusedBy.get(fault) ?? 0) + 1);
    deps.account?.refused(fault, board);
    return { outcome: "refused", fault };
  }

  function ackOf(line: Line, key: Uint8Array, word: string): string {
    const id = `${line.epoch}.${line.boot}.${line.seq}`;
    const text = unsealed("ack", line.board, id, line.uptimeMs, `${Math.floor(clock.now())}/h0`, word);
    const down = orders?.downKey(line.board) ?? { id: line.keyId, key };
    return seal(text, down.id, (covered) => tag(down.key, covered));
  }

  /** Answers when what was handed to the journal is on disk. */
  function after(
    commit: Promise<unknown>,
    line: Line,
    make: () => Exclude<Accepted, { outcome: "refused" }>,
  ): Promise<Accepted> {
    return commit.then(() => {
      const answer = make();
      return ordered(orders, answer, line);
    }, uncommitted);
  }

  function uncommitted(error: unknown): never {
    count.uncommitted++;
    throw error;
  }

  function duplicate(line: Line, key: Uint8Array, ok: string): Promise<Accepted> {
    // Its twin may still wait for the disk.
    return after(journal.flushed(), line, () => {
      count.duplicates++;
      deps.account?.duplicate(line.board);
      return new Answer("duplicate", ackOf, line, key, ok);
    });
  }

  function dead(line: Line, key: Uint8Array, reason: DeadReason, detail: string): Promise<Accepted> {
    const text = sent(line);
    if (journal.isDead(line.board, text)) return duplicate(line, key, ACK_OK);
    const letter: Letter = { received: clock.now(), board: line.board, line: text, reason, detail };
    if (line.seq > 0) letter.number = { epoch: line.epoch, boot: line.boot, seq: line.seq };
    return after(journal.deadLetter(letter), line, () => {
      deadBy.set(reason, (deadBy.get(reason) ?? 0) + 1);
      return Object.assign(new Answer("dead", ackOf, line, key, "refused"), { reason });
    });
  }

  function stored(line: Line, key: Uint8Array, ok: string, entry: Entry): Promise<Accepted> {
    return after(journal.append(entry), line, () => {
      count.stored++;
      if (entry.kind === "event") told(orders, line, entry);
      return new Answer("stored", ackOf, line, key, ok);
    });
  }

  /** A reply without a number asks for something: nothing of it is kept, so it need not wait for the disk. */
  function word(line: Line, key: Uint8Array): Promise<Accepted> {
    count.heard++;
    orders?.said(line);
    return Promise.resolve(ordered(orders, new Answer("heard", ackOf, line, key, ACK_OK), line));
  }

  /** Another line with this number is kept already: both are shown, neither is lost. */
  function collision(line: Line, key: Uint8Array): Promise<Accepted> {
    const text = sent(line);
    if (!journal.isDead(line.board, text)) {
      const { epoch, boot, seq } = line;
      void journal.append(entries.event("collision", line, { epoch, boot, seq, line: text })).catch(() => undefined);
    }
    return dead(line, key, "collision", "another line has this number");
  }

  function authentic(line: Line, text: string, key: Uint8Array, from: Source): Promise<Accepted> {
    if (line.type === "reply" && line.seq === 0) return word(line, key);
    const ok = okFor(line, from);
    if (line.type === "hello") {
      if (line.seq !== 0) return dead(line, key, "bad-number", "a hello carries the number 0");
      if (journal.heard(line.board, line.epoch, line.boot, line.uptimeMs)) return duplicate(line, key, ok);
    } else {
      if (line.seq === 0) return dead(line, key, "bad-number", "the number 0 is kept for hello and for words");
      const verdict = journal.judge(line);
      if (verdict === "different") return collision(line, key);
      if (verdict !== "new") return duplicate(line, key, ok);
    }
    const entry = entries.entryOf(line, text, from);
    return entry.ok ? stored(line, key, ok, entry.value) : dead(line, key, entry.reason, entry.detail);
  }

  /** Not an async function: each of those costs a few promises, and a pack passes here thousands of times a second. */
  const accept: Accept = (text, from) => {
    count.lines++;
    const parsed = readLine(text, from.withCrc);
    if (!parsed.ok) return Promise.resolve(refused(parsed.fault));
    const { line } = parsed;
    if (line.type === "ack" || line.type === "command") return Promise.resolve(refused("wrong-direction"));
    if (from.board !== undefined && from.board !== line.board) return Promise.resolve(refused("wrong-topic"));
    const key = from.vouched === true ? vouchedKey(line) : registry.keyOf(line.board, line.keyId);
    if (key === undefined)
      return Promise.resolve(
        registry.knows(line.board) ? refused("unknown-key", line.board) : refused("unknown-board"),
      );
    if (!sameTag(tag(key, line.sealed), line.tag)) return Promise.resolve(refused("wrong-tag", line.board));
    try {
      return authentic(line, from.withCrc ? sent(line) : text, key, from);
    } catch (error) {
      count.uncommitted++;
      return Promise.reject(error as Error);
    }
  };

  return {
    accept,
    stats: () => ({ ...count, dead: Object.fromEntries(deadBy), refused: Object.fromEntries(refusedBy) }),
  };
}
