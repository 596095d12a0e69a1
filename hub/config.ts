/** Reads hub.yaml: every mistake is told with its line, its path and, for a misspelt name, what may have been meant. */
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { Document, Node } from "yaml";
import type { z } from "zod";
import { addressProblems } from "./config/addresses.js";
import { configJsonSchema, configSchema, SECRET } from "./config/schema.js";
import type { Config } from "./config/schema.js";
import { SetupError } from "./errors.js";
import { suggestion } from "./config/suggestion.js";
import { fieldPath } from "./config/field-path.js";
import { ALIAS_PROBLEM, DEEP_PROBLEM, tooDeep, yamlProblem } from "./config/yaml-problems.js";

export { configJsonSchema } from "./config/schema.js";
export type { Config } from "./config/schema.js";
export { sampleConfig } from "./config/sample.js";

type Environment = Record<string, string | undefined>;
type Path = PropertyKey[];

interface Problem {
  path: Path;
  /** Point at the name of the option rather than at its value. */
  atName?: boolean;
  message: string;
}

const MOST_BYTES = 1 << 20;
/** Problems told at once: a file of another kind has one in every line. */
const MOST_PROBLEMS = 20;
const REMEDY = "Correct the file; aryk config sample shows every option with its default.";

/** Where a path stands in the text: its value, its name, or the nearest thing around it that is there. */
function locate(document: Document, path: Path, atName: boolean): number {
  let node = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  path.forEach((part, index) => {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === part);
      if (pair === undefined) {
        node = null;
        return;
      }
      const name = pair.key as Node;
      const value = pair.value as Node | null;
      const wanted = (atName && index === path.length - 1) || !isScalar(value) ? name : value;
      offset = wanted.range?.[0] ?? offset;
      node = value;
    } else if (node !== null && "items" in node && typeof part === "number") {
      node = ((node.items as Node[])[part] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else node = null;
  });
  return offset;
}

type Schema = { properties?: Record<string, Schema>; items?: Schema; anyOf?: Schema[]; oneOf?: Schema[] };

/** The names that may stand at a path. */
function namesAt(path: Path): string[] {
  let at: Schema[] = [configJsonSchema() as Schema];
  const open = (schema: Schema): Schema[] => [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  for (const part of path)
    at = at
      .flatMap(open)
      .flatMap((s) => (typeof part === "number" ? (s.items ?? []) : (s.properties?.[String(part)] ?? [])));
  return [...new Set(at.flatMap(open).flatMap((s) => Object.keys(s.properties ?? {})))];
}

function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.slice(0, MOST_PROBLEMS).flatMap((issue): Problem[] => {
    if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: issue.message }];
    return issue.keys.slice(0, MOST_PROBLEMS).map((name) => ({
      path: [...issue.path, name],
      atName: true,
      message: `unknown option; ${suggestion(name, namesAt(issue.path))}`,
    }));
  });
}

/** Puts the environment's values in the place of `${NAME}`. */
function resolved(value: unknown, env: Environment, path: Path, problems: Problem[]): unknown {
  if (typeof value === "string" && SECRET.test(value)) {
    const name = value.slice(2, -1);
    const found = env[name];
    if (found === undefined || found === "")
      problems.push({ path, message: `the environment variable ${name} is not set` });
    return found;
  }
  if (Array.isArray(value)) return value.map((one, index) => resolved(one, env, [...path, index], problems));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, resolved(one, env, [...path, name], problems)]),
  );
}

function twice(config: Config): Problem[] {
  const problems: Problem[] = [];
  const check = (list: { name: string }[], path: Path): void =>
    list.forEach(({ name }, index) => {
      if (list.findIndex((other) => other.name === name) < index)
        problems.push({ path: [...path, index, "name"], message: `the name ${name} stands twice` });
    });
  check(config.outputs.influxdb, ["outputs", "influxdb"]);
  check(config.alerts.webhooks, ["alerts", "webhooks"]);
  const { sirens, inputs } = config;
  const ports = [...inputs.serial, ...inputs.firmata].map((input) => input.path);
  sirens.forEach(({ site, path }, index) => {
    const before = sirens.slice(0, index);
    if (before.some((other) => other.site === site))
      problems.push({ path: ["sirens", index, "site"], message: `the site ${site} stands twice` });
    if (ports.includes(path) || before.some((other) => other.path === path))
      problems.push({ path: ["sirens", index, "path"], message: "another siren or input has this device file" });
  });
  return problems;
}

/**
 * Checks the text of a hub.yaml and completes it with the defaults. Paths stay as they are written.
 * @throws SetupError `CONFIG_INVALID`; its message has one line for each mistake: `file:line:column path: what is wrong`.
 *   Values are never repeated in it: they may be secrets.
 */
export function parseConfig(text: string, env: Environment, file = "hub.yaml"): Config {
  if (text.length > MOST_BYTES) throw new SetupError("CONFIG_INVALID", `${file} is larger than 1 MiB`, REMEDY);
  if (tooDeep(text)) throw new SetupError("CONFIG_INVALID", `${file}: ${DEEP_PROBLEM}`, REMEDY);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const fail = (messages: string[]): never => {
    throw new SetupError("CONFIG_INVALID", messages.join("\n"), REMEDY);
  };
  if (document.errors.length > 0)
    fail(document.errors.slice(0, MOST_PROBLEMS).map((e) => `${at(e.pos[0])} ${yamlProblem(e)}`));
  const told = (problems: Problem[]): never =>
    fail(
      problems.map(
        (p) => `${at(locate(document, p.path, p.atName ?? false))} ${fieldPath(p.path) || file}: ${p.message}`,
      ),
    );

  let raw: unknown;
  try {
    // An alias may not be used to blow a small text up.
    raw = document.toJS({ maxAliasCount: 20 });
  } catch {
    fail([`${file} ${ALIAS_PROBLEM}`]);
  }
  const checked = configSchema.safeParse(raw ?? {});
  if (!checked.success) return told(problemsOf(checked.error));
  const problems = twice(checked.data);
  const config = resolved(checked.data, env, [], problems) as Config;
  problems.push(...addressProblems(config));
  return problems.length > 0 ? told(problems) : config;
}

/** Reads a hub.yaml; relative paths in it are relative to its folder. @throws SetupError CONFIG_UNREADABLE, CONFIG_INVALID */
export function loadConfig(file: string, env: Environment): Config {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new SetupError(
      "CONFIG_UNREADABLE",
      `${file} cannot be read: ${(cause as Error).message}`,
      "Check the path and the rights of the file.",
      { cause },
    );
  }
  return withPaths(parseConfig(text, env, file), dirname(resolve(file)));
}

function withPaths(config: Config, base: string): Config {
  const full = (path: string): string => (isAbsolute(path) ? path : join(base, path));
  const maybe = (path: string | null): string | null => (path === null ? null : full(path));
  const { broker, mqtt, replay } = config.inputs;
  const dataDir = full(config.dataDir);
  const cap = { ...config.alerts.cap, folder: maybe(config.alerts.cap.folder) ?? join(dataDir, "cap") };
  return {
    ...config,
    dataDir,
    inputs: {
      ...config.inputs,
      broker: { ...broker, tlsCertFile: maybe(broker.tlsCertFile), tlsKeyFile: maybe(broker.tlsKeyFile) },
      mqtt: mqtt.map((one) => ({ ...one, caFile: maybe(one.caFile) })),
      replay: replay.map((one) => ({ ...one, file: full(one.file) })),
    },
    alerts: { ...config.alerts, cap },
  };
}
