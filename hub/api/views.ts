/** What the API tells the page, and the page reads: types only, shared by both. */
import type { Alarm } from "../alerts/protocol.js";
import type { Flag, UnixMs } from "../model.js";
import type { Drift } from "../registry/drift.js";
import type { SheetNote } from "../registry/bench.js";
import type { Ask, Reported } from "../registry/sides.js";
import type { SirenState, SirenWhy } from "../siren/machine.js";

/** One newest value. `value` is null when the sensor gave none; `why` then names the fault. */
export interface Latest {
  time: UnixMs;
  value: number | null;
  flag: Flag;
  why?: string[];
  /** Number of the calibration record of a derived value; 0 for a raw one. */
  calibration: number;
}

/** By property. */
export type SiteLatest = Record<string, Latest>;

export interface SiteView {
  id: string;
  type: string;
  names: { kk: string; ru: string; en: string };
  district: string;
  lat: number;
  lon: number;
  /** `air`, `water`, `flood` or `waste`; null for a type this version does not know. */
  kind: string | null;
  /** Longest time between two packs when all is well, in seconds. */
  cadenceS: number | null;
  /** Age from which the site counts as silent, in seconds. */
  silentAfterS: number | null;
  /** Stream of waste that it takes: 1 dry, 2 wet; null where there are none, or nobody has said. */
  stream: number | null;
}

export interface HealthView {
  status: "ok" | "degraded" | "down";
  reasons: { component: string; status: string; code: string; message: string }[];
}

/** A siren and its beacon at an underpass. */
export interface SirenView {
  site: string;
  /** `armed`: its beacon warns, and it may be fired; `unknown`: its relays do not answer. */
  state: SirenState;
  /** Since when, brought there by whom (a person, or `hub`), and why. */
  since: UnixMs;
  by: string;
  why: SirenWhy;
  /** When the hub ends it by itself, as the hub's clock is now; null where nothing does. */
  until: UnixMs | null;
  /** Names the arming that may be fired; null while there is none. */
  arming: string | null;
  /** What the contact in its circuit says; null while that is not known. */
  powered: boolean | null;
}

/** Data of the event `snapshot`. */
export interface Snapshot {
  now: UnixMs;
  /** Offset of the city's local time from UTC: a phone's own time-zone tables may be older than the last change. */
  zoneMinutes: number;
  sites: SiteView[];
  latest: Record<string, SiteLatest>;
  alarms: Alarm[];
  sirens: SirenView[];
  health: HealthView;
}

/** Data of the events `delta` and `tick`: what changed. */
export type Delta = Pick<Snapshot, "now"> & Partial<Snapshot>;

/** A board for technicians. */
export interface BoardView {
  board: string;
  number: number;
  site: string | null;
  since: UnixMs | null;
  keys: { id: string; revoked: boolean }[];
  /** What may be set at it. */
  may: { name: string; least: number; most: number }[];
  /** What it is asked for; null is the image's own value. */
  desired: { rev: number; settings: Record<string, number | null> };
  /** What it said of itself last; null before its first hello. */
  reported: Reported | null;
  drift: Drift | null;
  asks: Ask[];
  /** Its last bench test; null before the first. */
  sheet: SheetNote | null;
}

export interface SessionView {
  person: { name: string; role: "viewer" | "operator" | "technician" | "admin" } | null;
  csrf: string | null;
  anonymousViewer: boolean;
}
