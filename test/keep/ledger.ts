/**
 * How long the loss ledger of a whole city takes: 5,400 things × 90 days × 24 hours, a pack a minute, each thing with a
 * few missing numbers and a start a week. `npm run bench:ledger`; the last line is JSON. `--dir` keeps the folder.
 */
import Database from "better-sqlite3";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { spawnSync } from "node:child_process";
import { realClock } from "../../hub/clock.js";
import { openStore } from "../../hub/completeness/store.js";
import { Journal } from "../../hub/journal.js";
import { rangeSum } from "../../hub/journal/schema.js";
import { Registry } from "../../hub/registry.js";
import { projectRoot } from "../../hub/root.js";
import { boardName, provision, siteName } from "../bench/city.js";

const HOUR_MS = 3_600_000;
const HOURS_A_START = 7 * 24;
const PACKS_AN_HOUR = 60;
const EPOCH = "00000b0e";

const { values } = parseArgs({
  options: {
    things: { type: "string", default: "5400" },
    days: { type: "string", default: "90" },
    dir: { type: "string" },
  },
});
const [things, days] = [Number(values.things), Number(values.days)];
const hours = days * 24;
const dir = values.dir ?? mkdtempSync(join(tmpdir(), "aryk-bench-ledger-"));
const dataDir = join(dir, "data");
const file = join(dataDir, "completeness.sqlite");

/** Ranges of numbers of one start that arrived: every eighth start of a thing lacks some in its middle. */
function arrived(thing: number, start: number, last: number): [number, number][] {
  if ((thing + start) % 8 !== 0 || last < 200) return [[1, last]];
  const hole = 100 + ((thing * 7) % (last - 150));
  return [
    [1, hole],
    [hole + 4, last],
  ];
}

function fill(): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  provision(dataDir, things);
  openStore(file).read.close();
  const sums = new Database(file);
  const journal = new Database(join(dataDir, "journal.sqlite"));
  for (const db of [sums, journal]) db.pragma("synchronous = OFF");
  sums.pragma("cache_size = -200000");
  const putStart = sums.prepare("INSERT INTO starts VALUES (?, ?, ?, ?)");
  const putSite = sums.prepare("INSERT INTO sites VALUES (?, ?)");
  const putHour = sums.prepare("INSERT INTO hours VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, 0, 0, ?)");
  const putStream = journal.prepare("INSERT INTO streams VALUES (?, ?, ?, ?, NULL, NULL)");
  const putRange = journal.prepare("INSERT INTO received VALUES (?, ?, ?, 0, 0, ?)");
  const begin = Math.floor(Date.now() / HOUR_MS) - hours;
  const registry = Registry.open(join(dataDir, "registry.sqlite"), realClock);
  const names = Array.from({ length: things }, (_, thing) => siteName(thing));
  const from = begin * HOUR_MS;
  registry.add(
    names.map((site) => ({ kind: "assign", board: boardName(site), site, from })),
    "bench",
  );
  registry.close();
  for (const db of [sums, journal]) db.exec("BEGIN");
  for (let thing = 0, id = 0; thing < things; thing++) {
    const board = boardName(siteName(thing));
    putSite.run(thing + 1, siteName(thing));
    for (let from = 0, start = 1; from < hours; from += HOURS_A_START, start++) {
      const count = Math.min(HOURS_A_START, hours - from);
      putStart.run(++id, board, EPOCH, start);
      putStream.run(id, board, EPOCH, start);
      const ranges = arrived(thing, start, count * PACKS_AN_HOUR);
      for (const [first, last] of ranges) putRange.run(id, first, last, rangeSum(id, first, last, 0, 0));
      for (let hour = 0; hour < count; hour++) {
        const [first, last] = [hour * PACKS_AN_HOUR + 1, (hour + 1) * PACKS_AN_HOUR];
        const inside = ranges.map(([a, b]) => [Math.max(a, first), Math.min(b, last)]).filter(([a, b]) => b! >= a!);
        if (inside.length === 0) continue;
        const [low, high] = [inside[0]![0]!, inside.at(-1)![1]!];
        const packs = inside.reduce((sum, [a, b]) => sum + b! - a! + 1, 0);
        const at = (seq: number): number => (begin + from + hour) * HOUR_MS + (seq - first) * 60_000;
        putHour.run(id, begin + from + hour, thing + 1, packs, low, at(low), high, at(high), packs, from + hour + 1);
      }
    }
  }
  const epoch = journal.prepare("SELECT value FROM meta WHERE name = 'epoch'").pluck().get() as string;
  sums.prepare("INSERT INTO meta VALUES ('cursor', ?)").run(JSON.stringify({ epoch, id: 0 }));
  sums.prepare("INSERT INTO meta VALUES ('since', ?)").run(String(begin * HOUR_MS));
  for (const db of [sums, journal]) {
    db.exec("COMMIT");
    db.close();
  }
  writeFileSync(join(dir, "hub.yaml"), `dataDir: ${dataDir}\n`);
}

/** Runs `aryk ledger`; its time in seconds, its greatest memory in MiB and how many lines it printed. */
function ask(...args: string[]): { seconds: number; lines: number } {
  const main = join(projectRoot(), "build", "hub", "cli", "main.js");
  const begun = performance.now();
  const out = spawnSync(process.execPath, [main, "--config", join(dir, "hub.yaml"), "ledger", ...args], {
    encoding: "utf8",
    maxBuffer: 4e9,
  });
  if (out.status !== 0) throw new Error(out.stderr);
  return { seconds: +((performance.now() - begun) / 1000).toFixed(1), lines: out.stdout.split("\n").length };
}

try {
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    await Journal.open(join(dataDir, "journal.sqlite")).close();
    const begun = performance.now();
    fill();
    process.stderr.write(`filled in ${Math.round((performance.now() - begun) / 1000)} s\n`);
  }
  const whole = ask();
  const missing = ask("--missing");
  const day = ask("--from", new Date(Date.now() - 24 * HOUR_MS).toISOString());
  const mib = Math.round(statSync(file).size / 2 ** 20);
  console.log(JSON.stringify({ things, days, fileMiB: mib, whole, missing, day }));
} finally {
  if (values.dir === undefined) rmSync(dir, { recursive: true });
}
