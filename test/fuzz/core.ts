/**
 * The hub behind its inputs, whole and real: registry, journal, quality, calibration, pipeline, and what reads the
 * journal (the history, the alarm rules with their register). Time stands still until the fuzz run moves it.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import { sameTag } from "../../firmware/wire/seal.js";
import { siteType } from "../../hardware/sites.js";
import { readBatch } from "../../hub/alerts/batch.js";
import { runRules } from "../../hub/alerts/index.js";
import { RuleStates } from "../../hub/alerts/rule-states.js";
import { Register } from "../../hub/alerts/register.js";
import { derive } from "../../hub/calibration/index.js";
import { SteppedClock } from "../../hub/clock.js";
import { pointPlaces, ruleSites } from "../../hub/join.js";
import { Journal } from "../../hub/journal.js";
import type { Accept, Journalled, SiteId } from "../../hub/model.js";
import { startHistory, type RunningHistory } from "../../hub/outputs/history.js";
import { createPackEncoder } from "../../hub/outputs/line-protocol.js";
import { createPipeline, tagWith, type PipelineStats } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { until } from "./target.js";

export const NOW = Date.UTC(2026, 2, 1, 8);

const PLACES = [
  ["b-air", "eco-1", "eco-post"],
  ["b-water", "reservoir-1", "reservoir"],
  ["b-waste", "container-1", "mesh-container"],
  ["b-flood", "underpass-1", "underpass"],
] as const;

const CALIBRATIONS = [
  ["eco-1", "pm25", "pm-humidity", { method: "kappa-kohler", input: "pm25-cf1", kappa: 0.3, gain: 1, offset: 0 }],
  ["reservoir-1", "water-level", "linear", { input: "distance", gain: -1, offset: 4500 }],
  ["container-1", "fill", "linear", { input: "distance", gain: -0.1, offset: 170 }],
  ["underpass-1", "water-depth", "level-depth", { mountHeightMm: 3000 }],
] as const;

export interface Core {
  clock: SteppedClock;
  registry: Registry;
  journal: Journal;
  accept: Accept;
  stats(): PipelineStats;
  /** Boards that have a key and, save for the last, a site. */
  boards: string[];
  /** Adds a board that stands nowhere. */
  addBoard(board: string): Uint8Array;
  keyOf(board: string): Uint8Array;
  /** Lets the alarm rules judge what is new. */
  judge(): void;
  /** Holds everything that was kept against the counts. @throws AssertionError */
  check(): Promise<void>;
  stop(): Promise<void>;
}

export function openCore(dir: string): Core {
  const clock = new SteppedClock(NOW);
  const journal = Journal.open(join(dir, "journal.sqlite"));
  const registry = Registry.open(join(dir, "registry.sqlite"), clock);
  for (const [board, id, type] of PLACES) {
    const names = { kk: id, ru: id, en: id };
    registry.addSite({ id, type, names, district: "almaly", lat: 43.25, lon: 76.93, settings: {} }, "fuzz");
    registry.addBoard(board, "fuzz");
    registry.assign(board, id, NOW - 86_400_000, "fuzz");
  }
  registry.addBoard("b-nowhere", "fuzz");
  for (const [site, property, model, params] of CALIBRATIONS)
    registry.addCalibration({ site, property, model, params, from: 0, by: "fuzz", note: "" });
  const derivedOf = (type: string): string[] => siteType(type)?.derived ?? [];
  const { accept, stats } = createPipeline({ clock, journal, registry, quality: createQuality(), derive, derivedOf });
  const history = startHistory({ file: join(dir, "history.sqlite"), journal, clock, gatherMs: 50 });
  const register = Register.open(join(dir, "register.sqlite"), clock);
  const fence = register.takeFence("fuzz");

  function judge(): void {
    for (let more = true; more;) {
      const batch = readBatch(journal, register.resume(journal.head()), 500, clock.now(), NOW);
      const evaluations = runRules(batch, new RuleStates(register.states()), ruleSites(registry));
      register.commit({ fence, cursor: batch.to, now: batch.now, evaluations, notices: [] });
      journal.settle("fuzz", batch.to.id);
      more = batch.more;
    }
  }

  const keyOf = (board: string): Uint8Array => {
    const key = registry.keyOf(board, "k1");
    if (key === undefined) throw new Error(`no key for ${board}`);
    return key;
  };
  return {
    ...{ clock, registry, journal, accept, stats, judge, keyOf },
    boards: [...PLACES.map(([board]) => board), "b-nowhere"],
    addBoard: (board) => registry.addBoard(board, "fuzz").key,
    async check() {
      judge();
      assert.deepEqual(register.cursor(), journal.head(), "the rules have judged everything");
      await checkHistory(history, journal);
      checkJournal(journal, registry, stats());
    },
    async stop() {
      await history.stop();
      register.close();
      await journal.close();
      registry.close();
    },
  };
}

