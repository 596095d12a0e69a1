/**
 * Sites as a table (CSV, RFC 4180), for people who keep them in a spreadsheet. One line per site; the columns are
 * {@link COLUMNS}, and `settings.<name>` for each setting.
 */
import { SetupError } from "../errors.js";
import type { RowName } from "./io.js";
import type { Registry } from "../registry.js";
import type { Site } from "./state.js";

const COLUMNS = ["id", "type", "name_kk", "name_ru", "name_en", "district", "lat", "lon"];
const SETTING = "settings.";

interface CsvRow {
  /** Line of the file on which the row begins, from 1. */
  line: number;
  cells: string[];
}

function bad(message: string): SetupError {
  return new SetupError("REGISTRY_INVALID", message, "Correct the table and import again; nothing was taken over.");
}

/** The rows of a CSV text: quoted cells may hold the separator, line ends and doubled quotes. Empty lines are skipped. */
export function parseCsv(text: string, separator: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let row: CsvRow = { line: 1, cells: [] };
  let cell = "";
  let line = 1;
  let quoted = false;
  const endCell = (): void => {
    row.cells.push(cell);
    cell = "";
  };
  const endRow = (): void => {
    endCell();
    if (row.cells.length > 1 || row.cells[0] !== "") rows.push(row);
    row = { line: line + 1, cells: [] };
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') cell += text[++i];
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === separator) endCell();
    else if (c === "\n") endRow();
    else if (c !== "\r" || text[i + 1] !== "\n") cell += c;
    if (c === "\n") line++;
  }
  if (quoted) throw bad(`line ${row.line}: a quotation mark is never closed`);
  if (cell !== "" || row.cells.length > 0) endRow();
  return rows;
}

/** A number as a spreadsheet writes it, with a point or a comma; what is none becomes NaN and is refused by name. */
export function numberIn(cell: string): number {
  return cell.trim() === "" ? NaN : Number(cell.trim().replace(",", "."));
}

/** Reads a table of sites into a document for Registry.import. Throws SetupError `REGISTRY_INVALID`. */
export function sitesFromCsv(text: string): { document: unknown; rowName: RowName } {
  const plain = text.replace(/^\uFEFF/, "");
  const head = plain.slice(0, plain.indexOf("\n") < 0 ? undefined : plain.indexOf("\n"));
  const [header, ...rows] = parseCsv(plain, head.includes(";") ? ";" : ",");
  if (header === undefined) throw bad("the table is empty");
  const columns = header.cells.map((cell) => cell.trim());
  for (const name of COLUMNS) if (!columns.includes(name)) throw bad(`line 1: no column ${name}`);
  for (const name of columns)
    if (!COLUMNS.includes(name) && !name.startsWith(SETTING)) throw bad(`line 1: unknown column ${name}`);
  const sites = rows.map((row) => {
    if (row.cells.length !== columns.length)
      throw bad(`line ${row.line}: ${row.cells.length} cells, the first line has ${columns.length}`);
    const at = (name: string): string => row.cells[columns.indexOf(name)].trim();
    const settings: Record<string, number> = {};
    for (const name of columns)
      if (name.startsWith(SETTING) && at(name) !== "") settings[name.slice(SETTING.length)] = numberIn(at(name));
    return {
      id: at("id"),
      type: at("type"),
      names: { kk: at("name_kk"), ru: at("name_ru"), en: at("name_en") },
      district: at("district"),
      lat: numberIn(at("lat")),
      lon: numberIn(at("lon")),
      settings,
    };
  });
  return { document: { format: "aryk-registry/1", sites }, rowName: (_, index) => `line ${rows[index].line}` };
}

/** Adds or restates the sites of a table, all or none; returns how many rows were added. @throws SetupError */
export function importSitesCsv(registry: Registry, text: string, by: string): number {
  const { document, rowName } = sitesFromCsv(text);
  return registry.import(document, by, rowName);
}

function cell(value: string | number): string {
  const text = String(value);
  // A cell that begins so would be run as a formula by a spreadsheet.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",;\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}

/** One line of a table. */
export function csvLine(cells: (string | number)[]): string {
  return cells.map(cell).join(",") + "\r\n";
}

/** Sites as a table. */
export function sitesToCsv(sites: Site[]): string {
  const settings = [...new Set(sites.flatMap((site) => Object.keys(site.settings)))].sort();
  const lines = [[...COLUMNS, ...settings.map((name) => SETTING + name)]] as (string | number)[][];
  for (const s of sites)
    lines.push([
      ...[s.id, s.type, s.names.kk, s.names.ru, s.names.en, s.district, s.lat, s.lon],
      ...settings.map((name) => s.settings[name] ?? ""),
    ]);
  return lines.map(csvLine).join("");
}
