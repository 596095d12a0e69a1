/** What becomes of a line that is the board's own: decoded, its time and site found, its readings judged and calibrated. */
import type { Line } from "../../firmware/wire/line.js";
import type { Clock } from "../clock.js";
import type { BoardId, Entry, EventEntry, Observation, PackEntry, SiteId, Source, UnixMs } from "../model.js";
import { decodeGap, decodeHello, decodePack, decodeReply } from "./decode.js";
import type { Decoded } from "./decode.js";
import { onlyHistory } from "../newest.js";
import { readingTime } from "./reading-time.js";
import type { HubDoubt, ReadingStart } from "./reading-time.js";

/** Where the hub's clock stood at a node's start: from a hello, or the first line that came. */
export interface EntryAnchors {
  anchor(board: string, epoch: string, boot: number): UnixMs | null;
  anchorSure(board: string, epoch: string, boot: number): boolean;
  later(board: string, epoch: string, boot: number): UnixMs | null | undefined;
  bound(
    board: string,
    epoch: string,
    boot: number,
    uptimeMs: number,
    received: UnixMs,
    later: UnixMs | null | undefined,
  ): UnixMs;
}

/** What entries want of the registry. `Record` is the calibration record, which they only pass on. */
interface EntryRegistry<Record> {
  siteOf(board: string, at: UnixMs): { id: SiteId; type: string } | undefined;
  calibrationAt(site: string, property: string, at: UnixMs): Record | undefined;
}

interface EntryQuality {
  /** `late`: it is not the newest of its series, whatever its time. */
  check(
    site: SiteId,
    property: string,
    time: UnixMs,
    value: number,
    late?: boolean,
  ): { flag: Observation["flag"]; why: string[] };
}

/** What was observed so far of one pack: a handful, looked through quicker than a Map is made. */
export class PackInputs {
  readonly observations: Observation[] = [];

  get(property: string): Observation | undefined {
    for (const observation of this.observations) if (observation.property === property) return observation;
    return undefined;
  }
}

export interface EntryDeps<Record> {
  clock: Clock;
  /** What the hub says of its own clock (clock/watch.ts). Without it the clock is believed. */
  doubt?(): HubDoubt;
  journal: EntryAnchors;
  registry: EntryRegistry<Record>;
  quality: EntryQuality;
  derive(property: string, record: Record | undefined, inputs: PackInputs): Observation | null;
  /** Derived properties of a type of site, in the order in which they build on each other. */
  derivedOf(siteType: string): string[];
}

/** The line as the board sealed it, without CRC. */
export function sent(line: Line): string {
  return line.sealed + "." + line.tag;
}

/** Makes entries of lines. `entryOf` is for every type that a board sends. */
export function createEntries<Record>(deps: EntryDeps<Record>) {
  const { clock, journal, registry } = deps;

  function event(
    name: "hello" | "gap" | "reply" | "collision",
    line: Line,
    detail: { [field: string]: unknown },
  ): EventEntry {
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
    const { uptimeMs } = line;
    const sure = (): boolean => journal.anchorSure(board, epoch, boot);
    const start: ReadingStart = {
      later: () => journal.later(board, epoch, boot),
      bound: (later) => journal.bound(board, epoch, boot, uptimeMs, received, later),
    };
    const anchor = journal.anchor(board, epoch, boot);
    const found = readingTime(line.time, uptimeMs, anchor, received, doubt, sure, start);
    const { nodeTime, time, timeFrom, timeWhy } = found;
    const site = registry.siteOf(line.board, time);
    const inputs = new PackInputs();
    const { observations } = inputs;
    for (const reading of decoded.value) {
      const property = reading.property.name;
      if (!reading.ok) observations.push({ property, value: null, flag: 9, why: [reading.fault], calibration: 0 });
      else if (site === undefined) observations.push({ property, value: reading.value, flag: 2, calibration: 0 });
      else {
        const { flag, why } = deps.quality.check(site.id, property, time, reading.value, onlyHistory(timeWhy));
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

  return {
    event,
    entryOf(line: Line, text: string, from: Source): Decoded<Entry> {
      if (line.type === "hello") return hello(line);
      return line.type === "pack" ? pack(line, text, from) : line.type === "gap" ? gap(line) : reply(line);
    },
  };
}
