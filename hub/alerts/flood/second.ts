/**
 * The second principle: a float switch or a pressure probe beside the echo. Each gives the depth at the lowest point by a
 * record of its own. Either raises; only all of them together lower; what contradicts the echo for long is handed to a
 * technician. All of it pure, but for the state that it is given to change.
 */
import type { UnixMs } from "../../model.js";
import { LATCH_FROM } from "../alarm-state.js";
import type { Level, RuleReading } from "../rule.js";
import { under } from "./levels.js";
import { holeMs, SECONDS, WINDOW_MS } from "./settings.js";
import type { FloodSettings, FloodState, Point, Second, SecondName } from "./settings.js";

const ECHO = "water-depth";
const AGREE_SHARE = 0.15;
const OUT = { [ECHO]: "echoOut", "water-depth-float": "floatOut", "water-depth-head": "headOut" } as const;

/** Whether a person has declared it failed. */
export function isOut(name: keyof typeof OUT, settings: FloodSettings): boolean {
  return settings[OUT[name]] >= 1;
}

/** Those of the site, with what is remembered of them. */
export function secondsOf(state: FloodState): [SecondName, Second][] {
  if (state.seconds === undefined) return [];
  return Object.entries(state.seconds) as [SecondName, Second][];
}

/** One that has said nothing yet, and is waited for from `time` on. */
export function newSecond(time: UnixMs): Second {
  return { newest: null, heard: time, recent: [], wetSince: null, belowSince: null, apart: null, denied: false };
}

/** The most that stands there by such a word. A lifted float knows no upper bound; "dry" is less than the sensor sees. */
function mostMm(name: string, depth: number, settings: FloodSettings): number {
  if (depth <= 0) return settings.sees[name] ?? Infinity;
  return name === "water-depth-float" ? Infinity : depth;
}

/** Whether "at most `most`" and "at least `least`" cannot both be true. */
function contradict(most: number, least: number, settings: FloodSettings): boolean {
  return most + Math.max(settings.agreeMm, AGREE_SHARE * least) < least;
}

/** What it said in the round of `time`; null if nothing that is evidence. */
function saidAt({ recent }: Second, time: UnixMs): number | null {
  const last = recent[recent.length - 1];
  return last !== undefined && last.time === time ? last.depth : null;
}

/** The same, null also for one that does not count. */
function wordAt(second: Second, time: UnixMs): number | null {
  return second.denied ? null : saidAt(second, time);
}

/** The last word, where it is no older than one period: one lost reading does not make a parked car a flood. */
function lately({ denied, recent }: Second, time: UnixMs, settings: FloodSettings): number | null {
  const last = recent[recent.length - 1];
  return !denied && last !== undefined && time - last.time <= settings.cadenceS * 1000 ? last.depth : null;
}

/** Takes up one reading. Flag 3 is heard, but is evidence of nothing. */
function take(second: Second, { time, value, flag }: RuleReading, level: Level, settings: FloodSettings): void {
  second.newest = time;
  if (value === null || flag > 3) return;
  const before = second.recent[second.recent.length - 1];
  second.heard = time;
  if (flag === 3) {
    second.belowSince = null;
    return;
  }
  const point = { time, depth: value };
  second.recent = [...second.recent.filter((p) => time - p.time <= WINDOW_MS), point].slice(-3);
  second.wetSince = value < settings.onMm[0] ? null : (second.wetSince ?? time);
  second.belowSince =
    level === 0 ? null : under(second.belowSince, before, point, settings.offMm[level - 1], holeMs(settings));
}

/**
 * Hears the second principles of a pack. Returns what is new of them, as points. One that a record expects is waited for
 * from the first pack on.
 */
export function hearSeconds(
  state: FloodState,
  readings: RuleReading[],
  settings: FloodSettings,
): [SecondName, Point][] {
  const told: [SecondName, Point][] = [];
  for (const name of SECONDS) {
    const known = state.seconds?.[name];
    if (isOut(name, settings)) {
      if (known !== undefined) delete state.seconds?.[name];
      continue;
    }
    const reading = readings.find((r) => r.property === name);
    const time = reading?.time ?? readings[0]?.time;
    if (time === undefined || (known === undefined && reading === undefined && settings.sees[name] === undefined))
      continue;
    const second = known ?? newSecond(time);
    (state.seconds ??= {})[name] = second;
    if (reading === undefined || (second.newest !== null && reading.time <= second.newest)) continue;
    take(second, reading, state.level, settings);
    if (reading.value === null || reading.flag > 2) continue;
    told.push([name, { time: reading.time, depth: reading.value, height: reading.value, entry: reading.entry }]);
  }
  return told;
}

