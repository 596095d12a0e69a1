/** `aryk bench`: a board on the technician's desk is tested by a rig, and the sheet is kept with the board's name. */
import type { Command } from "commander";
import { join } from "node:path";
import { planOf } from "../../hardware/bench/plan.js";
import type { Plan } from "../../hardware/bench/plan.js";
import { DRIVE_MOST_V, wiringOf } from "../../hardware/bench/wiring.js";
import { boardOf } from "../../hardware/boards.js";
import { imageName } from "../../hardware/image.js";
import { SITE_TYPES, siteType } from "../../hardware/sites.js";
import type { Build, SiteType } from "../../hardware/sites.js";
import { openNodeSide } from "../bench/node-side.js";
import { openRig } from "../bench/rig.js";
import { runBench } from "../bench/run.js";
import { sheetText, stepLine, verdictLines } from "../bench/sheet.js";
import { realClock } from "../clock.js";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";
import { Registry } from "../registry.js";
import { account } from "./sights.js";
import { number, withRegistry } from "./open-registry.js";

interface BenchOptions {
  port?: string;
  type?: string;
  build?: string;
  patience: string;
  wiring?: string;
  last?: boolean;
  json?: boolean;
}

function typeOf(name: string): SiteType {
  const type = siteType(name);
  if (type !== undefined) return type;
  const known = SITE_TYPES.map((one) => one.name).join(", ");
  throw new SetupError("NO_SITE_TYPE", `no type of site "${name}"`, `Name one of: ${known}.`);
}

function buildOf(type: SiteType, text: string): Build {
  const build = type.builds[number(text)];
  if (build !== undefined) return build;
  throw new SetupError(
    "NO_BUILD",
    `there is no build ${text} of ${type.name}`,
    "See hardware/sites.ts; they count from 0.",
  );
}

/** How the rig is wired for a build, as text. */
export function wiringText(type: SiteType, build: Build): string {
  const rows = wiringOf(type, build).map(({ rig, node, through, mostV, off = [] }) => [
    rig,
    node,
    through,
    mostV === null ? "-" : `≤ ${mostV.toFixed(2)} V`,
    off.map(({ en }) => en).join("; ") || "-",
  ]);
  const head = ["rig", "node", "through", "drives", "off meanwhile"];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  const line = (row: string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join("  ")
      .trimEnd();
  const logicV = boardOf(build.board)?.logicV ?? 0;
  return [
    `${type.name}, ${build.board} ${build.uplink} ${build.supply}`,
    `THE UNO IS A 5 V PART, THE NODE BEARS ${logicV} V. No pin of the Uno goes to a pin of the node without the resistors`,
    `named here; with them the node gets ${DRIVE_MOST_V.toFixed(2)} V at the most. Ground first. Wire it with everything off.`,
    "",
    ...[head, ...rows].map(line),
  ].join("\n");
}

/** The plan for a board: by what is named, else by what the board last said that it runs. */
function planFor(registry: Registry, board: string, { type: name, build }: BenchOptions): Plan {
  const image = registry.reported(board)?.image;
  if (name === undefined && image === undefined)
    throw new SetupError("BOARD_UNKNOWN_TYPE", `nobody knows yet what ${board} is`, "Name its type: --type underpass");
  const type = typeOf(name ?? image!.split("/", 1)[0]);
  const running = type.builds.find((one) => imageName(type, one) === image);
  return planOf(type, build === undefined ? (running ?? type.builds[0]) : buildOf(type, build));
}

/** On a site its readings are a street's: a contact that the rig closes would be a flood there. */
function needStore(registry: Registry, board: string): void {
  if (!registry.knows(board))
    throw new SetupError("NO_BOARD", `there is no board ${board}`, `Register it: aryk board add ${board}`);
  const site = registry.siteOf(board, Date.now());
  if (site === undefined) return;
  throw new SetupError(
    "BOARD_AT_SITE",
    `${board} hangs at ${site.id}: what the rig does to it would raise alarms there`,
    `Take it down first: aryk board assign ${board}`,
  );
}

async function test(program: Command, version: string, board: string, options: BenchOptions): Promise<void> {
  const { port } = options;
  if (port === undefined)
    throw new SetupError("BENCH_PORT", "no port named", "Name the rig's: --port /dev/serial/by-id/…-if00");
  const patienceMs = 1000 * number(options.patience);
  const { dataDir } = loadConfig(program.opts<{ config: string }>().config, process.env);
  const registry = Registry.open(join(dataDir, "registry.sqlite"), realClock);
  const off = new AbortController();
  // Again and again, if need be: a process that ended now would leave the relays as they are. Nor does one more at the
  // very end take the place of the verdict.
  const callOff = (): void => {
    if (!off.signal.aborted) console.error("Called off: opening the relays …");
    off.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, callOff);
  try {
    needStore(registry, board);
    const plan = planFor(registry, board, options);
    const by = account();
    const node = openNodeSide(registry, join(dataDir, "journal.sqlite"), board, plan.properties, by);
    try {
      console.log(`${board} as ${plan.image}: the relays open, then the board is switched on. Ctrl-C calls it off.`);
      const sheet = await runBench({
        ...{ registry, clock: realClock, node, board, plan, by, version, patienceMs, signal: off.signal },
        openRig: () => openRig({ path: port }),
        say: (step) => console.log(stepLine(step)),
        note: (text) => console.error(text),
      });
      registry.add([sheet], by);
      for (const step of sheet.steps) if (step.result === "not-run") console.log(stepLine(step));
      console.log(verdictLines(sheet, by).join("\n"));
      process.exitCode = sheet.result === "pass" ? 0 : 1;
    } finally {
      node.close();
    }
  } finally {
    registry.close();
  }
}

function showLast(program: Command, board: string, json: boolean): void {
  withRegistry(program, (registry) => {
    const note = registry.sheets(board).at(-1);
    if (note === undefined)
      throw new SetupError(
        "NO_SHEET",
        `${board} has no sheet of a bench test`,
        `aryk bench ${board} --port … makes one.`,
      );
    const sheet = registry.sheet(note.number);
    console.log(json ? JSON.stringify({ ...sheet, by: note.by }, null, 2) : sheetText(sheet, note));
    process.exitCode = sheet.result === "pass" ? 0 : 1;
  });
}

/** Adds `bench`. `version` is that of this program. */
export function addBenchCommand(program: Command, version: string): void {
  program
    .command("bench [board]")
    .description(
      "test a board on the desk by a rig (an Arduino with StandardFirmata), and keep the sheet with its name",
    )
    .option("--port <device>", "the rig's serial port")
    .option("--type <type>", "type of site that the board is built for; else what it last said that it runs")
    .option("--build <n>", "which of its builds (hardware/sites.ts), from 0")
    .option("--patience <seconds>", "how long an answer of the board is waited for", "300")
    .option("--last", "print the last sheet of the board")
    .option("--json", "with --last: as JSON")
    .option("--wiring <type>", "print how the rig is wired for a type of site, and do nothing")
    .addHelpText(
      "after",
      "\nThe exit code is 0 for a pass and 1 for everything else. How the rig is built: hardware/bench/README.md",
    )
    .action(async (board: string | undefined, options: BenchOptions) => {
      if (options.wiring !== undefined) {
        const type = typeOf(options.wiring);
        return console.log(wiringText(type, buildOf(type, options.build ?? "0")));
      }
      if (board === undefined) throw new SetupError("NO_BOARD", "no board named", "aryk bench <board> --port <device>");
      if (options.last === true) return showLast(program, board, options.json === true);
      return await test(program, version, board, options);
    });
}
