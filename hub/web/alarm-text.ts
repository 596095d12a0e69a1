/** What a row of the alarm list says, in words: pure, so that it can be tested without a browser. */
import type { Alarm } from "../alerts/protocol.js";
import type { PageWords } from "../words/page.en.js";
import { fill, quantity, time } from "./format.js";
import type { Language } from "./format.js";
import { closedWithoutWater, closureStands } from "./state.js";

/** Level in the words of floods, that of a closure that outlived its water being its peak; 0 for kinds that have none. */
export function floodLevel(alarm: Alarm): number {
  if (alarm.kind !== "flood") return 0;
  return closedWithoutWater(alarm) ? alarm.peak : alarm.level;
}

/** Head of the row. The level of a flood that has gone is not said where its closure stands: it would read as water. */
export function alarmHead(alarm: Alarm, w: PageWords): string {
  if (closedWithoutWater(alarm)) return w.closureStandsHead;
  const level = floodLevel(alarm);
  return level > 0 ? `${w.kinds[alarm.kind]}: ${w.levels[level]}` : w.kinds[alarm.kind];
}

/** Depth or fill of the alarm's last change, "" if it has none or if the water has gone. */
export function alarmFigures(alarm: Alarm, w: PageWords, language: Language): string {
  const { depthMm, fillPercent } = alarm.figures;
  const blind = alarm.kind === "unknown" || alarm.kind === "silent";
  if (closedWithoutWater(alarm)) return "";
  if (depthMm !== undefined && blind) return fill(w.last, { value: quantity(depthMm / 10, 0, w.cm, language) });
  if (depthMm !== undefined) return quantity(depthMm / 10, 0, w.cm, language);
  return fillPercent !== undefined ? quantity(fillPercent, 0, w.percent, language) : "";
}

/**
 * Words for a flood that has gone while its closure stands. The register keeps the time of the last change only: the
 * water was gone by then. If that change was the acknowledgement, it says nothing of the water, and no time is given.
 */
function closedWords(alarm: Alarm, w: PageWords, at: (ms: number) => string): string[] {
  const acked = alarm.state === "LATCHED";
  const timed = !acked || (alarm.ackedAt !== null && alarm.ackedAt < alarm.changedAt);
  return [
    timed ? fill(w.waterGoneBy, { time: at(alarm.changedAt) }) : w.waterGone,
    fill(acked ? w.states.ACKED : w.states.UNACK, { person: alarm.ackedBy ?? "—" }),
  ];
}

/**
 * State of the alarm, and what follows from it.
 * @param at writes a time (Unix ms) as the page does
 */
function words(alarm: Alarm, w: PageWords, at: (ms: number) => string): string[] {
  const said = closedWithoutWater(alarm)
    ? closedWords(alarm, w, at)
    : [fill(w.states[alarm.state], { person: alarm.ackedBy ?? "—" })];
  if (closureStands(alarm)) said.push(w.closureNote);
  if (alarm.shelvedUntil !== null)
    said.push(fill(w.shelvedUntil, { time: at(alarm.shelvedUntil), reason: alarm.shelvedWhy ?? "—" }));
  if (alarm.suppressedUntil !== null) said.push(fill(w.suppressedUntil, { time: at(alarm.suppressedUntil) }));
  return said;
}

/** Everything the row says of the alarm's state, on one line. @param zoneMinutes the city's offset from UTC */
export function alarmState(alarm: Alarm, w: PageWords, moment: { now: number; zoneMinutes: number }): string {
  return words(alarm, w, (ms) => time(ms, moment.now, moment.zoneMinutes)).join(" · ");
}
