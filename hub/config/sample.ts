/** Writes hub.sample.yaml from the schema: every option with its sentence and its default. */
import { configJsonSchema } from "./schema.js";

interface Schema {
  description?: string;
  default?: unknown;
  const?: unknown;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

const HEAD = `# Settings of the hub. Every option is here with its default; what you leave out keeps it.
# Secrets stand in the environment: write \${NAME} in their place.
# Sites, boards, keys, assignments and calibrations are not here but in the registry: see "aryk --help".
`;

/** A plain value as YAML. */
function scalar(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const plain = /^[A-Za-z./][A-Za-z0-9./_@:-]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}

function exampleOf(schema: Schema): unknown {
  const inner = schema.anyOf?.find((one) => one.examples !== undefined);
  return schema.const ?? schema.examples?.[0] ?? inner?.examples?.[0] ?? schema.default;
}

/** The shapes that an element of a list may have; none for a list of plain values. */
function shapes(items: Schema | undefined): Schema[] {
  if (items === undefined) return [];
  return (items.oneOf ?? items.anyOf ?? [items]).filter((one) => one.properties !== undefined);
}

function element(schema: Schema): string[] {
  const lines = options(schema, true).map((line) => "  " + line);
  const first = lines.findIndex((line) => !line.trimStart().startsWith("#"));
  lines[first] = "- " + lines[first].slice(2);
  // The sentence of the first option stands above the dash with the others' indentation.
  return lines;
}

function list(name: string, items: Schema[]): string[] {
  const about = (one: Schema): string[] => (items.length > 1 && one.description ? [`# ${one.description}`] : []);
  return [`${name}:`, ...items.flatMap((one) => [...about(one), ...element(one)]).map((line) => "  " + line)];
}

function options(schema: Schema, example: boolean): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, option]) => {
    const lines = option.description === undefined ? [] : [`# ${option.description}`];
    const items = shapes(option.items);
    if (option.properties !== undefined) lines.push(`${name}:`, ...options(option, example).map((line) => "  " + line));
    else if (items.length > 0 && example) lines.push(...list(name, items));
    else if (items.length > 0) lines.push(`${name}: []`, ...list(name, items).map((line) => "# " + line));
    else lines.push(`${name}: ${scalar(example ? exampleOf(option) : option.default)}`);
    return lines;
  });
}

/** The text of hub.sample.yaml; the first start of a hub writes it as its hub.yaml. */
export function sampleConfig(): string {
  return HEAD + "\n" + options(configJsonSchema() as Schema, false).join("\n") + "\n";
}
