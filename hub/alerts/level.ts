/**
 * Rule `level`: open water that stands too high or too low (alarm `level`), or rises or falls fast (alarm `level-rate`:
 * a wave, a gate, a breach, a pump that has failed). What is too high is the site's own figure, above its own datum: as
 * long as nobody has set one, no level is. A matter for who runs the water, never a flood of a road, and nothing that a
 * law or a licence calls exceeded.
 */
import type { UnixMs } from "../model.js";
import { ahead } from "../newest.js";
import type { AlarmKind, Rule, RuleEvent, RuleInput, RuleReading } from "./rule.js";

type Side = "high" | "low" | "rising" | "falling";

/** The latest readings in a row that speak for a change to `side`; null: back to where there is no alarm. */
interface Run {
  side: Side | null;
  since: UnixMs;
  until: UnixMs;
  count: number;
}

/** Which of two alarms stands, and what speaks for another. */
interface Watched {
  stands: Side | null;
  run: Run | null;
}

export interface LevelState {
  /** Newest reading looked at, good or bad: older ones are ignored. */
  newest: UnixMs | null;
  /** The latest sound levels, oldest first: no more than the rate is found from. */
  recent: { time: UnixMs; mm: number }[];
  level: Watched;
  rate: Watched;
}

export interface LevelSettings {
  cadenceS: number;
  /** Limits above the site's datum, in mm. Set by a person, per site; no water reaches those that stand here. */
  highMm: number;
  lowMm: number;
  /** A level is back when it is so far within. */
  backMm: number;
  /** Rates that are told of, in mm a minute, over so long or three readings, whichever takes longer. */
  riseMmPerMin: number;
  fallMmPerMin: number;
  rateWindowS: number;
  /** So many readings in a row, over at least `levelHoldS`, raise and clear: one wave or one spike does not. */
  levelReadings: number;
  levelHoldS: number;
}

const NEVER_MM = 10_000_000;
/** The least from which a rate is told: of two, one may be a spike. */
const RATE_READINGS = 3;
/** A rate is over when it is less than this part of the limit. */
const RATE_BACK = 0.5;
/** Readings closer together than this part of the window add nothing to a rate. */
const GRAIN = 1 / 20;

/** Good, or outside of what the survey thought possible, which is what a level over the bank is; see ../calibration. */
function isSound({ value, flag, why }: RuleReading): boolean {
  if (value === null) return false;
  return flag <= 2 || (flag === 3 && why !== undefined && why.length > 0 && why.every((one) => one === "geometry"));
}

/** The median of the slopes between every two readings (Theil–Sen), in mm a minute; null where they are too few. */
function rateOf(recent: LevelState["recent"], windowMs: number): number | null {
  const first = recent.at(0)?.time ?? 0;
  const last = recent.at(-1)?.time ?? 0;
  if (recent.length < RATE_READINGS || last - first < windowMs) return null;
  const slopes = recent.flatMap((b, i) => recent.slice(0, i).map((a) => ((b.mm - a.mm) * 60_000) / (b.time - a.time)));
  slopes.sort((a, b) => a - b);
  const half = slopes.length >> 1;
  return slopes.length % 2 === 1 ? slopes[half] : (slopes[half - 1] + slopes[half]) / 2;
}

/** The readings from which a rate is found at the newest: back to where they are enough, and no hole among them. */
function within(recent: LevelState["recent"], windowMs: number, holeMs: number): LevelState["recent"] {
  const last = recent[recent.length - 1];
  let from = recent.length - 1;
  while (from > 0 && recent[from].time - recent[from - 1].time <= holeMs) {
    if (recent.length - from >= RATE_READINGS && last.time - recent[from].time >= windowMs) break;
    from--;
  }
  return recent.slice(from);
}

function levelSide(mm: number, stands: Side | null, { highMm, lowMm, backMm }: LevelSettings): Side | null {
  if (mm >= highMm || (stands === "high" && mm > highMm - backMm)) return "high";
  return mm <= lowMm || (stands === "low" && mm < lowMm + backMm) ? "low" : null;
}

