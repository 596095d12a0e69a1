/**
 * What the page says of a site, from its newest readings, its alarms and the time: pure, so that it can be tested
 * without a browser. The rule above all: without fresh, good data the page says UNKNOWN, never "dry" or "room left".
 */
import { LATCH_FROM } from "../alerts/alarm-state.js";
import type { Alarm } from "../alerts/protocol.js";
import type { Latest, SiteLatest, SiteView } from "../api/views.js";

/**
 * `alarm`: its rule's alarm stands; `closed`: the water has gone, but the road's closure stands until a person has
 * looked; `silent`: no data for too long (or ever, `since` null); `failed`: the sensor
 * gives no value; `suspect`: the value did not pass the quality tests, or the alarm "object or water?" stands;
 * `uncalibrated`: raw readings only; `raised`: wet, or full; `calm`: dry, or room left.
 */
export type Condition = "alarm" | "closed" | "silent" | "failed" | "suspect" | "uncalibrated" | "raised" | "calm";

export interface SiteState {
  site: SiteView;
  condition: Condition;
  /** Level of the standing flood alarm, 0–4. The levels' words are about water: an overflow has none. */
  level: number;
  /** The alarm of the site's own rule stands, whatever else is true of the site. */
  stands: boolean;
  /** The flood alarm whose closure stands although its level does not. See {@link closureStands}. */
  closure: Alarm | null;
  /** Newest value of the property the page is about: mm of water, % of fill. Null if there is none. */
  value: number | null;
  /** Quality of that value; 1 if there is none. */
  flag: Latest["flag"];
  /** Codes of what is doubtful about it; see {@link reasonsOf}. */
  why: string[];
  /** Time of the newest reading, null if there never was one. */
  time: number | null;
}

/** Depth from which an underpass is called wet, in mm: the least level of the flood rule. */
export const WET_MM = 30;
/** Fill from which a container is called full, in %. */
export const FULL_PERCENT = 80;

/** True while the cause of the alarm is still there, as far as anybody knows. */
export function active(alarm: Alarm): boolean {
  return alarm.state === "UNACK" || alarm.state === "ACKED";
}

/** True if the alarm has asked for a closure and no longer does: the road stays closed until a person has looked. */
export function closureStands(alarm: Alarm): boolean {
  if (alarm.kind !== "flood" || alarm.state === "NORM" || alarm.peak < LATCH_FROM) return false;
  return !active(alarm) || alarm.level < LATCH_FROM;
}

/** True if the closure stands although the water has gone altogether. */
export function closedWithoutWater(alarm: Alarm): boolean {
  return closureStands(alarm) && !active(alarm);
}

export function newestTime(latest: SiteLatest | undefined): number | null {
  let newest: number | null = null;
  for (const one of Object.values(latest ?? {})) if (newest === null || one.time > newest) newest = one.time;
  return newest;
}

/** Why a value is not simply good. A derived one that lacks an input is so for the reasons of that input. */
export function reasonsOf(one: Latest | undefined, latest: SiteLatest | undefined): string[] {
  return (one?.why ?? []).flatMap((code) => {
    const input = code.startsWith("input:") ? latest?.[code.slice("input:".length)] : undefined;
    return input?.why ?? [code];
  });
}

/** True if the site has sent nothing for longer than it may. A site that never sent anything is silent too. */
export function isSilent(site: SiteView, time: number | null, now: number): boolean {
  if (time === null) return true;
  return site.silentAfterS !== null && now - time > site.silentAfterS * 1000;
}

function judge(one: Latest | undefined, anyReading: boolean, raisedFrom: number): Condition {
  if (one === undefined) return anyReading ? "uncalibrated" : "silent";
  if (one.value === null || one.flag === 9 || one.flag === 4) return "failed";
  if (one.flag === 3) return "suspect";
  return one.value >= raisedFrom ? "raised" : "calm";
}

/**
 * Judges one site.
 * @param property the property the page shows it by: `water-depth`, `fill`
 * @param kind     the alarm of a level that its rule raises: `flood`, `overflow`
 */
