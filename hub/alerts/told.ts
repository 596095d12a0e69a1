/**
 * Who is told what of an alarm, and telling them again: of the reset by a person, and that a closure stands. Told is
 * whoever a notice was made for that was not held back, and not dropped before its first try: what was tried may have
 * arrived.
 */
import type Database from "better-sqlite3";
import type { AlarmStore } from "./alarm-store.js";
import type { Cursor } from "../model.js";
import { concerns, type Outbox } from "./outbox.js";
import type { CommitRequest, Language, Notice, NoticeRequest, Telling, Transition } from "./protocol.js";
import { toTransition } from "./register-rows.js";
import type { TransitionRow } from "./register-rows.js";
import { getMeta } from "./register-schema.js";

const TOLD = "(n.state NOT IN ('held', 'dropped') OR n.attempts > 0)";
/** The latest moment of an episode up to a telling: from rows that never change, and the same for all who are told. */
const SENT = `max(
  (SELECT max(u.at) FROM transitions u WHERE u.alarm = t.alarm AND u.episode = t.episode AND u.revision <= t.revision),
  coalesce((SELECT max(m.created) FROM notices m JOIN transitions u ON u.alarm = m.alarm AND u.revision = m.revision
    WHERE m.alarm = t.alarm AND u.episode = t.episode AND m.renewal > 0 AND (m.revision, m.renewal) <= (n.revision, n.renewal)), 0))`;
const TELLINGS = `SELECT t.*, a.site, a.kind, n.renewal, n.created AS said, ${SENT} AS sent
  FROM transitions t JOIN alarms a ON a.id = t.alarm JOIN notices n ON n.alarm = t.alarm AND n.revision = t.revision`;

type TellingRow = TransitionRow & { renewal: number; said: number; sent: number };

function toTelling(row: TellingRow): Telling {
  const transition: Telling = toTransition(row);
  if (row.renewal !== 0) Object.assign(transition, { at: row.said, renewal: row.renewal });
  if (row.sent > transition.at) transition.sent = row.sent;
  return transition;
}

/** What a notice tells, and what the same channel and address were told before of the same episode. */
export interface Story {
  transition: Telling;
  earlier: Telling[];
}

/** The part of a notice that says what it is about. */
export type Told = Pick<Notice, "alarm" | "revision" | "renewal" | "channel" | "to">;

export function storyOf(db: Database.Database, notice: Told): Story {
  const { alarm, revision, renewal, channel, to } = notice;
  const row = db
    .prepare(`${TELLINGS} WHERE t.alarm = ? AND t.revision = ? AND n.renewal = ? AND n.channel = ? AND n.recipient = ?`)
    .get(alarm, revision, renewal, channel, to) as TellingRow;
  const earlier = db
    .prepare(
      `${TELLINGS} WHERE t.alarm = ? AND t.episode = ? AND (n.revision, n.renewal) < (?, ?) AND n.channel = ?
         AND n.recipient = ? AND ${TOLD} ORDER BY n.revision, n.renewal`,
    )
    .all(alarm, row.episode, revision, renewal, channel, to) as TellingRow[];
  return { transition: toTelling(row), earlier: earlier.map(toTelling) };
}

/** Somebody who was told of an alarm. */
interface Hearer {
  channel: string;
  to: string;
  language: Language;
  /** When the notice was or is due, by the hub's clock. */
  dueAt: number;
}

function hearers(db: Database.Database, which: string, alarm: number, value: number): Hearer[] {
  return db
    .prepare(
      `SELECT n.channel, n.recipient AS "to", n.language, n.due_at AS dueAt FROM notices n
         JOIN transitions t ON t.alarm = n.alarm AND t.revision = n.revision
       WHERE n.alarm = ? AND ${which} AND ${TOLD} ORDER BY n.id`,
    )
    .all(alarm, value) as Hearer[];
}

