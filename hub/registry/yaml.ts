/** A registry document as YAML text. */
import { isScalar, LineCounter, parseDocument, visit, type Document } from "yaml";
import { SetupError } from "../errors.js";
import { ALIAS_PROBLEM, DEEP_PROBLEM, tooDeep, yamlProblem } from "../config/yaml-problems.js";

/** Problems told at once: a file of another kind has one in every line. */
const MOST_PROBLEMS = 20;
/** Some eight times the registry of a city with 5,400 sites. */
const MOST_BYTES = 16 << 20;

/**
 * Reads the text. What is wrong is told without repeating anything of it: a document may hold keys.
 * @throws SetupError REGISTRY_INVALID
 */
export function registryFromYaml(text: string): unknown {
  if (text.length > MOST_BYTES) throw invalid([`the document is larger than ${MOST_BYTES >> 20} MiB`]);
  if (tooDeep(text)) throw invalid([DEEP_PROBLEM]);
  const lines = new LineCounter();
  // The library compares each name with every one before it: minutes for a megabyte of names.
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false };
  const document = parseDocument(text, options);
  const place = (at: number): string => {
    const { line, col } = lines.linePos(at);
    return `line ${line}, column ${col}`;
  };
  const problems = document.errors
    .slice(0, MOST_PROBLEMS)
    .map((error) => `${place(error.pos[0])}: ${yamlProblem(error)}`);
  if (problems.length === 0)
    for (const at of repeatedNames(document)) problems.push(`${place(at)}: this name stands here a second time`);
  if (problems.length > 0) throw invalid(problems);
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20 });
    // An alias within what it stands for makes a value without an end: as JSON it cannot be written.
    return JSON.parse(JSON.stringify(value) ?? "null");
  } catch {
    throw invalid([ALIAS_PROBLEM]);
  }
}

/** Where a name stands in a map that has it already; the first few. */
function repeatedNames(document: Document.Parsed): number[] {
  const found: number[] = [];
  visit(document, {
    Map(_, map) {
      const names = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (names.has(key.value)) found.push(key.range?.[0] ?? 0);
        names.add(key.value);
        if (found.length === MOST_PROBLEMS) return visit.BREAK;
      }
      return undefined;
    },
  });
  return found;
}

function invalid(problems: string[]): SetupError {
  const remedy = "Correct the document and import again; nothing was taken over.";
  return new SetupError("REGISTRY_INVALID", problems.join("\n"), remedy);
}
