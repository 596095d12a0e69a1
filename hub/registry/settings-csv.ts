/** Settings of boards as a table (CSV, RFC 4180): one line for each; an empty value is the image's own. */
import { SetupError } from "../errors.js";
import type { UnixMs } from "../model.js";
import type { Registry } from "../registry.js";
import { csvLine, numberIn, parseCsv } from "./csv.js";
import { askForSettings } from "./settings.js";
import type { Board } from "./state.js";

const COLUMNS = ["board", "setting", "value"];

/** What boards are asked for. */
export function settingsToCsv(boards: Iterable<Pick<Board, "board" | "desired">>): string {
  const lines = [csvLine(COLUMNS)];
  for (const { board, desired } of boards)
    for (const [name, { value }] of desired.values) if (value !== null) lines.push(csvLine([board, name, value]));
  return lines.join("");
}

/** Asks boards for what a table says, all or nothing; returns the number of changes. @throws SetupError SETTINGS_TABLE and those of askForSettings */
export function importSettingsCsv(registry: Registry, text: string, at: UnixMs, by: string): number {
  const plain = text.replace(/^\uFEFF/, "");
  const [header, ...rows] = parseCsv(plain, (plain.split("\n", 1)[0] ?? "").includes(";") ? ";" : ",");
  const bad = (line: number, message: string): SetupError =>
    new SetupError("SETTINGS_TABLE", `line ${line}: ${message}`, `Write the columns ${COLUMNS.join(", ")}.`);
  if (header === undefined || COLUMNS.some((name, i) => header.cells[i]?.trim() !== name))
    throw bad(1, `the columns must be ${COLUMNS.join(", ")}`);
  const wanted = new Map<string, Map<string, number | null>>();
  for (const { line, cells } of rows) {
    if (cells.length !== COLUMNS.length) throw bad(line, `${cells.length} cells instead of ${COLUMNS.length}`);
    const [board, setting, value] = cells.map((cell) => cell.trim());
    const number = value === "" ? null : numberIn(value);
    if (number !== null && Number.isNaN(number)) throw bad(line, `${value} is no number`);
    const ofBoard = wanted.get(board) ?? new Map<string, number | null>();
    wanted.set(board, ofBoard.set(setting, number));
  }
  return askForSettings(registry, wanted, at, by);
}
