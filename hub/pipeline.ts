/**
 * The way of every line into the hub, whatever brought it: read → seal checked → number compared with the ledger →
 * decoded → time and site found → quality → calibration → journal → acknowledged. Nothing is acknowledged before the
 * journal has it on disk.
 */
import { ACK_OK, seal, unsealed } from "../firmware/wire/line.js";
import type { Line, LineFault } from "../firmware/wire/line.js";
import type { Hello, Reply } from "../firmware/wire/pack.js";
import { sameTag } from "../firmware/wire/seal.js";
import { Answer, okFor } from "./pipeline/answer.js";
import type { Clock } from "./clock.js";
import { decodeGap, decodeHello, decodePack, decodeReply } from "./pipeline/decode.js";
import type { DeadReason, Decoded } from "./pipeline/decode.js";
import type { Letter } from "./journal.js";
import type { LineKey, Verdict } from "./ledger.js";
import type { Accept, Accepted, BoardId, Entry, EventEntry, Observation, PackEntry, SiteId } from "./model.js";
import type { Source, UnixMs } from "./model.js";
import { readLine } from "./pipeline/read-line.js";
import { readingTime } from "./pipeline/reading-time.js";
import type { HubDoubt } from "./pipeline/reading-time.js";
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

interface PipelineJournal {
  append(entry: Entry): Promise<number>;
  deadLetter(letter: Letter): Promise<void>;
  judge(key: LineKey): Verdict;
  flushed(): Promise<void>;
  isDead(board: string, line: string): boolean;
  heard(board: string, epoch: string, boot: number, uptimeMs: number): boolean;
  anchor(board: string, epoch: string, boot: number): UnixMs | null;
  anchorSure(board: string, epoch: string, boot: number): boolean;
}

/** What the pipeline wants of the registry. `Record` is the calibration record, which it only passes on. */
interface PipelineRegistry<Record> {
  knows(board: string): boolean;
  keyOf(board: string, keyId: string): Uint8Array | undefined;
  siteOf(board: string, at: UnixMs): { id: SiteId; type: string } | undefined;
  calibrationAt(site: string, property: string, at: UnixMs): Record | undefined;
}

interface PipelineQuality {
  check(site: SiteId, property: string, time: UnixMs, value: number): { flag: Observation["flag"]; why: string[] };
}

/** What the pipeline wants of hub/orders.ts, where boards are asked for something. */
interface PipelineOrders {
  downKey(board: string): { id: string; key: Uint8Array } | undefined;
  commandAfter(line: Line): string | undefined;
  greeted(line: Line, hello: Hello): void;
  replied(line: Line, reply: Reply): void;
  said(line: Line): void;
}

/** Is told what is in no entry of the journal. `board` is null where the line named none that is registered. */
interface PipelineAccount {
  duplicate(board: string): void;
  refused(fault: RefusedFault, board: string | null): void;
}

/** What was observed so far of one pack: a handful, looked through quicker than a Map is made. */
class PackInputs {
  readonly observations: Observation[] = [];

  get(property: string): Observation | undefined {
    for (const observation of this.observations) if (observation.property === property) return observation;
    return undefined;
  }
}

export interface PipelineDeps<Record> {
  clock: Clock;
  account?: PipelineAccount;
  /** What the hub says of its own clock (clock/watch.ts). Without it the clock is believed. */
  doubt?(): HubDoubt;
  journal: PipelineJournal;
  registry: PipelineRegistry<Record>;
  quality: PipelineQuality;
  /** Without it, what goes to a board is sealed with the key of the line that it answers. */
  orders?: PipelineOrders;
  derive(property: string, record: Record | undefined, inputs: PackInputs): Observation | null;
  /** Derived properties of a type of site, in the order in which they build on each other. */
  derivedOf(siteType: string): string[];
}

