/**
 * What is wrong with a YAML text, in words that repeat nothing of it: it may be a password that begins with a character
 * to which YAML gives a meaning. Where the library's message repeats the text, this one stands instead.
 */
import type { ErrorCode, YAMLParseError } from "yaml";

const QUOTE = "a text with characters that YAML gives a meaning (* & ! | > % @ { [ : #) must stand in quotes";

const OWN_WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: `no such alias; ${QUOTE}`,
  BAD_COLLECTION_TYPE: `a tag (!name) that does not fit; ${QUOTE}`,
  BAD_DIRECTIVE: `no directive (%NAME) that YAML knows; ${QUOTE}`,
  BAD_DQ_ESCAPE: "no escape (\\) that YAML knows; between single quotes nothing is escaped",
  BAD_SCALAR_START: QUOTE,
  NON_STRING_KEY: "a name must be a plain text",
  TAG_RESOLVE_FAILED: `an unknown tag (!name); ${QUOTE}`,
  UNEXPECTED_TOKEN: `something that does not belong here; ${QUOTE}`,
};

/** One error of a parsed document. */
export function yamlProblem(error: YAMLParseError): string {
  return OWN_WORDS[error.code] ?? error.message;
}

/** Why a document without errors could not be turned into values. */
export const ALIAS_PROBLEM = `an alias (*name) that is set nowhere, or aliases used too many times; ${QUOTE}`;

/** Why a document is not even parsed. */
export const DEEP_PROBLEM = "lists and maps are nested deeper than anything that could be meant";

/**
 * True if lists or maps are nested far deeper than any document that is meant: the parser calls itself for each of them,
 * and at some thousands the stack, and with it the process, comes to its end.
 */
export function tooDeep(text: string): boolean {
  if (/(?:(?:[^\s'"{}[\],#]{1,80}:|[-?])[ \t]+){100}/.test(text)) return true;
  let flow = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "[" || c === "{") flow++;
    else if ((c === "]" || c === "}") && flow > 0) flow--;
    if (flow > 200) return true;
  }
  const indents: number[] = [];
  for (const line of text.split("\n")) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    while (indents.length > 0 && indents[indents.length - 1] >= indent) indents.pop();
    if (indents.push(indent) > 100) return true;
  }
  return false;
}
