/** A registry document as YAML text. */
import { LineCounter, parseDocument } from "yaml";
import { SetupError } from "./errors.js";
import { ALIAS_PROBLEM, yamlProblem } from "./yaml-problems.js";

/** Problems told at once: a file of another kind has one in every line. */
const MOST_PROBLEMS = 20;

/**
 * Reads the text. What is wrong is told without repeating anything of it: a document may hold keys.
 * @throws SetupError REGISTRY_INVALID
 */
export function registryFromYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const problems = document.errors.slice(0, MOST_PROBLEMS).map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return `line ${line}, column ${col}: ${yamlProblem(error)}`;
  });
  if (problems.length > 0) throw invalid(problems);
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20 });
    // An alias within what it stands for makes a value without an end: as JSON it cannot be written.
    return JSON.parse(JSON.stringify(value) ?? "null");
  } catch {
    throw invalid([ALIAS_PROBLEM]);
  }
}

function invalid(problems: string[]): SetupError {
  const remedy = "Correct the document and import again; nothing was taken over.";
  return new SetupError("REGISTRY_INVALID", problems.join("\n"), remedy);
}
