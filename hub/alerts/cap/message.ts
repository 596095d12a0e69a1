/**
 * An alarm's transition as a CAP message. Pure, and a matter of the register's rows only: a message that is sent again
 * is the same bytes. The first of an episode is an Alert, every later one an Update that names the earlier ones; the end
 * is an Update with AllClear (Cancel is for mistakes), after a closure only when a person has reset the alarm. Nothing
 * is Public: that takes a person.
 */
import { alertText, districtName, text } from "../../words/words.js";
import { LATCH_FROM } from "../alarm-state.js";
import { numberOf, type Language, type Telling, type Transition } from "../protocol.js";
import type { UnixMs } from "../../model.js";
import { capTime, type CapAlert, type CapArea, type CapInfo, type CapPair, type CapStatus } from "./model.js";

/** What a message says about its site. */
export interface CapPlace {
  names: Record<Language, string>;
  district: string;
  /** Null where the register knows a site that the registry does not. */
  lat: number | null;
  lon: number | null;
}

export interface CapSettings {
  /** No spaces, commas, `<` or `&`: `aryk@almaty.example.kz`. */
  sender: string;
  /** Anything but Actual until there is an agreement with the emergency department. */
  status: CapStatus;
  /** Page of a site; the site's id is appended. */
  web?: string | undefined;
  contact: string;
}

type Grade = Pick<CapInfo, "severity" | "urgency" | "certainty"> & { response: string[]; hours: number };

const HOUR_MS = 3_600_000;
/** The water is gone and the road still closed. It may take a person a shift to look; the reset replaces it. */
const LOOK: Grade = {
  ...{ severity: "Minor", urgency: "Past", certainty: "Observed" },
  ...{ response: ["Monitor", "Assess"], hours: 12 },
};
const CLEAR: Grade = { severity: "Minor", urgency: "Past", certainty: "Observed", response: ["AllClear"], hours: 1 };
const FLOOD: Grade[] = [
  { severity: "Minor", urgency: "Future", certainty: "Observed", response: ["Monitor"], hours: 2 },
  { severity: "Minor", urgency: "Future", certainty: "Observed", response: ["Monitor"], hours: 2 },
  { severity: "Moderate", urgency: "Expected", certainty: "Likely", response: ["Avoid"], hours: 1 },
  { severity: "Severe", urgency: "Immediate", certainty: "Observed", response: ["Avoid"], hours: 1 },
  { severity: "Extreme", urgency: "Immediate", certainty: "Observed", response: ["Avoid"], hours: 1 },
];
const SUSPECT: Grade = {
  severity: "Unknown",
  urgency: "Unknown",
  certainty: "Possible",
  response: ["Assess"],
  hours: 1,
};
const BLIND: Grade = { severity: "Unknown", urgency: "Unknown", certainty: "Unknown", response: ["Assess"], hours: 2 };
/** A matter for who runs the water: what it may lead to downstream a level alone does not say. */
const LEVEL: Grade = {
  severity: "Unknown",
  urgency: "Expected",
  certainty: "Observed",
  response: ["Assess"],
  hours: 2,
};
const WASTE: Grade = {
  severity: "Minor",
  urgency: "Expected",
  certainty: "Observed",
  response: ["Execute"],
  hours: 12,
};

function gradeOf(transition: Telling): Grade {
  if (transition.step === "reset") return CLEAR;
  if (transition.step === "clear") return transition.peak >= LATCH_FROM ? LOOK : CLEAR;
  if (transition.kind === "suspect") return SUSPECT;
  if (transition.kind === "overflow") return WASTE;
  if (transition.kind === "level" || transition.kind === "level-rate") return LEVEL;
  if (transition.kind !== "flood") return BLIND;
  const grade = FLOOD[transition.level];
  // Water that comes back lower leaves the road closed, and that must not lapse.
  if (transition.level < LATCH_FROM && transition.peak >= LATCH_FROM) return { ...grade, hours: LOOK.hours };
  // Old evidence says what was, not what is.
  if (transition.why.startsWith("stale:")) return { ...grade, urgency: "Unknown", certainty: "Likely" };
  // It was observed when it was raised; that it still stands is because nobody has seen the end of it.
  return transition.renewal === undefined ? grade : { ...grade, certainty: "Likely" };
}

const LANGUAGES: [Language, string][] = [
  ["kk", "kk-KZ"],
  ["ru", "ru-KZ"],
  ["en", "en-US"],
];
const EVENTS = {
  flood: ["eventFlood", "UNDERPASS-FLOOD", ["Met", "Transport"]],
  suspect: ["eventSensor", "POST-SUSPECT", ["Transport", "Infra"]],
  unknown: ["eventSensor", "POST-UNKNOWN", ["Transport", "Infra"]],
  silent: ["eventSensor", "POST-SILENT", ["Infra"]],
  sensor: ["eventSensor", "POST-SENSOR", ["Infra"]],
  tilt: ["eventSensor", "POST-TILT", ["Infra"]],
  level: ["eventLevel", "WATER-LEVEL", ["Infra"]],
  "level-rate": ["eventLevel", "WATER-RATE", ["Infra"]],
  overflow: ["eventWaste", "CONTAINER-OVERFLOW", ["Env"]],
} as const;
/** Radius of the circle around a site, in km. */
const RADIUS_KM = 0.15;