/** Builds the hub's one door. `accept` may be called again before it has resolved. */
export function createPipeline<Record>(deps: PipelineDeps<Record>): { accept: Accept; stats(): PipelineStats } {
  const { clock, journal, registry } = deps;
  const count = { lines: 0, stored: 0, duplicates: 0, heard: 0, uncommitted: 0 };
  const deadBy = new Map<DeadReason, number>();
  const refusedBy = new Map<RefusedFault, number>();
  const tag = createTagger();

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
    const down = deps.orders?.downKey(line.board) ?? { id: line.keyId, key };
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
      return ordered(answer, line);
    }, uncommitted);
  }

  /** The answer, with what is asked of the board. */
  function ordered<A extends { command?: string }>(answer: A, line: Line): A {
    const command = deps.orders?.commandAfter(line);
    if (command !== undefined) answer.command = command;
    return answer;
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
      if (entry.kind === "event") told(line, entry);
      return new Answer("stored", ackOf, line, key, ok);
    });
  }

  /** What a board has said of itself is on disk. */
  function told(line: Line, { event, detail }: EventEntry): void {
    if (event === "hello") deps.orders?.greeted(line, detail as unknown as Hello);
    else if (event === "reply") deps.orders?.replied(line, detail.reply as Reply);
  }

  /** A reply without a number asks for something: nothing of it is kept, so it need not wait for the disk. */
  function word(line: Line, key: Uint8Array): Promise<Accepted> {
    count.heard++;
    deps.orders?.said(line);
    return Promise.resolve(ordered(new Answer("heard", ackOf, line, key, ACK_OK), line));
  }

  /** Another line with this number is kept already: both are shown, neither is lost. */
  function collision(line: Line, key: Uint8Array): Promise<Accepted> {
    const text = sent(line);
    if (!journal.isDead(line.board, text)) {
      const { epoch, boot, seq } = line;
      void journal.append(event("collision", line, { epoch, boot, seq, line: text })).catch(() => undefined);
    }
    return dead(line, key, "collision", "another line has this number");
  }

  function event(
    name: "hello" | "gap" | "reply" | "collision",
    line: Line,
    detail: { [field: string]: unknown },
  ): Entry & { kind: "event" } {
    const received = clock.now();
    const site = registry.siteOf(line.board, received)?.id ?? null;
    return { kind: "event", event: name, board: line.board as BoardId, site, received, detail };
  }

  function pack(line: Line, text: string, from: Source): Decoded<Entry> {
    const decoded = decodePack(line.body);
    if (!decoded.ok) return decoded;
    // First, because it may find that the clock was set, and that moves the anchor.
    const doubt = deps.doubt?.() ?? null;
    const received = clock.now();
    const { board, epoch, boot, seq } = line;
    const sure = (): boolean => journal.anchorSure(board, epoch, boot);
    const anchor = journal.anchor(board, epoch, boot);
    const { nodeTime, time, timeFrom, timeWhy } = readingTime(line.time, line.uptimeMs, anchor, received, doubt, sure);
    const site = registry.siteOf(line.board, time);
    const inputs = new PackInputs();
    const { observations } = inputs;
    for (const reading of decoded.value) {
      const property = reading.property.name;
      if (!reading.ok) observations.push({ property, value: null, flag: 9, why: [reading.fault], calibration: 0 });
      else if (site === undefined) observations.push({ property, value: reading.value, flag: 2, calibration: 0 });
      else {
        const { flag, why } = deps.quality.check(site.id, property, time, reading.value);
        const observation: Observation = { property, value: reading.value, flag, calibration: 0 };
        if (why.length > 0) observation.why = why;
        observations.push(observation);
      }
    }
    if (site !== undefined)
      for (const property of deps.derivedOf(site.type)) {
        const observation = deps.derive(property, registry.calibrationAt(site.id, property, time), inputs);
        if (observation !== null) observations.push(observation);
      }
    const entry: PackEntry = {
      kind: "pack",
      board: board as BoardId,
      epoch,
      boot,
      seq,
      line: text,
      source: from.source,
      received,
      nodeTime,
      time,
      timeFrom,
      site: site?.id ?? null,
      observations,
    };
    if (timeWhy !== undefined) entry.timeWhy = timeWhy;
    return { ok: true, value: entry };
  }

  function hello(line: Line): Decoded<Entry> {
    const decoded = decodeHello(line.body);
    if (!decoded.ok) return decoded;
    // A clock that was set is noticed before the hello is held against it.
    deps.doubt?.();
    const { epoch, boot, uptimeMs } = line;
    const detail = { epoch, boot, uptimeMs, ...decoded.value, line: sent(line) };
    return { ok: true, value: event("hello", line, detail) };
  }

  function gap(line: Line): Decoded<Entry> {
    const decoded = decodeGap(line.body);
    if (!decoded.ok) return decoded;
    const { epoch, boot, seq } = line;
    return { ok: true, value: event("gap", line, { epoch, boot, seq, ...decoded.value, line: sent(line) }) };
  }

  function reply(line: Line): Decoded<Entry> {
    const decoded = decodeReply(line.body);
    if (!decoded.ok) return decoded;
    const { epoch, boot, seq } = line;
    return { ok: true, value: event("reply", line, { epoch, boot, seq, reply: decoded.value, line: sent(line) }) };
  }

  function authentic(line: Line, text: string, key: Uint8Array, from: Source): Promise<Accepted> {
    if (line.type === "reply" && line.seq === 0) return word(line, key);
    const ok = okFor(line, from);
    let entry: Decoded<Entry>;
    if (line.type === "hello") {
      if (line.seq !== 0) return dead(line, key, "bad-number", "a hello carries the number 0");
      if (journal.heard(line.board, line.epoch, line.boot, line.uptimeMs)) return duplicate(line, key, ok);
      entry = hello(line);
    } else {
      if (line.seq === 0) return dead(line, key, "bad-number", "the number 0 is kept for hello and for words");
      const verdict = journal.judge(line);
      if (verdict === "different") return collision(line, key);
      if (verdict !== "new") return duplicate(line, key, ok);
      entry = line.type === "pack" ? pack(line, text, from) : line.type === "gap" ? gap(line) : reply(line);
    }
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

/** The line as the board sealed it, without CRC. */
function sent(line: Line): string {
  return line.sealed + "." + line.tag;
}
