/**
 * Who was told what of an alarm. Told is whoever a notice was made for that was not held back, and not dropped before
 * its first try: what was tried may have arrived.
 */
import type Database from "better-sqlite3";
import type { Language, Notice, Transition } from "./protocol.js";
import { toTransition } from "./register-rows.js";
import type { TransitionRow } from "./register-rows.js";

const TOLD = "(n.state NOT IN ('held', 'dropped') OR n.attempts > 0)";
const TRANSITIONS = `SELECT t.*, a.site, a.kind FROM transitions t JOIN alarms a ON a.id = t.alarm
  JOIN notices n ON n.alarm = t.alarm AND n.revision = t.revision`;

/** The transition behind a notice, and those of its episode that the same channel and address were told before. */
export interface Story {
  transition: Transition;
  earlier: Transition[];
}

export function storyOf(db: Database.Database, notice: Pick<Notice, "alarm" | "revision" | "channel" | "to">): Story {
  const { alarm, revision, channel, to } = notice;
  const row = db
    .prepare(`${TRANSITIONS} WHERE t.alarm = ? AND t.revision = ? AND n.channel = ? AND n.recipient = ?`)
    .get(alarm, revision, channel, to) as TransitionRow;
  const earlier = db
    .prepare(
      `${TRANSITIONS} WHERE t.alarm = ? AND t.episode = ? AND t.revision < ? AND n.channel = ? AND n.recipient = ?
         AND ${TOLD} ORDER BY t.revision`,
    )
    .all(alarm, row.episode, revision, channel, to) as TransitionRow[];
  return { transition: toTransition(row), earlier: earlier.map(toTransition) };
}

/** Somebody who was told of an alarm. */
export interface Hearer {
  channel: string;
  to: string;
  /** That of the last notice. */
  language: Language;
  /** When the last of the notices was or is due (hub's clock): nobody hears of the end before the beginning. */
  dueAt: number;
}

/** Everybody who was told of an episode of an alarm: one for each channel and address. */
export function hearersOf(db: Database.Database, alarm: number, episode: number): Hearer[] {
  const rows = db
    .prepare(
      `SELECT n.channel, n.recipient AS "to", n.language, n.due_at AS dueAt FROM notices n
         JOIN transitions t ON t.alarm = n.alarm AND t.revision = n.revision
       WHERE n.alarm = ? AND t.episode = ? AND ${TOLD} ORDER BY n.id`,
    )
    .all(alarm, episode) as Hearer[];
  const found = new Map<string, Hearer>();
  for (const row of rows) {
    const key = `${row.channel}\n${row.to}`;
    found.set(key, { ...row, dueAt: Math.max(row.dueAt, found.get(key)?.dueAt ?? -Infinity) });
  }
  return [...found.values()];
}