function instructionKey(transition: Transition): Parameters<typeof text>[1] {
  if (transition.step === "reset") return "instructionClear";
  const clear = transition.step === "clear";
  // Once closed, neither the end of the water nor a lower level opens the road.
  if (transition.peak >= LATCH_FROM && (clear || transition.level < LATCH_FROM)) return "instructionClosed";
  if (clear) return "instructionClear";
  if (transition.kind !== "flood") return "instructionCheck";
  const keys = [
    "instructionWatch",
    "instructionWatch",
    "instructionWarn",
    "instructionClose",
    "instructionLife",
  ] as const;
  return keys[transition.level];
}

function areaOf(transition: Transition, place: CapPlace, language: Language): CapArea {
  const { lat, lon } = place;
  return {
    areaDesc: `${districtName(language, place.district)}, ${place.names[language]}`,
    polygon: [],
    circle: lat === null || lon === null ? [] : [`${lat.toFixed(5)},${lon.toFixed(5)} ${RADIUS_KM}`],
    geocode: [{ valueName: "ALMATY-SITE", value: transition.site }],
  };
}

function infoOf(
  transition: Telling,
  place: CapPlace,
  settings: CapSettings,
  language: Language,
  code: string,
): CapInfo {
  const grade = gradeOf(transition);
  const [event, eventCode, category] = EVENTS[transition.kind];
  const said = alertText(language, place.names[language], transition);
  const exercise = settings.status === "Actual" ? "" : text(language, "exercise") + ". ";
  // What was measured when the closure was raised says nothing about now.
  const measured = transition.renewal === undefined ? transition.figures : {};
  const figures = Object.entries(measured).map(([name, value]): CapPair => ({
    valueName: name,
    value: String(value),
  }));
  return {
    language: code,
    category: [...category],
    event: text(language, event),
    responseType: grade.response,
    urgency: grade.urgency,
    severity: grade.severity,
    certainty: grade.certainty,
    eventCode: [{ valueName: "ALMATY-EVENT", value: eventCode }],
    effective: capTime(sentAt(transition)),
    onset: capTime(transition.time),
    expires: capTime(sentAt(transition) + grade.hours * HOUR_MS),
    senderName: text(language, "senderName"),
    headline: (exercise + said).slice(0, 139),
    description: said,
    instruction: text(language, instructionKey(transition)),
    ...(settings.web === undefined ? {} : { web: settings.web + encodeURIComponent(transition.site) }),
    contact: settings.contact,
    parameter: [
      { valueName: "level", value: String(transition.level) },
      { valueName: "reason", value: transition.why },
      { valueName: "level_reference", value: "lowest point of carriageway" },
      ...figures,
    ],
    resource: [],
    area: [areaOf(transition, place, language)],
  };
}

/** The name of the message of a transition or renewal: unique for ever, because a register's epoch is random. */
export function identifierOf(epoch: string, told: Pick<Telling, "alarm" | "revision" | "renewal">): string {
  return `aryk-${epoch}-${told.alarm}-${numberOf(told)}`;
}

/** A message must not be sent before those that it refers to: there the clock was set back. */
function sentAt({ at, sent = at }: Telling): UnixMs {
  return sent;
}

/** Those of the earlier messages that are still in force; the last one in any case, so that the chain holds. */
function live(earlier: Telling[], at: number): Telling[] {
  const inForce = earlier.filter((t) => sentAt(t) + gradeOf(t).hours * HOUR_MS > at);
  return inForce.length > 0 ? inForce : earlier.slice(-1);
}

/**
 * The message.
 * @param epoch   the register's random name at a time
 * @param earlier what the same receiver was told before of the same episode, oldest first
 */
export function capOf(
  transition: Telling,
  earlier: Telling[],
  place: CapPlace,
  settings: CapSettings,
  epoch: (at: UnixMs) => string,
): CapAlert {
  const references = live(earlier, sentAt(transition)).map(
    (t) => `${settings.sender},${identifierOf(epoch(t.at), t)},${capTime(sentAt(t))}`,
  );
  return {
    identifier: identifierOf(epoch(transition.at), transition),
    sender: settings.sender,
    sent: capTime(sentAt(transition)),
    status: settings.status,
    msgType: references.length > 0 ? "Update" : "Alert",
    source: transition.who,
    scope: "Restricted",
    restriction: text("en", "restriction"),
    code: ["profile:aryk:1.0"],
    note: `alarm ${transition.alarm} revision ${numberOf(transition)}: ${transition.why}`,
    references,
    incidents: `${transition.site}-${transition.kind}-${transition.episode}`,
    info: LANGUAGES.map(([language, code]) => infoOf(transition, place, settings, language, code)),
  };
}
