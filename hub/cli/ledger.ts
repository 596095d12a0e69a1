/** `aryk ledger`: what arrived, what is missing and why. Reads the hub's files; the hub may run meanwhile. */
import { Option, type Command } from "commander";
import { join } from "node:path";
import { realClock, type Clock } from "../clock.js";
import type { LedgerQuery, LedgerReport, MissingRange, ThingReport } from "../completeness/counts.js";
import { openNumbers } from "../completeness/numbers.js";
import { makeReport } from "../completeness/report.js";
import { readStore } from "../completeness/read.js";
import { COMPLETENESS } from "../completeness/schema.js";
import { loadConfig } from "../config.js";
import { Registry } from "../registry.js";
import { moment } from "./open-registry.js";

interface LedgerOptions {
  site?: string;
  board?: string;
  from?: string;
  to?: string;
  missing?: boolean;
  hours?: boolean;
  json?: boolean;
}

/** A share without rounding up: 99.99 % of a million is not all. */
function percent(share: number | null): string {
  return share === null ? "-" : share === 1 ? "100 %" : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}

const at = (time: number | null): string => (time === null ? "?" : new Date(time).toISOString().slice(0, 16) + "Z");

/** Aligned columns; the first row is the head. */
function table(rows: string[][]): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function thingRow(thing: ThingReport): string[] {
  const { expected, received, dropped, mayWait, unexplained, dead, duplicates, refused, late, clock } = thing;
  const counts = [expected, received, dropped, mayWait, unexplained, dead, duplicates, refused, late, clock];
  const waits = thing.waiting === null ? "-" : String(thing.waiting.lines);
  const last = [String(thing.silentHours), waits, percent(thing.completeness)];
  return [thing.site ?? "(no site)", thing.board, ...counts.map(String), ...last];
}

/** What the table of things and the table of hours both begin with. */
const COUNTED = ["expected", "received", "dropped", "may-wait", "unexplained", "dead"];
const THING_HEAD = [
  "site",
  "board",
  ...COUNTED,
  "duplicates",
  "refused",
  "late",
  "clock",
  "silent-h",
  "waiting",
  "complete",
];
const HOUR_HEAD = ["hour", "site", "board", "state", ...COUNTED, "late", "clock"];

function missingRow(range: MissingRange): string[] {
  const { first, last } = range;
  const numbers = first === last ? String(first) : `${first}-${last}`;
  const between = `${at(range.after)} .. ${at(range.before)}`;
  const hour = range.hour === null ? "unknown" : at(range.hour);
  const name = `${range.epoch}.${range.boot}`;
  return [range.board, name, numbers, String(last - first + 1), range.reason, hour, between, range.site ?? "(no site)"];
}

function print(report: LedgerReport, options: LedgerOptions): void {
  const { total } = report;
  if (options.missing === true) {
    if (report.missing.length > 0)
      console.log(
        table([
          ["board", "start", "numbers", "count", "reason", "hour", "between", "site"],
          ...report.missing.map(missingRow),
        ]),
      );
    console.log(`${total.dropped + total.mayWait + total.unexplained} numbers are missing.`);
    return;
  }
  if (options.hours === true) {
    const rows = report.hours.map((h) => {
      const { expected, received, dropped, mayWait, unexplained, dead, late, clock } = h;
      const counts = [expected, received, dropped, mayWait, unexplained, dead, late, clock].map(String);
      return [at(h.hour), h.site ?? "(no site)", h.board, h.state, ...counts];
    });
    console.log(table([HOUR_HEAD, ...rows]));
    return;
  }
  const times = { node: 0, anchor: 0, received: 0 };
  for (const thing of report.things)
    for (const way of ["node", "anchor", "received"] as const) times[way] += thing.times[way];
  const sum: ThingReport = {
    ...{ site: "all", board: "", ...total, deadBy: {}, refusedBy: {}, times, waiting: null },
  };
  console.log(table([THING_HEAD, ...report.things.map(thingRow), thingRow(sum)]));
  for (const { board, deadBy, refusedBy } of report.things)
    for (const [word, by] of [["dead letters", deadBy] as const, ["refused", refusedBy] as const])
      if (Object.keys(by).length > 0)
        console.log(
          `${board}: ${word}: ${Object.entries(by)
            .map(([name, n]) => `${name} ${n}`)
            .join(", ")}`,
        );
  const strangers = Object.entries(report.strangers);
  if (strangers.length > 0)
    console.log(`refused, of no registered board: ${strangers.map(([name, n]) => `${name} ${n}`).join(", ")}`);
  if (report.behind > 0) console.log(`${report.behind} entries of the journal are not placed in hours yet.`);
}

async function ledger(program: Command, clock: Clock, options: LedgerOptions): Promise<void> {
  const { dataDir } = loadConfig(program.opts<{ config: string }>().config, process.env);
  const query: LedgerQuery = { now: clock.now() };
  if (options.site !== undefined) query.site = options.site;
  if (options.board !== undefined) query.board = options.board;
  if (options.from !== undefined) query.from = moment(options.from);
  if (options.to !== undefined) query.to = moment(options.to);
  if (options.hours === true) query.hours = Infinity;
  const numbers = openNumbers(join(dataDir, "journal.sqlite"));
  const hours = readStore(join(dataDir, COMPLETENESS.fileName));
  const registry = Registry.open(join(dataDir, "registry.sqlite"), clock);
  try {
    const report = await makeReport({ numbers, hours, places: registry }, query);
    if (options.json !== true) return print(report, options);
    const { missing, hours: byHour, ...rest } = report;
    const more = {
      ...(options.missing === true ? { missing } : {}),
      ...(options.hours === true ? { hours: byHour } : {}),
    };
    console.log(JSON.stringify({ ...rest, ...more }, null, 2));
  } finally {
    numbers.close();
    hours?.close();
    registry.close();
  }
}

/** Adds `ledger`. `clock` says which hours are over. */
export function addLedgerCommand(program: Command, clock: Clock = realClock): void {
  program
    .command("ledger")
    .description("what arrived, what is missing and why, by site and board; the hub may run meanwhile")
    .option("--site <id>", "of one site only")
    .option("--board <name>", "of one board only")
    .option("--from <moment>", "hours from then on, with a zone")
    .option("--to <moment>", "hours before then, with a zone")
    .addOption(new Option("--missing", "every missing number, as ranges with hour and reason").conflicts("hours"))
    .option("--hours", "hour by hour")
    .option("--json", "as JSON")
    .action((options: LedgerOptions) => ledger(program, clock, options));
}