function enqueue(outbox: Outbox, { channel, to, language }: Hearer, telling: Telling, afterMs: number): void {
  const { site, kind } = telling;
  outbox.add({ site, kind, channel, to, language, minLevel: 0, afterMs }, telling, false);
}

/** Whether somebody was tried to be told of that episode: it may have arrived. */
function wasTold(db: Database.Database, { alarm, episode }: Transition, wish: NoticeRequest): boolean {
  const found = db
    .prepare(
      `SELECT 1 FROM notices n JOIN transitions t ON t.alarm = n.alarm AND t.revision = n.revision
       WHERE n.alarm = ? AND t.episode = ? AND n.channel = ? AND n.recipient = ? AND n.attempts > 0 LIMIT 1`,
    )
    .get(alarm, episode, wish.channel, wish.to);
  return found !== undefined;
}

/**
 * One notice per wish and alarm, about where the alarm stands at the end of a commit. After a restore the end of the
 * journal is judged again; what follows from that was told before. A wish that falls away with the alarm would never
 * hear of its end: whoever had been told by then is told that at once, and nobody else.
 */
export function tellWishes(
  db: Database.Database,
  alarms: AlarmStore,
  outbox: Outbox,
  request: CommitRequest,
  transitions: Transition[],
): void {
  const silent = JSON.parse(getMeta(db, "silent-to") ?? "null") as Cursor | null;
  const alerting = transitions.filter(
    (t) =>
      (t.step === "raise" || t.step === "escalate" || t.step === "clear") &&
      !(silent?.epoch === request.cursor.epoch && (t.entry ?? request.cursor.id) <= silent.id),
  );
  for (const asked of request.notices) {
    const last = alerting.filter((t) => t.site === asked.site && t.kind === asked.kind).at(-1);
    if (last === undefined || !concerns(asked, last)) continue;
    const ends = last.step === "clear" && asked.unlessAcked === true;
    if (ends && !wasTold(db, last, asked)) continue;
    const wish = ends ? { ...asked, afterMs: 0, unlessAcked: false } : asked;
    const row = alarms.find(wish.site, wish.kind);
    outbox.add(wish, last, row !== undefined && (row.shelved_until !== null || row.suppressed_until !== null));
  }
}

/**
 * Tells everybody of a transition who was told of its episode, in the language of the last notice. A shelf does not
 * hold this back; but nobody hears of the end before a notice of the beginning that is still to come.
 */
export function tellAgain(db: Database.Database, outbox: Outbox, transition: Transition): void {
  const found = new Map<string, Hearer>();
  for (const hearer of hearers(db, "t.episode = ?", transition.alarm, transition.episode)) {
    const key = `${hearer.channel}\n${hearer.to}`;
    found.set(key, { ...hearer, dueAt: Math.max(hearer.dueAt, found.get(key)?.dueAt ?? -Infinity) });
  }
  for (const hearer of found.values()) enqueue(outbox, hearer, transition, Math.max(0, hearer.dueAt - transition.at));
}

/**
 * Says again, to those who were told of it, that a closure stands: before its CAP message expires. A shelf does not hold
 * this back: it says nothing new, and a message left to expire would say that the road is open. What nobody has been
 * told of yet stays due. Returns the number of closures.
 */
export function renewClosures(db: Database.Database, alarms: AlarmStore, outbox: Outbox, now: number): number {
  const last = db.prepare("SELECT max(renewal) FROM notices WHERE alarm = ? AND revision = ?").pluck();
  return alarms.toRenew().filter((row) => {
    const { id, alert_revision: revision } = row;
    const told = hearers(db, "n.renewal = 0 AND n.revision = ?", id, revision).filter((one) => one.dueAt <= now);
    if (told.length === 0) return false;
    const renewal = (last.get(id, revision) as number) + 1;
    const said = alarms.transition(id, revision);
    for (const hearer of told) enqueue(outbox, hearer, { ...said, at: now, renewal }, 0);
    alarms.renewed(id);
    return true;
  }).length;
}
