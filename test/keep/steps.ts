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
import { createSteps } from "../../hub/store/steps.js";
import { fillJournal } from "../recovery/fill.js";

const DAY_MS = 86_400_000;
const { values } = parseArgs({ options: { mib: { type: "string", default: "1024" }, dir: { type: "string" } } });
const dir = values.dir ?? mkdtempSync(join(tmpdir(), "aryk-bench-steps-"));
const work = mkdtempSync(join(tmpdir(), "aryk-steps-"));
const round = (ms: number): number => +ms.toFixed(1);

/** Commits of a few packs' size between the steps, as the hub makes them: the longest, with the checkpoint it may hold. */
function committing(db: Database.Database): { stop(): Promise<number> } {
  db.exec("CREATE TABLE IF NOT EXISTS bench (data BLOB)");
  const put = db.prepare("INSERT INTO bench VALUES (?)");
  const data = Buffer.alloc(20_000, 7);
  let longest = 0;
  let going = true;
  const loop = (async () => {
    while (going) {
      const begun = performance.now();
      put.run(data);
      longest = Math.max(longest, performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    async stop() {
      going = false;
      await loop;
      return longest;
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
    const steps = trimSteps();
    const begun = performance.now();
    const { entries } = await trimJournal(db, { now: newest, consumers: [], ...limits }, () => false, steps);
    out[name] = {
      ...{ entries, seconds: round((performance.now() - begun) / 1000), stepMs: round(steps.bytes.longestMs()) },
      ...{ vacuumMs: round(steps.pages.longestMs()), commitMs: round(await commits.stop()) },
    };
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
      for (let i = 0; i < series; i++) store.putChunk({ hour, site: i >> 2, property: i & 3, data });
    });
  let longest = 0;
  const watched = {
    ...store,
    dropChunks(hour: number, limit: number): number {
      const begun = performance.now();
      const dropped = store.dropChunks(hour, limit);
      longest = Math.max(longest, performance.now() - begun);
      return dropped;
    },
  };
  const begun = performance.now();
  await dropOld(watched, hours * 3_600_000, () => false);
  const seconds = round((performance.now() - begun) / 1000);
  store.close();
  return { chunks: hours * series, seconds, stepMs: round(longest) };
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
  const steps = createSteps({ first: 100, least: 10, most: 10_000 });
  const begun = performance.now();
  while (steps.run((size) => store.drop(hours, size)) > 0) await new Promise((resolve) => setImmediate(resolve));
  const seconds = round((performance.now() - begun) / 1000);
  store.read.close();
  return { rows: hours * things, seconds, stepMs: round(steps.longestMs()) };
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