export function siteState(
  site: SiteView,
  latest: SiteLatest | undefined,
  alarms: Alarm[],
  now: number,
  property: "water-depth" | "fill",
): SiteState {
  const kind = property === "fill" ? "overflow" : "flood";
  const one = latest?.[property];
  const time = newestTime(latest);
  const standing = alarms.filter((alarm) => alarm.site === site.id && active(alarm));
  const has = (wanted: string): boolean => standing.some((alarm) => alarm.kind === wanted);
  const level = standing.find((alarm) => alarm.kind === "flood")?.level ?? 0;
  const closure = alarms.find((alarm) => alarm.site === site.id && closureStands(alarm)) ?? null;
  const raisedFrom = property === "fill" ? FULL_PERCENT : WET_MM;

  let condition = judge(one, time !== null, raisedFrom);
  // What the readings say then does not open the road; that they are doubtful or gone must be seen all the same.
  if (closure !== null && condition !== "failed" && condition !== "suspect") condition = "closed";
  if (condition !== "failed" && has("suspect")) condition = "suspect";
  if (isSilent(site, time, now) || has("unknown") || has("silent")) condition = "silent";
  // A level stands until it is cleared by readings: silence keeps it in sight, and is shown as well.
  else if (has(kind)) condition = "alarm";
  return {
    site,
    condition,
    level,
    stands: has(kind),
    closure,
    value: one?.value ?? null,
    flag: one?.flag ?? 1,
    why: reasonsOf(one, latest),
    time,
  };
}

const ORDER: Record<Condition, number> = {
  alarm: 10,
  closed: 4,
  silent: 3,
  suspect: 2,
  failed: 2,
  raised: 1,
  uncalibrated: 1,
  calm: 0,
};

/** What must be seen first comes first: alarms by level, then standing closures, the blind ones, then by value, the largest first. */
export function byUrgency(a: SiteState, b: SiteState): number {
  const urgency = (s: SiteState): number =>
    s.stands ? ORDER.alarm + s.level : Math.max(s.closure === null ? 0 : ORDER.closed, ORDER[s.condition]);
  return urgency(b) - urgency(a) || (b.value ?? -1) - (a.value ?? -1) || a.site.id.localeCompare(b.site.id);
}

/** Kinds without levels of their own, in the order in which people must see them. */
const PLAIN_KINDS: Alarm["kind"][] = [
  "unknown",
  "suspect",
  "overflow",
  "level-rate",
  "level",
  "tilt",
  "sensor",
  "silent",
];

/**
 * Alarms in the order in which people must see them: what stands, and closures that stand although the water has gone
 * (the road is closed all the same), before what has gone, and that before what somebody has set aside for a time; then
 * floods by level (a standing closure by its peak), unknown, the others; of equals the one whose water is still there,
 * then the one that nobody has taken yet, then the newest. Taking an alarm never puts it below a lesser one.
 */
export function alarmOrder(a: Alarm, b: Alarm): number {
  const stage = (alarm: Alarm): number => {
    if (alarm.shelvedUntil !== null || alarm.suppressedUntil !== null) return 2;
    return active(alarm) || closureStands(alarm) ? 0 : 1;
  };
  const weight = (alarm: Alarm): number => {
    if (alarm.kind !== "flood") return PLAIN_KINDS.length - PLAIN_KINDS.indexOf(alarm.kind);
    return 10 + (closureStands(alarm) ? alarm.peak : alarm.level);
  };
  const asksItself = (alarm: Alarm): number => (closureStands(alarm) ? 0 : 1);
  const waits = (alarm: Alarm): number => (alarm.state === "UNACK" || alarm.state === "RTN_UNACK" ? 1 : 0);
  return (
    stage(a) - stage(b) ||
    weight(b) - weight(a) ||
    asksItself(b) - asksItself(a) ||
    waits(b) - waits(a) ||
    b.changedAt - a.changedAt ||
    a.id - b.id
  );
}
