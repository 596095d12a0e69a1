/**
 * What a good CAP message keeps to and the schema cannot say (CAP-v1.2 §3.2, and the checks of Google's CAP validator).
 * Each problem is one sentence for people; none means the message may go out.
 */
import type { CapAlert, CapArea, CapInfo } from "./model.js";

/** Degrees: places outside cannot be meant. */
export interface Bounds {
  lat: [number, number];
  lon: [number, number];
}

/** Kazakhstan, roundly: catches latitude and longitude in the wrong order. */
export const KAZAKHSTAN: Bounds = { lat: [40, 56], lon: [46, 88] };

type Place = { lat: number; lon: number };

/** Shapes of one area further apart than this (degrees) cannot describe the same place. */
const FAR_APART = 15;

function placesOf(shape: string): Place[] {
  return shape
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(","))
    .map(([lat, lon]) => ({ lat: Number(lat), lon: Number(lon) }));
}

function crosses(a: Place, b: Place, c: Place, d: Place): boolean {
  const side = (p: Place, q: Place, r: Place): number =>
    Math.sign((q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function checkPlace(place: Place, bounds: Bounds | undefined, what: string): string[] {
  const { lat, lon } = place;
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return [`${what} holds a point that is not on the earth`];
  if (bounds === undefined) return [];
  const inside = lat >= bounds.lat[0] && lat <= bounds.lat[1] && lon >= bounds.lon[0] && lon <= bounds.lon[1];
  return inside ? [] : [`${what} lies at ${lat},${lon}, outside the country: latitude comes first`];
}

function checkPolygon(text: string, bounds: Bounds | undefined): string[] {
  const places = placesOf(text);
  const problems = places.flatMap((place) => checkPlace(place, bounds, "a polygon"));
  const first = places[0];
  const last = places[places.length - 1];
  if (places.length < 4) problems.push("a polygon has fewer than four points");
  if (first.lat !== last.lat || first.lon !== last.lon) problems.push("a polygon is not closed");
  for (let i = 0; i + 1 < places.length; i++)
    for (let j = i + 2; j + 1 < places.length; j++)
      if (crosses(places[i], places[i + 1], places[j], places[j + 1])) return [...problems, "a polygon crosses itself"];
  return problems;
}

function checkCircle(text: string, bounds: Bounds | undefined): string[] {
  const [centre, radius] = text.trim().split(/\s+/);
  const problems = checkPlace(placesOf(centre)[0], bounds, "a circle");
  if (!(Number(radius) > 0)) problems.push("a circle has no radius");
  return problems;
}

function checkArea(area: CapArea, bounds: Bounds | undefined): string[] {
  const problems = [
    ...area.polygon.flatMap((p) => checkPolygon(p, bounds)),
    ...area.circle.flatMap((c) => checkCircle(c, bounds)),
  ];
  const starts = [...area.polygon, ...area.circle].map((shape) => placesOf(shape)[0]);
  for (const place of starts)
    if (Math.abs(place.lat - starts[0].lat) > FAR_APART || Math.abs(place.lon - starts[0].lon) > FAR_APART)
      return [...problems, "the shapes of an area lie far apart: latitude comes first"];
  if (area.ceiling !== undefined && area.altitude === undefined) problems.push("a ceiling needs an altitude");
  return problems;
}

function checkInfos(infos: CapInfo[]): string[] {
  const problems: string[] = [];
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  for (const [i, info] of infos.entries()) {
    const language = info.language ?? "en-US";
    if (info.expires !== undefined && info.effective !== undefined)
      if (Date.parse(info.expires) <= Date.parse(info.effective))
        problems.push(`${language}: expires before it begins`);
    for (const other of infos.slice(0, i)) {
      if (info.event === other.event && language === (other.language ?? "en-US")) continue;
      if (!same(info.category, other.category)) problems.push(`${language}: another category than the other languages`);
      if (!same(info.eventCode, other.eventCode))
        problems.push(`${language}: other event codes than the other languages`);
    }
  }
  return problems;
}

function checkReferences(message: CapAlert): string[] {
  const problems: string[] = [];
  for (const reference of message.references) {
    const [sender, identifier, sent, ...rest] = reference.split(",");
    if (sent === undefined || rest.length > 0 || Number.isNaN(Date.parse(sent)))
      problems.push(`the reference ${reference} is not sender,identifier,sent`);
    else if (sender === message.sender && identifier === message.identifier) problems.push("it refers to itself");
    else if (Date.parse(sent) > Date.parse(message.sent)) problems.push(`it refers to a later message (${identifier})`);
  }
  if (["Update", "Cancel", "Ack", "Error"].includes(message.msgType) && message.references.length === 0)
    problems.push(`${message.msgType} must refer to the messages it is about`);
  return problems;
}

/** All that is wrong with a message that the schema accepts. @param bounds where its places must lie */
export function problemsOf(message: CapAlert, bounds?: Bounds): string[] {
  const problems: string[] = [];
  for (const name of ["identifier", "sender"] as const)
    if (message[name] === "" || /[\s,<&]/.test(message[name]))
      problems.push(`${name} is empty or holds a space, comma, < or &`);
  if (message.scope === "Restricted" && !message.restriction) problems.push("scope Restricted needs a restriction");
  if (message.scope === "Private" && !message.addresses) problems.push("scope Private needs addresses");
  if (["Alert", "Update"].includes(message.msgType) && message.info.length === 0)
    problems.push(`${message.msgType} carries no info`);
  if (message.msgType === "Cancel" && !message.note) problems.push("Cancel must say why in its note");
  return [
    ...problems,
    ...checkReferences(message),
    ...checkInfos(message.info),
    ...message.info.flatMap((info) => info.area.flatMap((area) => checkArea(area, bounds))),
  ];
}
