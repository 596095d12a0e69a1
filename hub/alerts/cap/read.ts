/** CAP messages checked against the OASIS schema, and read back from XML. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ParseOption,
  XmlDocument,
  XmlElement,
  XmlParseError,
  XmlValidateError,
  XmlXPath,
  XsdValidator,
} from "libxml2-wasm";
import { projectRoot } from "../../root.js";
import type { CapAlert, CapArea, CapInfo, CapPair, CapResource } from "./model.js";
import { CAP_NAMESPACE } from "./xml.js";

/** The longest message that is looked at, in characters: real ones have some kilobytes. */
const LONGEST = 1_000_000;

export type Read = { ok: true; message: CapAlert } | { ok: false; fault: string };

/** Reads messages. The schema is compiled once; `close` frees it. */
export interface CapReader {
  /** Parses a message if it is valid by the schema. A document type definition is refused: CAP needs none. */
  read(xml: string): Read;
  close(): void;
}

/** Compiled once: the engine holds on to every one. */
const ELEMENTS = XmlXPath.compile("*");

/** Found by XPath: the engine's nodes for processing instructions know no next sibling, so a walk ends at them. */
function children(element: XmlElement, name: string): XmlElement[] {
  return element.find(ELEMENTS).filter((node) => node instanceof XmlElement && node.name === name) as XmlElement[];
}

const texts = (element: XmlElement, name: string): string[] => children(element, name).map((c) => c.content);
const one = (element: XmlElement, name: string): string => texts(element, name)[0] ?? "";

function optional<Name extends string>(element: XmlElement, names: Name[]): Partial<Record<Name, string>> {
  const out: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const found = children(element, name)[0];
    if (found !== undefined) out[name] = found.content;
  }
  return out;
}

const pairs = (element: XmlElement, name: string): CapPair[] =>
  children(element, name).map((c) => ({ valueName: one(c, "valueName"), value: one(c, "value") }));

const areaOf = (e: XmlElement): CapArea => ({
  areaDesc: one(e, "areaDesc"),
  polygon: texts(e, "polygon"),
  circle: texts(e, "circle"),
  geocode: pairs(e, "geocode"),
  ...optional(e, ["altitude", "ceiling"]),
});

const resourceOf = (e: XmlElement): CapResource => ({
  resourceDesc: one(e, "resourceDesc"),
  mimeType: one(e, "mimeType"),
  ...optional(e, ["size", "uri", "derefUri", "digest"]),
});

const infoOf = (e: XmlElement): CapInfo => ({
  ...optional(e, ["language", "audience", "effective", "onset", "expires", "senderName", "headline", "description"]),
  ...optional(e, ["instruction", "web", "contact"]),
  category: texts(e, "category"),
  event: one(e, "event"),
  responseType: texts(e, "responseType"),
  urgency: one(e, "urgency") as CapInfo["urgency"],
  severity: one(e, "severity") as CapInfo["severity"],
  certainty: one(e, "certainty") as CapInfo["certainty"],
  eventCode: pairs(e, "eventCode"),
  parameter: pairs(e, "parameter"),
  resource: children(e, "resource").map(resourceOf),
  area: children(e, "area").map(areaOf),
});

const alertOf = (e: XmlElement): CapAlert => ({
  identifier: one(e, "identifier"),
  sender: one(e, "sender"),
  sent: one(e, "sent"),
  status: one(e, "status") as CapAlert["status"],
  msgType: one(e, "msgType") as CapAlert["msgType"],
  scope: one(e, "scope") as CapAlert["scope"],
  ...optional(e, ["source", "restriction", "addresses", "note", "incidents"]),
  code: texts(e, "code"),
  references: one(e, "references")
    .split(/\s+/)
    .filter((r) => r !== ""),
  info: children(e, "info").map(infoOf),
});

/** Loads the schema that lies beside this file. */
export function openCapReader(): CapReader {
  const schema = XmlDocument.fromBuffer(readFileSync(join(projectRoot(), "hub/alerts/cap/CAP-v1.2.xsd")));
  const validator = XsdValidator.fromDoc(schema);
  return {
    read(xml) {
      if (xml.length > LONGEST) return { ok: false, fault: "longer than any CAP message" };
      if (/<!DOCTYPE/i.test(xml)) return { ok: false, fault: "carries a document type definition" };
      let document: XmlDocument | undefined;
      try {
        document = XmlDocument.fromString(xml, { option: ParseOption.XML_PARSE_NONET });
        if (document.root.name !== "alert" || document.root.namespaceUri !== CAP_NAMESPACE)
          return { ok: false, fault: "is no CAP 1.2 alert" };
        validator.validate(document);
        return { ok: true, message: alertOf(document.root) };
      } catch (error) {
        if (error instanceof XmlParseError)
          return { ok: false, fault: "is not well-formed XML: " + error.message.trim() };
        if (error instanceof XmlValidateError)
          return { ok: false, fault: "is not valid CAP 1.2: " + error.message.trim() };
        throw error;
      } finally {
        document?.dispose();
      }
    },
    close() {
      validator.dispose();
      schema.dispose();
    },
  };
}
