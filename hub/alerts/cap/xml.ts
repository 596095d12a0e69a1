/** CAP as XML: fixed order, default namespace, everything escaped. The same message is the same bytes. */
import type { CapAlert, CapArea, CapInfo, CapPair, CapResource } from "./model.js";

export const CAP_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2";

/** What XML 1.0 cannot carry at all, even escaped. */
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" };

export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"\r]/g, (char) => ESCAPES[char]);
}

type Value = string | undefined | string[] | CapPair[] | CapResource[] | CapArea[] | CapInfo[];
type Field = [name: string, value: Value];

const pair = (p: CapPair): Field[] => [
  ["valueName", p.valueName],
  ["value", p.value],
];

const resource = (r: CapResource): Field[] => [
  ["resourceDesc", r.resourceDesc],
  ["mimeType", r.mimeType],
  ["size", r.size],
  ["uri", r.uri],
  ["derefUri", r.derefUri],
  ["digest", r.digest],
];

const area = (a: CapArea): Field[] => [
  ["areaDesc", a.areaDesc],
  ["polygon", a.polygon],
  ["circle", a.circle],
  ["geocode", a.geocode],
  ["altitude", a.altitude],
  ["ceiling", a.ceiling],
];

const info = (i: CapInfo): Field[] => [
  ["language", i.language],
  ["category", i.category],
  ["event", i.event],
  ["responseType", i.responseType],
  ["urgency", i.urgency],
  ["severity", i.severity],
  ["certainty", i.certainty],
  ["audience", i.audience],
  ["eventCode", i.eventCode],
  ["effective", i.effective],
  ["onset", i.onset],
  ["expires", i.expires],
  ["senderName", i.senderName],
  ["headline", i.headline],
  ["description", i.description],
  ["instruction", i.instruction],
  ["web", i.web],
  ["contact", i.contact],
  ["parameter", i.parameter],
  ["resource", i.resource],
  ["area", i.area],
];

const alert = (a: CapAlert): Field[] => [
  ["identifier", a.identifier],
  ["sender", a.sender],
  ["sent", a.sent],
  ["status", a.status],
  ["msgType", a.msgType],
  ["source", a.source],
  ["scope", a.scope],
  ["restriction", a.restriction],
  ["addresses", a.addresses],
  ["code", a.code],
  ["note", a.note],
  ["references", a.references.length === 0 ? undefined : a.references.join(" ")],
  ["incidents", a.incidents],
  ["info", a.info],
];

function fieldsOf(name: string, value: object): Field[] {
  if (name === "info") return info(value as CapInfo);
  if (name === "area") return area(value as CapArea);
  if (name === "resource") return resource(value as CapResource);
  return pair(value as CapPair);
}

function write(fields: Field[], indent: string): string {
  let out = "";
  for (const [name, value] of fields)
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined) continue;
      if (typeof one === "string") out += `${indent}<${name}>${escapeXml(one)}</${name}>\n`;
      else out += `${indent}<${name}>\n${write(fieldsOf(name, one), indent + "  ")}${indent}</${name}>\n`;
    }
  return out;
}

/** The message as a UTF-8 XML document. */
export function toXml(message: CapAlert): string {
  const body = write(alert(message), "  ");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="${CAP_NAMESPACE}">\n${body}</alert>\n`;
}
