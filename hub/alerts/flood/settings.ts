/** What can be set in the rule `flood`, and what it remembers of a site. Depths are at the lowest point of the road. */
import type { UnixMs } from "../../model.js";
import type { Level } from "../rule.js";

export interface FloodSettings {
  cadenceS: number;
  /** Above `wetOnMm` the site is wet, until it has been under `wetOffMm` for the hold time. */
  wetOnMm: number;
  wetOffMm: number;
  /** Depths that raise levels 1–4: 2 of the last 3 counted readings. */
  onMm: [number, number, number, number];
  /** Depths under which levels 1–4 end, after the hold time. */
  offMm: [number, number, number, number];
  holdS: number;
  /** From wet, a rise this fast is level 1 (mm/min, slope of the last five readings). */
  watchRateMmPerMin: number;
  /** From the closing depth, a rise this fast is level 4. */
  lifeRateMmPerMin: number;
  /** Forecast: this many minutes to the closing depth raise level 2. */
  forecastMinutes: number;
  /** A faster rise of the surface than this is not counted: an object, or water that must prove itself. */
  jumpMmPerMin: number;
  /** A suspect held this long becomes an alarm of its own. */
  suspectS: number;
  /** A step of this height from a dry road, then flat, is a box (a parked car), not water: it waits for levels 1 and 2. */
  boxStepMm: number;
  /** Air below this and a rise slower than `snowMmPerHour`: snow or ice. */
  snowBelowC: number;
  snowMmPerHour: number;
  /** Evidence older than this when it is judged is marked as stale. */
  maxAgeS: number;
  /** Two principles contradict each other when they are further apart than this and than 15 % of the depth. */
  agreeMm: number;
  /** A contradiction held this long is a matter for a technician. */
  apartS: number;
  /** 1: a person has declared this sensor failed. What it says is not heard, and nobody waits for it. */
  echoOut: number;
  floatOut: number;
  headOut: number;
  /** Set by the hub, from the calibration records: the least depth that each of the site's depths shows for certain. */
  sees: { [property: string]: number };
}

/**
 * Depths: 15 cm is the closing depth of road underpasses in Japan (Nagoya, Hyogo), 30 cm stops passenger cars, 5 cm
 * hides the road's edge. Hold, 2 of 3 and the jump limit come from 548 rain floods of FloodNet NYC (Mydlarz et al.
 * 2024, doi 10.1029/2023WR036806): clearing at 2 cm held 15 min leaves 1.01 alarms per event; the fastest rise on
 * record is 18.4 cm/min.
 */
export const FLOOD_DEFAULTS: FloodSettings = {
  cadenceS: 60,
  wetOnMm: 30,
  wetOffMm: 20,
  onMm: [50, 100, 150, 300],
  offMm: [20, 70, 50, 50],
  holdS: 900,
  watchRateMmPerMin: 10,
  lifeRateMmPerMin: 30,
  forecastMinutes: 5,
  jumpMmPerMin: 250,
  suspectS: 180,
  boxStepMm: 80,
  snowBelowC: 2,
  snowMmPerHour: 20,
  maxAgeS: 600,
  agreeMm: 30,
  apartS: 1800,
  echoOut: 0,
  floatOut: 0,
  headOut: 0,
  sees: {},
};

/** One usable reading. */
export interface Point {
  time: UnixMs;
  /** Depth at the lowest point, mm. */
  depth: number;
  /**
   * Height of the echo (minus the raw distance where there is one, else the depth), mm, only for differences: the depth
   * itself leaps when water first shows beside a low point that the post cannot see.
   */
  height: number;
  entry: number;
  /** Part of a flat box: counts for levels 3 and 4 only. */
  box?: true;
}

/** The same depth by another principle than the echo, each a property that the hub derives. */
export const SECONDS = ["water-depth-float", "water-depth-head"] as const;
export type SecondName = (typeof SECONDS)[number];

/** What is remembered of a second principle. */
export interface Second {
  /** Newest reading looked at, good or bad; null before the first. */
  newest: UnixMs | null;
  /** Newest usable reading; before the first, when it was waited for first. */
  heard: UnixMs;
  /** The last usable readings, oldest first, at most three. */
  recent: Pick<Point, "time" | "depth">[];
  /** First reading of level 1 or more since the last one below it. */
  wetSince: UnixMs | null;
  /** Since when every reading was under the present level's off mark. */
  belowSince: UnixMs | null;
  /** Since when, and until when, it and the echo have contradicted each other. */
  apart: { since: UnixMs; until: UnixMs } | null;
  /** The echo has denied its water for so long that it counts no more, until the two agree. */
  denied: boolean;
}

export interface FloodState {
  /** Newest reading looked at, good or bad: older ones are ignored. */
  newest: UnixMs | null;
  /** Newest usable reading (a value, flag pass, not evaluated or suspect). */
  heard: UnixMs | null;
  /** The last counted readings, oldest first, at most five. */
  recent: Point[];
  level: Level;
  /** Since when every counted reading was under the present level's off mark. */
  belowSince: UnixMs | null;
  wet: boolean;
  drySince: UnixMs | null;
  /**
   * An uncounted stretch: what was last counted before it, and its readings. `unproven`: no reading shortly before it
   * shows that it leapt, so it may well be water.
   */
  suspect: { base: Point; since: UnixMs; points: Point[]; unproven?: true } | null;
  /** Doubtful readings have just moved like water: the next ones count as long as they do not leap. */
  proven: boolean;
  box: { base: Point; height: number; since: UnixMs } | null;
  /** Ends of the short pulses of the last quarter of an hour. */
  pulses: UnixMs[];
  /** Why the alarm `suspect` stands; null when it does not. */
  suspectRaised: string | null;
  /** Counted readings since the last doubt. */
  calm: number;
  /** Depths about ten minutes apart, of the last hour and a bit. */
  hour: { time: UnixMs; depth: number }[];
  airC: number | null;
  blind: "unknown" | "silent" | null;
  /** What the second principles have said; absent where there is none. */
  seconds?: Partial<Record<SecondName, Second>>;
  /** Why the alarm `sensor` stands; absent when it does not. */
  trouble?: string;
}

export const FLOOD_START: FloodState = {
  newest: null,
  heard: null,
  recent: [],
  level: 0,
  belowSince: null,
  wet: false,
  drySince: null,
  suspect: null,
  proven: false,
  box: null,
  pulses: [],
  suspectRaised: null,
  calm: 0,
  hour: [],
  airC: null,
  blind: null,
};

/** Counted readings further back than this from the newest say nothing about now. */
export const WINDOW_MS = 15 * 60_000;

/** A longer stretch than this (ms) without a reading is a hole: it proves neither a dry road nor a leap. */
export function holeMs(settings: FloodSettings): number {
  return Math.max(3 * settings.cadenceS * 1000, 5 * 60_000);
}
