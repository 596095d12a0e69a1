/**
 * Settings of boards: what may be set at a site of a type, and asking boards for it. A board takes a change when it is
 * heard next, and says in its hello up to which change it has come (firmware/node/settings.ts).
 */
import { SETTING_LIMITS } from "../../firmware/node/settings.js";
import { EVERY_SETTING, SETTING_VALUE_MAX } from "../../firmware/wire/order.js";
import { siteType } from "../../hardware/sites.js";
import { SetupError } from "../errors.js";
import type { UnixMs } from "../model.js";
import type { Registry } from "../registry.js";
import type { RowBody } from "./rows.js";
import { suggestion } from "../config/suggestion.js";
import type { Desired, Reported } from "./sides.js";

/** A value as it stands in a command; undefined for one that cannot stand there. */
export function settingText(value: number): string | undefined {
  const text = String(value);
  return /^-?\d+(\.\d+)?$/.test(text) && text.length <= SETTING_VALUE_MAX ? text : undefined;
}

/** Names of what may be set at a site of this type, with the least and the greatest value. */
export function settingsOf(type: string): Map<string, [number, number]> {
  const used = Object.keys(siteType(type)?.sampling ?? {});
  return new Map(Object.entries(SETTING_LIMITS).filter(([name]) => used.includes(name)));
}

/** What is wrong with a setting of a site of this type; undefined if nothing is. `null` is the image's own value. */
export function settingProblem(type: string, name: string, value: number | null): string | undefined {
  const known = settingsOf(type);
  const limits = known.get(name);
  if (limits === undefined)
    return `no setting ${name} at sites of type ${type}; ${suggestion(name, [...known.keys()])}`;
  if (value === null) return undefined;
  const [least, most] = limits;
  if (!(value >= least && value <= most)) return `${name} must be ${least} to ${most}`;
  return settingText(value) === undefined ? `${name} must be a plain number` : undefined;
}

/** The type of site that a board's image is made for: `<type>` or `<type>/<build>`. */
export function typeRun(reported: Pick<Reported, "image"> | null): string | undefined {
  return reported?.image.split("/", 1)[0];
}

/** The type of site that the board measures: where it hangs, else what it said that it runs. */
function typeOf(registry: Registry, board: string, at: UnixMs): string {
  if (!registry.knows(board))
    throw new SetupError("NO_BOARD", `there is no board ${board}`, "aryk board list shows them.");
  const type = registry.siteOf(board, at)?.type ?? typeRun(registry.reported(board));
  if (type !== undefined) return type;
  const remedy = "Assign it to a site first (aryk board assign), or let it say hello once.";
  throw new SetupError("BOARD_UNKNOWN_TYPE", `nobody knows yet what ${board} measures`, remedy);
}

/** The revision of the next change: above what was asked for, and above what the board says that it has. */
export function nextRevision(desired: Desired, reported: Reported | null): number {
  return Math.max(desired.rev, reported?.set ?? 0) + 1;
}

/** Settings by name; null is the image's own value. */
export type Wanted = ReadonlyMap<string, number | null>;

/**
 * Asks boards (by name) for settings: all of them or none. What is asked for already is not asked for again. Returns the
 * number of changes. @throws SetupError NO_BOARD, BOARD_UNKNOWN_TYPE, SETTING_INVALID
 */
export function askForSettings(
  registry: Registry,
  boards: ReadonlyMap<string, Wanted>,
  at: UnixMs,
  by: string,
): number {
  const rows: RowBody[] = [];
  for (const [board, wanted] of boards) {
    const type = typeOf(registry, board, at);
    const desired = registry.desired(board);
    let rev = nextRevision(desired, registry.reported(board));
    for (const [name, value] of wanted) {
      const problem = settingProblem(type, name, value);
      if (problem !== undefined)
        throw new SetupError("SETTING_INVALID", `${board}: ${problem}`, "Correct it; nothing was asked for.");
      if ((desired.values.get(name)?.value ?? null) === value) continue;
      rows.push({ kind: "desired", board, rev: rev++, name, value });
    }
  }
  if (rows.length > 0) registry.add(rows, by);
  return rows.length;
}

/**
 * Asks a board for all its settings anew, and to forget every other: for one that has been set by a registry that is no
 * more (a backup that was restored, say). Returns the number of changes. @throws SetupError NO_BOARD
 */
export function restateSettings(registry: Registry, board: string, by: string): number {
  if (!registry.knows(board))
    throw new SetupError("NO_BOARD", `there is no board ${board}`, "aryk board list shows them.");
  const desired = registry.desired(board);
  let rev = nextRevision(desired, registry.reported(board));
  const rows: RowBody[] = [{ kind: "desired", board, rev: rev++, name: EVERY_SETTING, value: null }];
  for (const [name, { value }] of desired.values)
    if (value !== null) rows.push({ kind: "desired", board, rev: rev++, name, value });
  registry.add(rows, by);
  return rows.length;
}