async function checkHistory(history: RunningHistory, journal: Journal): Promise<void> {
  await until("the history has everything", () => history.history.cursor().id === journal.head().id);
  await history.history.maintain();
  const { rejected, failures, lastError } = history.stats();
  assert.deepEqual({ rejected, failures, lastError }, { rejected: 0, failures: 0, lastError: null }, "history");
  assert.equal(history.history.counts().damaged, 0);
}

function* entriesOf(journal: Journal): Generator<Journalled> {
  for (let after = 0; ;) {
    const entries = journal.read(after, 1000);
    if (entries.length === 0) return;
    yield* entries;
    after = entries.at(-1)!.id;
  }
}

/** Numbers of the boards as kept, by stream; a number in two places of one kind is told. */
class Numbers {
  readonly of = new Map<string, Set<number>>();

  add(board: string, epoch: string, boot: number, seq: number): boolean {
    const stream = `${board} ${epoch}.${boot}`;
    const known = this.of.get(stream) ?? new Set();
    this.of.set(stream, known);
    return known.size !== known.add(seq).size;
  }
}

function checkJournal(journal: Journal, registry: Registry, stats: PipelineStats): void {
  const sum = (counts: Partial<Record<string, number>>): number =>
    Object.values(counts).reduce<number>((total, one) => total + (one ?? 0), 0);
  const { lines, stored, duplicates, heard, uncommitted } = stats;
  assert.equal(
    stored + duplicates + heard + uncommitted + sum(stats.dead) + sum(stats.refused),
    lines,
    "every line has a name",
  );
  assert.equal(uncommitted, 0);

  const encode = createPackEncoder(pointPlaces(registry));
  const numbers = new Numbers();
  let entries = 0;
  let collisions = 0;
  for (const entry of entriesOf(journal)) {
    entries++;
    if (entry.kind === "event" && entry.event === "collision") {
      collisions++;
      continue;
    }
    const line = entry.kind === "pack" ? entry.line : (entry.detail.line as string);
    const parsed = parseLine(line, false, UPLINK_MAX);
    assert.ok(parsed.ok, `the kept line reads as one: ${line}`);
    const { board, epoch, boot, seq, keyId, sealed, tag } = parsed.line;
    const key = registry.keyOf(board, keyId);
    assert.ok(key !== undefined && sameTag(tagWith(key)(sealed), tag), `the kept line is authentic: ${line}`);
    if (entry.kind === "event" && entry.event === "hello") continue;
    assert.ok(numbers.add(board, epoch, boot, seq), `stored once only: ${line}`);
    if (entry.kind !== "pack") continue;
    for (const { value, flag } of entry.observations) {
      assert.ok([1, 2, 3, 4, 9].includes(flag), `flag ${flag}: ${line}`);
      assert.ok(value === null ? flag === 9 : Number.isFinite(value), `value ${value} with flag ${flag}: ${line}`);
    }
    if (entry.site === null) continue;
    const point = encode({ ...entry, site: entry.site as SiteId });
    assert.ok(point.ok, `a point can be made: ${line}`);
  }
  assert.equal(entries - collisions, stored, "entries are what was stored");
  let letters = 0;
  for (let after = 0; ;) {
    const some = journal.deadLetters(1000, after);
    if (some.length === 0) break;
    after = some.at(-1)!.id;
    for (const letter of some) {
      letters++;
      const parsed = parseLine(letter.line, false, UPLINK_MAX);
      assert.ok(parsed.ok, `the dead letter reads as a line: ${letter.line}`);
      const { board, epoch, boot, seq } = parsed.line;
      if (seq > 0) numbers.add(board, epoch, boot, seq);
    }
  }
  assert.equal(letters, sum(stats.dead), "dead letters are what was declared dead");
  for (const { board } of registry.boards())
    for (const { epoch, boot, counts, received } of journal.ranges(board)) {
      const kept = numbers.of.get(`${board} ${epoch}.${boot}`) ?? new Set();
      assert.equal(counts.received, kept.size, `the ledger of ${board} ${epoch}.${boot} counts what is kept`);
      for (const [first, last] of received)
        for (let seq = first; seq <= last; seq++) assert.ok(kept.has(seq), `${board} ${epoch}.${boot}.${seq} is kept`);
    }
}
