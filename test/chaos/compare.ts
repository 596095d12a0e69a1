/** What the boards were promised, held against what the hub has on disk. */
import Database from "better-sqlite3";
import type { Transition } from "../../hub/alerts/protocol.js";
import type { Journalled } from "../../hub/model.js";
import { FLOOD_EVERY_MIN, FLOOD_HIGH_UNTIL_MIN, floodsUntil } from "./load.js";

export interface Readings {
  stored: number;
  lost: string[];
  duplicated: string[];
}

/** Every acknowledged line must stand in the journal, byte for byte, and none may stand there twice. */
export function compareReadings(acked: Map<string, string>, entries: Iterable<Journalled>): Readings {
  const stored = new Map<string, string>();
  const duplicated: string[] = [];
  for (const entry of entries) {
    if (entry.kind !== "pack") continue;
    const key = `${entry.board} ${entry.seq}`;
    if (stored.has(key)) duplicated.push(key);
    stored.set(key, entry.line);
  }
  const lost = [...acked].filter(([key, line]) => stored.get(key) !== line).map(([key]) => key);
  return { stored: stored.size, lost, duplicated };
}

export interface Alarms {
  floods: number;
  /** Floods into which the closure of the one before still stood: missing data never clears an alarm. */
  standing: number;
  transitions: number;
  lost: string[];
  repeated: string[];
}

/** Transitions of one alarm must form one unbroken chain: revision by revision, each from where the last ended. */
function brokenChain(chain: Transition[]): string[] {
  return chain.flatMap((t, i) => {
    const before = chain[i - 1];
    const fits = before === undefined ? t.revision === 1 : t.revision === before.revision + 1 && t.from === before.to;
    return fits ? [] : [`${t.site} ${t.kind} revision ${t.revision} from ${t.from}`];
  });
}

/** True where a transition lifts an alarm to level 3 or above, from below. */
function closes(t: Transition, before: Transition | undefined): boolean {
  const levelBefore = before === undefined || before.to === "NORM" ? 0 : before.level;
  return (t.step === "raise" || t.step === "escalate") && t.level >= 3 && (levelBefore < 3 || t.step === "raise");
}

/** True if level 3 stood when the flood began, and was not taken back before its water fell: nobody had to be told anew. */
function stood(chain: Dated[], from: number, highUntil: number): boolean {
  const before = chain.findLast((t) => t.happened < from);
  if (before === undefined || before.level < 3 || (before.to !== "UNACK" && before.to !== "ACKED")) return false;
  return chain.every((t) => t.happened < from || t.happened >= highUntil || (t.level >= 3 && t.step !== "clear"));
}

/** When it really was: a hub whose clock somebody has set wrong dates readings, and so its alarms, by that clock. */
type Dated = Transition & { happened: number };

/** When the boards, whose clocks are right, took the readings: by the entry's id in the journal. */
export function nodeTimes(entries: Iterable<Journalled>): Map<number, number> {
  const times = new Map<number, number>();
  for (const entry of entries)
    if (entry.kind === "pack" && entry.nodeTime !== null) times.set(entry.id, entry.nodeTime);
  return times;
}

/**
 * Every scripted flood that ended before `minutes` must have lifted its site's alarm to level 3 exactly once, unless it stood
 * there already.
 * @param startMs the script's minute 0
 * @param nodeTimes when the readings were taken, by entry, where the hub's clock may have been wrong: {@link nodeTimes}
 */
export function compareAlarms(
  transitions: Transition[],
  sites: { id: string; offsetMin: number }[],
  startMs: number,
  minutes: number,
  nodeTimes: ReadonlyMap<number, number> = new Map(),
): Alarms {
  const result: Alarms = { floods: 0, standing: 0, transitions: transitions.length, lost: [], repeated: [] };
  const chains = new Map<string, Dated[]>();
  for (const t of transitions) {
    const key = `${t.site} ${t.kind}`;
    const happened = (t.entry === null ? undefined : nodeTimes.get(t.entry)) ?? t.time;
    chains.set(key, [...(chains.get(key) ?? []), { ...t, happened }]);
  }
  for (const chain of chains.values()) result.repeated.push(...brokenChain(chain));
  for (const { id, offsetMin } of sites) {
    const chain = chains.get(`${id} flood`) ?? [];
    for (const start of floodsUntil(minutes, offsetMin)) {
      result.floods++;
      const from = startMs + start * 60_000;
      const until = from + FLOOD_EVERY_MIN * 60_000;
      const lifts = chain.filter((t, i) => t.happened >= from && t.happened < until && closes(t, chain[i - 1]));
      if (lifts.length === 0 && stood(chain, from, from + FLOOD_HIGH_UNTIL_MIN * 60_000)) result.standing++;
      else if (lifts.length === 0) result.lost.push(`${id} flood of minute ${start}`);
      if (lifts.length > 1) result.repeated.push(`${id} flood of minute ${start}: ${lifts.length} times`);
    }
  }
  return result;
}

/** Notices of a closure (level 3 or 4) that never reached their channel, in words. @param file the register's */
export function untold(file: string): string[] {
  const db = new Database(file, { readonly: true });
  try {
    const rows = db
      .prepare(
        `SELECT key, state, error FROM notices
         WHERE level >= 3 AND state IN ('queued', 'leased', 'retry', 'expired', 'dead') ORDER BY id`,
      )
      .all() as { key: string; state: string; error: string | null }[];
    return rows.map(({ key, state, error }) => `notice ${key} is ${state}: ${error ?? "never tried"}`);
  } finally {
    db.close();
  }
}
