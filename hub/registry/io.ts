/**
 * The registry as a document (YAML or JSON), to be written by hand or by a program, kept and taken in again:
 *
 *   format: aryk-registry/1
 *   sites: [{ id, type, names: { kk, ru, en }, district, lat, lon, settings }]
 *   boards: [{ board, keys: [{ id, key, revoked }], assignments: [{ site, from, by }], settings, radio,
 *     sheets: [{ began, ended, by, rig, image, version, result, why, steps }] }]
 *   calibrations: [{ site, property, model, params, from, by, note }]
 *
 * Times are ISO 8601 with a zone, or milliseconds since 1970.
 */
import { z } from "zod";
import { SetupError } from "../errors.js";
import { fieldPath } from "../config/field-path.js";
import type { UnixMs } from "../model.js";
import { params } from "./rows.js";
import type { SheetNote } from "./bench.js";
import type { Problem, RowBody, RowOf } from "./rows.js";
import { nextRevision, settingProblem, typeRun } from "./settings.js";
import type { Desired } from "./sides.js";
import type { RegistryState } from "./state.js";

const FORMAT = "aryk-registry/1";
const MOST_PROBLEMS = 20;

const isoTime = z.iso
  .datetime({ offset: true, error: "must be a time with a zone, such as 2026-03-01T08:00:00+05:00" })
  .transform((text) => Date.parse(text));
const time = z.union([z.number().int(), isoTime]);
const who = z.string().max(200).optional();

const document = z.strictObject({
  format: z.literal(FORMAT),
  sites: z
    .array(
      z.strictObject({
        id: z.string(),
        type: z.string(),
        names: z.strictObject({ kk: z.string(), ru: z.string(), en: z.string() }),
        district: z.string().default(""),
        lat: z.number(),
        lon: z.number(),
        settings: z.record(z.string(), z.number()).default({}),
      }),
    )
    .default([]),
  boards: z
    .array(
      z.strictObject({
        board: z.string(),
        keys: z
          .array(z.strictObject({ id: z.string(), key: z.string(), revoked: z.boolean().default(false) }))
          .default([]),
        assignments: z.array(z.strictObject({ site: z.string().nullable(), from: time, by: who })).default([]),
        settings: z.record(z.string(), z.number()).optional(),
        radio: z.string().optional(),
        // What a sheet must say is the row's to check.
        sheets: z.array(z.looseObject({ began: time, ended: time, by: who })).optional(),
      }),
    )
    .default([]),
  calibrations: z
    .array(
      z.strictObject({
        site: z.string(),
        property: z.string(),
        model: z.string(),
        params,
        from: time,
        by: who,
        note: z.string().default(""),
      }),
    )
    .default([]),
});

export type RegistryDocument = z.input<typeof document>;
type DocumentBoard = NonNullable<RegistryDocument["boards"]>[number];
type Checked = z.output<typeof document>;
type SheetOf = (number: number) => RowOf<"bench">;

/** How a row of the document is called in a message: `sites[3]`, or the line of a table it came from. */
export type RowName = (list: string, index: number) => string;

/** Adds a row and returns what is wrong with it; `by` stands for the person who imports. */
export type AddRow = (body: RowBody, by?: string) => Problem[];

const byIndex: RowName = (list, index) => `${list}[${index}]`;

function iso(at: UnixMs): string {
  return new Date(at).toISOString();
}

/** What is asked of a board, as far as it is not the image's own. */
function settingsIn(desired: Desired): { settings?: Record<string, number> } {
  const set = [...desired.values].flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const]));
  return set.length === 0 ? {} : { settings: Object.fromEntries(set) };
}

/** Sheets of a board's bench tests. */
function sheetsIn(notes: readonly SheetNote[], sheetOf: SheetOf): Pick<DocumentBoard, "sheets"> {
  if (notes.length === 0) return {};
  return {
    sheets: notes.map(({ number, by }) => {
      const { began, ended, rig, image, version, result, why, steps } = sheetOf(number);
      return { began: iso(began), ended: iso(ended), by, rig, image, version, result, why, steps };
    }),
  };
}

/**
 * The whole registry as a document; with the boards' keys in force only if asked for.
 * @param sheetOf a sheet by the number of its row
 */
export function exportDocument(state: RegistryState, keys: boolean, sheetOf: SheetOf): RegistryDocument {
  return {
    format: FORMAT,
    sites: state.sites().map(({ number: _, ...site }) => ({ ...site })),
    boards: state.boards().map(({ board, assignments, keys: given, desired, radio, sheets }) => ({
      board,
      ...(keys && {
        keys: given
          .filter((key) => !key.revoked)
          .map(({ id }) => ({ id, key: Buffer.from(state.keyOf(board, id)!).toString("base64url") })),
      }),
      assignments: assignments.map(({ site, from, by }) => ({ site, from: iso(from), by })),
      ...settingsIn(desired),
      ...(radio !== null && { radio }),
      ...sheetsIn(sheets, sheetOf),
    })),
    calibrations: state.calibrations().map(({ site, property, model, params, from, by, note }) => ({
      site,
      property,
      model,
      params,
      from: iso(from),
      by,
      note,
    })),
  };
}

