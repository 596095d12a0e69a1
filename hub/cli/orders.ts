/** `aryk board set|settings|drift|test|reboot|show`: what boards are asked for, and what they say of themselves. */
import type { Command } from "commander";
import { SetupError } from "../errors.js";
import { askBoard } from "../orders/asks.js";
import type { Board, Registry } from "../registry.js";
import { driftOf, driftsOf } from "../registry/drift.js";
import { importSettingsCsv, settingsToCsv } from "../registry/settings-csv.js";
import { askForSettings, restateSettings } from "../registry/settings.js";
import { number, textOf, withRegistry } from "./open-registry.js";

const when = (at: number): string => new Date(at).toISOString().slice(0, 16) + "Z";

/** The boards that a name stands for: a board, those of a site, or those of every site of a type. @throws SetupError NO_TARGET */
function boardsOf(registry: Registry, target: string): string[] {
  if (registry.knows(target)) return [target];
  const now = Date.now();
  const sites = registry.sites().filter((site) => site.id === target || site.type === target);
  const boards = sites.flatMap((site) => registry.boardsAt(site.id, now));
  if (boards.length > 0) return boards;
  const message =
    sites.length > 0 ? `no board hangs at ${target}` : `${target} is no board, no site and no type of site`;
  throw new SetupError("NO_TARGET", message, "aryk board list and aryk site list show what there is.");
}

/** `name=value` as a change; without a value it is the image's own again. @throws SetupError SETTING, NUMBER */
function changeOf(text: string): [string, number | null] {
  const [name, value, ...more] = text.split("=");
  if (name === undefined || name === "" || value === undefined || more.length > 0)
    throw new SetupError(
      "SETTING",
      `"${text}" is no setting`,
      "Write drySeconds=300, or drySeconds= for the usual value.",
    );
  return [name, value === "" ? null : number(value)];
}

function boardRow(registry: Registry, name: string): Board {
  const found = registry.boards().find((one) => one.board === name);
  if (found === undefined) throw new SetupError("NO_BOARD", `there is no board ${name}`, "aryk board list shows them.");
  return found;
}

/** Everything that is known of a board, a line for each thing. */
function describe(row: Board): string[] {
  const { desired, reported, asks, sheets } = row;
  const said = Object.entries(reported ?? {}).filter(([name, value]) => name !== "at" && value !== undefined);
  const drift = driftOf(row);
  return [
    reported === null ? "has not said hello yet" : `said on ${when(reported.at)}`,
    ...said.map(([name, value]) => `  ${name}\t${String(value)}`),
    `asked for, change ${desired.rev}`,
    ...[...desired.values].map(([name, one]) => `  ${name}\t${one.value ?? "usual"}\t${when(one.at)}\t${one.by}`),
    drift === null ? "as it was asked to be" : `differs: ${drift.kind} ${drift.names.join(",")}`,
    ...asks.map(({ verb, at, by, answer }) =>
      answer === null
        ? `${verb} asked for on ${when(at)} by ${by}: no answer yet`
        : `${verb} answered on ${when(answer.at)}: ${JSON.stringify(answer.report)}`,
    ),
    ...sheets.slice(-1).map(({ result, ended, by, why }) => {
      const found = `bench test on ${when(ended)} by ${by}: ${result}`;
      return why === "" ? found : `${found} (${why})`;
    }),
  ];
}

/** Adds the commands to `aryk board`. */
export function addOrderCommands(program: Command, board: Command): void {
  board
    .command("set <target> [settings...]")
    .description("ask a board, the boards of a site, or those of a type of site for settings: drySeconds=300 wetMm=")
    .option("--anew", "ask for all its settings again and to forget every other")
    .action((target: string, settings: string[], o: { anew?: boolean }) =>
      withRegistry(program, (registry, by) => {
        const boards = boardsOf(registry, target);
        let changes = 0;
        if (o.anew === true) for (const one of boards) changes += restateSettings(registry, one, by);
        else if (settings.length === 0)
          throw new SetupError("SETTING", "nothing to set", "Name settings: drySeconds=300");
        const wanted = new Map(settings.map(changeOf));
        changes += askForSettings(registry, new Map(boards.map((one) => [one, wanted])), Date.now(), by);
        console.log(
          `${changes} changes are asked of ${boards.length} boards: aryk board drift shows when they are there.`,
        );
      }),
    );
  board
    .command("settings [file]")
    .description("print what boards are asked for as a table (CSV), or ask for what such a table says")
    .action((file: string | undefined) =>
      withRegistry(program, (registry, by) => {
        if (file === undefined) process.stdout.write(settingsToCsv(registry.sides()));
        else console.log(`${importSettingsCsv(registry, textOf(file), Date.now(), by)} changes are asked for.`);
      }),
    );
  board
    .command("drift")
    .description("boards that are not set as they were asked to be")
    .option("--json", "as JSON")
    .action((o: { json?: boolean }) =>
      withRegistry(program, (registry) => {
        const drifts = driftsOf(registry.sides());
        if (o.json === true) console.log(JSON.stringify(drifts, null, 2));
        else {
          for (const { board: name, kind, rev, has, names, since } of drifts)
            console.log([name, kind, `${has ?? "-"}/${rev}`, names.join(",") || "-", when(since)].join("\t"));
          console.error(`${drifts.length} boards differ.`);
        }
      }),
    );
  for (const verb of ["test", "reboot"] as const)
    board
      .command(`${verb} <board...>`)
      .description(
        verb === "test"
          ? "ask boards to test sensors, supply, memory, flash and link; aryk board show prints the answer"
          : "ask boards to restart",
      )
      .action((names: string[]) =>
        withRegistry(program, (registry, by) => {
          for (const name of names) askBoard(registry, name, verb, by);
          console.log("Asked. A board answers when it is heard next: aryk board show.");
        }),
      );
  board
    .command("show <board>")
    .description("what a board says of itself, what it is asked for, and its last answers")
    .action((name: string) =>
      withRegistry(program, (registry) => console.log(describe(boardRow(registry, name)).join("\n"))),
    );
}