function levelAt(depth: number, settings: FloodSettings): Level {
  return settings.onMm.filter((mm) => depth >= mm).length as Level;
}

/** What a second principle raises alone: 2 of its last 3 readings; its first word of the closing depth is level 1. */
export function alone(state: FloodState, name: SecondName, settings: FloodSettings) {
  const second = state.seconds?.[name];
  const newest = second?.recent.at(-1);
  if (second === undefined || second.denied || newest === undefined) return null;
  const sorted = second.recent.map((p) => p.depth).sort((a, b) => b - a);
  const twice = levelAt(sorted[1] ?? 0, settings);
  if (twice > 0) return { level: twice, depth: newest.depth, reason: "2-of-3" };
  return newest.depth >= settings.onMm[2] ? { level: 1 as const, depth: newest.depth, reason: "first" } : null;
}

/** What two principles say together in one round, the echo whatever else speaks against it; level 0 where they do not. */
export function together(state: FloodState, time: UnixMs, echo: Point | undefined, settings: FloodSettings) {
  const words = [echo?.depth ?? 0, ...secondsOf(state).map(([, second]) => wordAt(second, time) ?? 0)];
  const depth = words.sort((a, b) => b - a)[1] ?? 0;
  return { level: levelAt(depth, settings), depth };
}

/** Whether a second principle sees water now: what stands under the echo may then be water, though it leapt. */
export function backed(state: FloodState, time: UnixMs, settings: FloodSettings): boolean {
  return secondsOf(state).some(([, second]) => (wordAt(second, time) ?? 0) >= settings.onMm[0]);
}

/** Whether a second principle has seen water come since `base`: what leapt meanwhile is water. */
export function cameWith(state: FloodState, base: Point, time: UnixMs): boolean {
  return secondsOf(state).some(
    ([, second]) => wordAt(second, time) !== null && second.wetSince !== null && second.wetSince > base.time,
  );
}

/** Whether a second principle denies the water that the echo shows, and none sees any: it is an object. */
export function denied(state: FloodState, echo: Point, settings: FloodSettings): boolean {
  let found = false;
  for (const [name, second] of secondsOf(state)) {
    const depth = lately(second, echo.time, settings);
    if (depth === null) continue;
    if (depth >= settings.onMm[0]) return false;
    found ||= contradict(mostMm(name, depth, settings), echo.depth, settings);
  }
  return found;
}

/**
 * Compares the second principles with a believed reading of the echo. A dry echo denies the water of one for good after
 * half an hour, but not that of two: then it is the echo that stands alone.
 */
export function compare(state: FloodState, echo: Point, settings: FloodSettings): void {
  const said = secondsOf(state).map(([name, second]) => ({ name, second, depth: saidAt(second, echo.time) }));
  const wet = said.filter(({ depth }) => depth !== null && depth >= settings.onMm[0]).map(({ second }) => second);
  for (const { name, second, depth } of said) {
    if (depth === null) continue;
    const agree =
      !contradict(mostMm(ECHO, echo.depth, settings), depth, settings) &&
      !contradict(mostMm(name, depth, settings), echo.depth, settings);
    if (agree) {
      second.apart = null;
      // What it said while it was denied counts no more.
      if (second.denied) second.recent = second.recent.slice(-1);
      second.denied = false;
      continue;
    }
    const before = second.apart;
    const goesOn = before !== null && echo.time - before.until <= holeMs(settings);
    second.apart = { since: goesOn ? before.since : echo.time, until: echo.time };
    const long = echo.time - second.apart.since >= settings.apartS * 1000;
    second.denied ||= long && echo.depth < settings.onMm[0] && wet.length === 1 && wet[0] === second;
  }
}

/**
 * Whether the second principles let a level go: each has been under its off mark for the hold time and is still heard. One
 * that the echo has denied for long holds a closure no more, because that waits for a person anyway; lower levels it does.
 * Returns the reason of the end, or null.
 */
export function letGo(state: FloodState, time: UnixMs, settings: FloodSettings): string | null {
  let reason = "below-held";
  for (const [name, { denied: isDenied, heard, belowSince }] of secondsOf(state)) {
    if (isDenied && state.level >= LATCH_FROM) reason = `${shortName(name)}-denied`;
    else if (belowSince === null || heard - belowSince < settings.holdS * 1000 || time - heard > holeMs(settings))
      return null;
  }
  return reason;
}

/** `float` or `head`, as reasons name them. */
export function shortName(name: SecondName): "float" | "head" {
  return name === "water-depth-float" ? "float" : "head";
}
