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