function invalid(problems: string[]): SetupError {
  const more = problems.length > MOST_PROBLEMS ? `\n… and ${problems.length - MOST_PROBLEMS} more` : "";
  return new SetupError(
    "REGISTRY_INVALID",
    problems.slice(0, MOST_PROBLEMS).join("\n") + more,
    "Correct the named rows and fields and import again; nothing was taken over.",
  );
}

function checkShape(input: unknown, rowName: RowName): Checked {
  const result = document.safeParse(input);
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.map((issue) => {
      const [list, index, ...field] = issue.path;
      const where =
        typeof index === "number" ? fieldPath([rowName(String(list), index), ...field]) : fieldPath(issue.path);
      return `${where || "document"}: ${issue.message}`;
    }),
  );
}

/**
 * Adds what a document says and the registry does not say yet. Throws SetupError `REGISTRY_INVALID` that names every row
 * and field at fault; the caller then takes back what was added. Returns the number of rows added.
 */
export function importRows(
  input: unknown,
  state: RegistryState,
  add: AddRow,
  newKey: () => string,
  rowName: RowName = byIndex,
): number {
  const { sites, boards, calibrations } = checkShape(input, rowName);
  const problems: string[] = [];
  let added = 0;
  const put = (where: string, body: RowBody, by?: string): void => {
    const found = add(body, by);
    if (found.length === 0) added++;
    for (const p of found) problems.push(`${where}${p.field === "" ? "" : "." + p.field}: ${p.message}`);
  };

  sites.forEach((site, index) => {
    if (!same({ ...state.site(site.id), number: 0 }, { ...site, number: 0 }))
      put(rowName("sites", index), { kind: "site", ...site } as RowBody);
  });
  boards.forEach(({ board, keys, assignments, settings, radio, sheets = [] }, index) => {
    const where = rowName("boards", index);
    const isNew = !state.knows(board);
    if (isNew) put(where, { kind: "board", board });
    if (!state.knows(board)) return;
    if (isNew && keys.length === 0) put(where, { kind: "key", board, id: "k1", key: newKey() });
    keys.forEach(({ id, key, revoked }, at) => {
      const held = state.keyOf(board, id);
      const known = state.hasKeyId(board, id);
      if (known && (held === undefined ? !revoked : Buffer.from(held).toString("base64url") !== key))
        problems.push(`${where}.keys[${at}].id: the registry has another key ${id}, or has revoked it`);
      if (!known) put(`${where}.keys[${at}]`, { kind: "key", board, id, key });
      if (revoked && state.keyOf(board, id) !== undefined) put(`${where}.keys[${at}]`, { kind: "revoke", board, id });
    });
    assignments.forEach(({ site, from, by }, at) => {
      const known = state.assignmentAt(board, from);
      if (known?.from === from && known.site === site) return;
      put(`${where}.assignments[${at}]`, { kind: "assign", board, site, from }, by);
    });
    if (radio !== undefined && state.boardOfRadio(radio) !== board) put(where, { kind: "radio", board, devEui: radio });
    sheets.forEach(({ by, ...sheet }, at) => {
      if (state.sheets(board).some(({ began, ended }) => began === sheet.began && ended === sheet.ended)) return;
      put(`${where}.sheets[${at}]`, { ...sheet, kind: "bench", board } as unknown as RowBody, by);
    });
    const known = settingsIn(state.desired(board)).settings ?? {};
    const reported = state.reported(board);
    // Where the board hangs last is where it will be set; without a place only the board itself can judge.
    const type = state.siteOf(board, Infinity)?.type ?? typeRun(reported);
    for (const [name, value] of Object.entries(settings ?? {})) {
      if (known[name] === value) continue;
      const problem = type === undefined ? undefined : settingProblem(type, name, value);
      if (problem !== undefined) problems.push(`${where}.settings.${name}: ${problem}`);
      else put(where, { kind: "desired", board, rev: nextRevision(state.desired(board), reported), name, value });
    }
  });
  calibrations.forEach(({ by, ...record }, index) => {
    const known = state.calibrationAt(record.site, record.property, record.from);
    const { model, from, note } = record;
    if (known !== undefined && same({ model, params: record.params, from, note }, pick(known))) return;
    put(rowName("calibrations", index), { kind: "calibration", ...record } as RowBody, by);
  });
  if (problems.length > 0) throw invalid(problems);
  return added;
}

function pick(known: { model: string; params: object; from: UnixMs; note: string }): object {
  return { model: known.model, params: known.params, from: known.from, note: known.note };
}

/** Equal as JSON, whatever the order of the fields. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, sorted(field)]);
}
