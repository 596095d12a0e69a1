/** What a row of the alarm list says, in words: pure, so that it can be tested without a browser. */
import type { Alarm } from "../alerts/protocol.js";
import type { SiteLatest } from "../api/views.js";
import type { PageWords } from "../words/page.en.js";
import { fill, number, quantity, time } from "./format.js";
import type { Language } from "./format.js";
import { active, closedWithoutWater, closureStands } from "./state.js";

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

/**
 * The newest good value of what the alarm is about, while it stands. The alarm's own figures are those of its last
 * change of level: water may have risen a good deal since.
 */
function newestValue(alarm: Alarm, property: string, latest: SiteLatest | undefined): number | undefined {
  const one = latest?.[property];
  if (one === undefined || one.value === null || one.flag > 2 || !active(alarm) || alarm.raisedAt === null) return;
  if (one.time < alarm.raisedAt) return undefined;
  // A level may lie below its zero; a depth and a fill do not.
  return property === "water-level" ? one.value : Math.max(0, one.value);
}

/** True if what is known of the place is old: the alarm is about that, or its post is silent. */
export function onlyLast(alarm: Alarm, silent: boolean): boolean {
  return silent || alarm.kind === "unknown" || alarm.kind === "silent";
}

/**
 * Depth or fill: the newest while the alarm stands, else that of its last change; "" if the water has gone. The
 * same of an open water's level. Of a post that leans: by how much, when that was raised.
 * @param silent the site has sent nothing for longer than it may: the figure is called the last one
 */
export function alarmFigures(
  alarm: Alarm,
  latest: SiteLatest | undefined,
  silent: boolean,
  w: PageWords,
  language: Language,
): string {
  const { figures, kind } = alarm;
  const depthMm = (kind === "flood" ? newestValue(alarm, "water-depth", latest) : undefined) ?? figures.depthMm;
  const fillPercent = (kind === "overflow" ? newestValue(alarm, "fill", latest) : undefined) ?? figures.fillPercent;
  const isLevel = kind === "level" || kind === "level-rate";
  const levelMm = isLevel ? (newestValue(alarm, "water-level", latest) ?? figures.levelMm) : undefined;
  let value = "";
  if (depthMm !== undefined) value = quantity(depthMm / 10, 0, w.cm, language);
  else if (fillPercent !== undefined) value = quantity(fillPercent, 0, w.percent, language);
  else if (levelMm !== undefined) value = quantity(levelMm / 1000, 2, w.metre, language);
  else if (figures.leanDeg !== undefined && active(alarm)) value = `${number(figures.leanDeg, 1, language)}°`;
  if (value === "" || closedWithoutWater(alarm)) return "";
  return onlyLast(alarm, silent) ? fill(w.last, { value }) : value;
}

/** The sensor that the flood rule's reason begins with (`float-2-of-3`, `echo-missing`); null if it names none. */
function partIn(reason: string, w: PageWords): string | null {
  const [, name] = /^(?:stale:)?(echo|float|head)-/.exec(reason) ?? [];
  return name === undefined ? null : w.parts[name as keyof PageWords["parts"]];
}

/** What an open water does, which sensor an alarm is about, or who saw the water where it was not the echo alone. */
function partWords(alarm: Alarm, w: PageWords): string[] {
  const { kind, reason } = alarm;
  const part = partIn(reason, w);
  if (kind === "sensor" && part !== null)
    return [fill(reason.endsWith("-missing") ? w.partMissing : w.partContradicts, { part })];
  if (kind === "tilt" && active(alarm)) return [w.tilted];
  if ((kind === "level" || kind === "level-rate") && active(alarm) && reason in w.waters)
    return [w.waters[reason as keyof PageWords["waters"]]];
  if (kind !== "flood") return [];
  if (part !== null) return [fill(w.partAlone, { part })];
  return reason.endsWith("together") ? [w.seenByBoth] : [];
}

/** Whether somebody has taken an alarm whose condition has gone. */
function taken(alarm: Alarm, w: PageWords): string {
  return fill(alarm.state === "LATCHED" ? w.states.ACKED : w.states.UNACK, { person: alarm.ackedBy ?? "—" });
}

/** Words for a flood that has gone while its closure stands. */
function closedWords(alarm: Alarm, w: PageWords, at: (ms: number) => string): string[] {
  // Latched by the mending of the register (register-mend.ts): nobody saw any water go, nor acknowledged anything.
  if (alarm.reason === "register-damaged") return [w.registerDamaged];
  const denied = partIn(alarm.reason, w);
  if (denied !== null && alarm.reason.endsWith("-denied")) return [fill(w.doubted, { part: denied }), taken(alarm, w)];
  return [alarm.goneAt === null ? w.waterGone : fill(w.waterGoneBy, { time: at(alarm.goneAt) }), taken(alarm, w)];
}

/**
 * Why UNKNOWN matters and what to do. Since when is told by the site's newest reading; if the post does send, but nothing
 * valid, by the age that the rule gave (whole minutes).
 */
function unknownWords(alarm: Alarm, newest: number | null, w: PageWords, at: (ms: number) => string): string[] {
  const { raisedAt } = alarm;
  const { ageMinutes } = alarm.figures;
  if (alarm.kind !== "unknown" || !active(alarm) || raisedAt === null || ageMinutes === undefined) return [];
  const faulty = alarm.reason.includes("no-valid-reading");
  const since = !faulty && newest !== null && newest < raisedAt ? newest : raisedAt - ageMinutes * 60_000;
  return [fill(faulty ? w.unknownFaulty : w.unknownSilent, { time: at(since) })];
}

/**
 * Everything the row says of the alarm's state and of what follows from it, on one line.
 * @param newest time of the site's newest reading, null if there is none
 * @param moment the hub's time and the city's offset from UTC
 */
export function alarmState(
  alarm: Alarm,
  newest: number | null,
  w: PageWords,
  moment: { now: number; zoneMinutes: number },
): string {
  const at = (ms: number): string => time(ms, moment.now, moment.zoneMinutes);
  const said = unknownWords(alarm, newest, w, at);
  if (closedWithoutWater(alarm)) said.push(...closedWords(alarm, w, at));
  else said.push(...partWords(alarm, w), fill(w.states[alarm.state], { person: alarm.ackedBy ?? "—" }));
  if (closureStands(alarm)) said.push(w.closureNote);
  if (alarm.shelvedUntil !== null)
    said.push(fill(w.shelvedUntil, { time: at(alarm.shelvedUntil), reason: alarm.shelvedWhy ?? "—" }));
  if (alarm.suppressedUntil !== null) said.push(fill(w.suppressedUntil, { time: at(alarm.suppressedUntil) }));
  return said.join(" · ");
}
