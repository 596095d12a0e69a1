/**
 * The longest step of what the hub forgets, by store: while one runs, nothing is committed. A journal of 1 GiB is trimmed by
 * age and then by size with commits in between, a history and a ledger of a city drop a day. `npm run bench:steps`; the
 * last line is JSON, in milliseconds. `--mib` is the journal's size, `--dir` keeps the filled folder for the next run.
 */
import Database from "better-sqlite3";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openStore as openSums } from "../../hub/completeness/store.js";
import { openJournalFile } from "../../hub/journal/schema.js";
import { trimJournal, trimSteps } from "../../hub/journal/trim.js";
import { dropOld } from "../../hub/outputs/history/seal.js";
import { openStore as openHistory } from "../../hub/outputs/history/store.js";
import { createSteps, type Steps } from "../../hub/store/steps.js";
import { fillJournal } from "../recovery/fill.js";

const DAY_MS = 86_400_000;
const { values } = parseArgs({ options: { mib: { type: "string", default: "1024" }, dir: { type: "string" } } });
const dir = values.dir ?? mkdtempSync(join(tmpdir(), "aryk-bench-steps-"));
const work = mkdtempSync(join(tmpdir(), "aryk-steps-"));
const round = (ms: number): number => +ms.toFixed(1);

/** What is known of the steps of one kind. On a machine that others keep busy a step waits for its turn: so its own time, too. */
interface Told {
  /** The longest by the clock, and by the processor time that it took. */
  ms: number;
  cpuMs: number;
  /** How many there were, and how many of them took more than 20 ms by the clock. */
  steps: number;
  over20: number;
}

/** Notes how long each call of `work` takes. */
function timed<Args extends unknown[], Result>(
  work: (...args: Args) => Result,
): { run(...args: Args): Result; told(): Told } {
  const told: Told = { ms: 0, cpuMs: 0, steps: 0, over20: 0 };
  return {
    run(...args) {
      const [begun, cpu] = [performance.now(), process.cpuUsage()];
      const result = work(...args);
      const took = performance.now() - begun;
      const { user, system } = process.cpuUsage(cpu);
      told.ms = Math.max(told.ms, took);
      told.cpuMs = Math.max(told.cpuMs, (user + system) / 1000);
      told.steps++;
      if (took > 20) told.over20++;
      return result;
    },
    told: () => ({ ...told, ms: round(told.ms), cpuMs: round(told.cpuMs) }),
  };
}

/** Commits of a few packs' size between the steps, as the hub makes them: the longest, with the checkpoint it may hold. */
function committing(db: Database.Database): { stop(): Promise<Told> } {
  db.exec("CREATE TABLE IF NOT EXISTS bench (data BLOB)");
  const put = db.prepare("INSERT INTO bench VALUES (?)");
  const data = Buffer.alloc(20_000, 7);
  const commit = timed(() => put.run(data));
  let going = true;
  const loop = (async () => {
    while (going) {
      commit.run();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    async stop() {
      going = false;
      await loop;
      return commit.told();
    },
  };
}

async function journal(): Promise<object> {
  const file = join(work, "journal.sqlite");
  copyFileSync(join(dir, "journal.sqlite"), file);
  const { db } = openJournalFile(file);
  const newest = db.prepare("SELECT max(newest) FROM groups").pluck().get() as number;
  const bytes = db.prepare("SELECT bytes FROM tally").pluck().get() as number;
  const out: Record<string, object> = {};
  for (const [name, limits] of [
    ["age", { maxAgeMs: 15 * DAY_MS, maxBytes: Infinity }],
    ["size", { maxAgeMs: Infinity, maxBytes: bytes / 4 }],
  ] as const) {
    const commits = committing(db);
    const { bytes: cut, letters, pages: vacuum } = trimSteps();
    const [cuts, vacuums] = [timed(cut.run), timed(vacuum.run)];
    const steps = {
      bytes: { ...cut, run: cuts.run as Steps["run"] },
      letters,
      pages: { ...vacuum, run: vacuums.run as Steps["run"] },
    };
    const begun = performance.now();
    const { entries } = await trimJournal(db, { now: newest, consumers: [], ...limits }, () => false, steps);
    const seconds = round((performance.now() - begun) / 1000);
    out[name] = { entries, seconds, step: cuts.told(), vacuum: vacuums.told(), commit: await commits.stop() };
  }
  db.close();
  return { mib: Math.round(statSync(join(dir, "journal.sqlite")).size / 2 ** 20), ...out };
}

async function history(): Promise<object> {
  const store = openHistory(join(work, "history.sqlite"));
  const data = Buffer.alloc(240, 7);
  const [hours, series] = [24, 27_000];
  for (let hour = 0; hour < hours; hour++)
    store.commit(() => {
      for (let i = 0; i < series; i++) store.putChunk({ hour, site: i >> 2, property: i & 3, data }, true);
    });
  const drop = timed(store.dropChunks);
  const begun = performance.now();
  await dropOld({ ...store, dropChunks: drop.run }, hours * 3_600_000, () => false);
  const seconds = round((performance.now() - begun) / 1000);
  store.close();
  return { chunks: hours * series, seconds, step: drop.told() };
}

async function ledger(): Promise<object> {
  const store = openSums(join(work, "completeness.sqlite"));
  const [hours, things] = [24, 5400];
  const from = { node: 60, anchor: 0, received: 0 };
  for (let hour = 0; hour < hours; hour++)
    store.add({
      hours: Array.from({ length: things }, (_, i) => {
        const [first, firstAt, lastAt] = [hour * 60 + 1, hour * 3_600_000, hour * 3_600_000 + 59 * 60_000];
        const part = { packs: 60, first, firstAt, last: first + 59, lastAt, late: 0, from, clock: 0 };
        return { start: i + 1, hour, site: i + 1, part };
      }),
      ...{ told: [], waiting: [], cursor: { epoch: "", id: 0 }, letter: 0 },
    });
  const steps = createSteps({ first: 100, least: 10, most: 1000 });
  const begun = performance.now();
  const drop = timed((size: number) => store.drop(hours, size));
  while (steps.run(drop.run) > 0) await new Promise((resolve) => setImmediate(resolve));
  const seconds = round((performance.now() - begun) / 1000);
  store.read.close();
  return { rows: hours * things, seconds, step: drop.told() };
}

try {
  if (!existsSync(join(dir, "journal.sqlite"))) {
    mkdirSync(dir, { recursive: true });
    await fillJournal(dir, 5400, 30, Number(values.mib), (line) => process.stderr.write(line + "\n"));
  }
  console.log(JSON.stringify({ journal: await journal(), history: await history(), ledger: await ledger() }));
} finally {
  rmSync(work, { recursive: true });
  if (values.dir === undefined) rmSync(dir, { recursive: true });
}