function rateSide(rate: number, stands: Side | null, { riseMmPerMin, fallMmPerMin }: LevelSettings): Side | null {
  if (rate >= riseMmPerMin * (stands === "rising" ? RATE_BACK : 1)) return "rising";
  return -rate >= fallMmPerMin * (stands === "falling" ? RATE_BACK : 1) ? "falling" : null;
}

/** The state without what was remembered of the future (see ../newest.ts); an alarm stands until readings clear it. */
function withoutFuture(state: LevelState, now: UnixMs): LevelState {
  const times = [state.newest, state.level.run?.until, state.rate.run?.until, ...state.recent.map((r) => r.time)];
  if (!times.some((time) => ahead(time ?? null, now))) return state;
  const alone = ({ stands }: Watched): Watched => ({ stands, run: null });
  return { newest: null, recent: [], level: alone(state.level), rate: alone(state.rate) };
}

function step(stored: LevelState, input: RuleInput, settings: LevelSettings) {
  const before = withoutFuture(stored, input.now);
  const events: RuleEvent[] = [];
  const done = (state: LevelState) => ({ state, events });
  if (input.type === "tick") return done(before);
  const reading = input.readings.find((r) => r.property === "water-level");
  if (reading === undefined || (before.newest !== null && reading.time <= before.newest)) return done(before);
  const { time, entry, value: mm } = reading;
  const state: LevelState = { ...before, newest: time };
  if (mm === null || !isSound(reading)) return done(state);

  const windowMs = settings.rateWindowS * 1000;
  const holeMs = 3 * settings.cadenceS * 1000;
  const last = before.recent.at(-1);
  if (last === undefined || time - last.time >= windowMs * GRAIN)
    state.recent = within([...before.recent, { time, mm }], windowMs, holeMs);
  // What is old says what was: it is remembered for the rate, and neither raises nor clears.
  if (input.now - time > holeMs) return done(state);

  /** What becomes of one of the alarms by this reading, which speaks for `side`. */
  const watch = (
    kind: AlarmKind,
    { stands, run }: Watched,
    side: Side | null,
    figures: RuleEvent["figures"],
  ): Watched => {
    if (side === stands) return { stands, run: null };
    // Across a hole nobody knows that it was within its limits.
    const goesOn = run !== null && run.side === side && (side !== null || time - run.until <= holeMs);
    const next: Run = { side, since: goesOn ? run.since : time, until: time, count: goesOn ? run.count + 1 : 1 };
    if (next.count < settings.levelReadings || time - next.since < settings.levelHoldS * 1000)
      return { stands, run: next };
    const event = { kind, level: 0 as const, figures, time, entry };
    if (stands !== null) events.push({ ...event, action: "clear", reason: "back" });
    if (side !== null) events.push({ ...event, action: "raise", reason: side });
    return { stands: side, run: null };
  };

  const levelMm = Math.round(mm);
  const side = levelSide(mm, before.level.stands, settings);
  const limit = side ?? before.level.stands;
  const limitMm = limit === "low" ? settings.lowMm : settings.highMm;
  state.level = watch("level", before.level, side, { levelMm, ...(limit === null ? {} : { limitMm }) });

  const rate = state.recent === before.recent ? null : rateOf(state.recent, windowMs);
  if (rate !== null) {
    const figures = { levelMm, rateMmPerMin: Math.round(rate * 10) / 10 };
    state.rate = watch("level-rate", before.rate, rateSide(rate, before.rate.stands, settings), figures);
  }
  return done(state);
}

export const level: Rule<LevelState, LevelSettings> = {
  name: "level",
  properties: ["water-level"],
  defaults: {
    cadenceS: 900,
    highMm: NEVER_MM,
    lowMm: -NEVER_MM,
    backMm: 50,
    riseMmPerMin: 10,
    fallMmPerMin: 10,
    rateWindowS: 600,
    levelReadings: 2,
    levelHoldS: 60,
  },
  initial: () => ({
    newest: null,
    recent: [],
    level: { stands: null, run: null },
    rate: { stands: null, run: null },
  }),
  step,
};
