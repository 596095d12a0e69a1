/**
 * Reads an image and refuses what the interpreter (Espruino 2v29) lacks, or has and gets wrong without a word. The
 * lint of the firmware says the same of the sources; this says it of what a bundler and a minifier made of them, which
 * is what runs. Found by running both; see firmware/README.md.
 */
import { minify } from "terser";
import { useBeforeDeclaration } from "./declared.js";

/** A node of the syntax tree (ESTree). */
export interface Node {
  type: string;
  loc?: { start: { line: number; column: number } } | null;
  [field: string]: unknown;
}

export interface Fault {
  line: number;
  column: number;
  reason: string;
}

/** Every node below this one, in source order. */
export function childrenOf(node: Node): Node[] {
  const out: Node[] = [];
  for (const [field, value] of Object.entries(node)) {
    if (field === "loc" || field === "range") continue;
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== null && typeof item === "object" && typeof (item as Node).type === "string") out.push(item as Node);
  }
  return out;
}

export function isFunction(node: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

const FORMS: Record<string, string> = {
  AssignmentPattern: "default values do not exist",
  RestElement: "rest parameters do not exist",
  SpreadElement: "spread does not exist",
  ObjectPattern: "destructuring does not exist",
  ArrayPattern: "destructuring does not exist",
  ChainExpression: "optional chaining does not exist",
  ClassDeclaration: "classes lose `this` in fields, and super recurses for ever",
  ClassExpression: "classes lose `this` in fields, and super recurses for ever",
  LabeledStatement: "labels do not exist",
  TaggedTemplateExpression: "tagged templates do not exist",
  MetaProperty: "new.target does not exist",
  ImportExpression: "import() does not exist",
  AwaitExpression: "await does not exist",
  YieldExpression: "generators do not exist",
};

const LACKING_GLOBALS =
  "Map Set WeakMap WeakSet WeakRef Symbol Reflect Proxy BigInt TextEncoder TextDecoder RangeError structuredClone queueMicrotask".split(
    " ",
  );
const LACKING_MEMBERS: Record<string, string> = {
  Array: "from of prototype",
  Number: "isInteger isSafeInteger EPSILON MAX_SAFE_INTEGER MIN_SAFE_INTEGER",
  Math: "trunc imul fround clz32 log2 log10 hypot cbrt",
  Object: "freeze isFrozen hasOwn",
  Promise: "race any allSettled",
  Date: "UTC",
  String: "raw fromCodePoint",
};
const LACKING_METHODS =
  "flat flatMap at reduceRight findLast findLastIndex copyWithin codePointAt normalize matchAll trimStart trimEnd toPrecision finally toSorted toReversed toSpliced".split(
    " ",
  );
const REGEX_FORMS = /\(\?|\{\d|\\[1-9]|[*+?}]\?/;

function nameOf(node: unknown): string {
  const n = node as Node | null;
  return n !== null && n?.type === "Identifier" ? String(n.name) : "";
}

function regexFault(source: string, flags: string): string | null {
  if (REGEX_FORMS.test(source)) return "this form of regular expression never matches";
  return /[msuyvd]/.test(flags) ? "this flag of a regular expression is ignored" : null;
}

/** Why this very node is refused, or null. */
function reasonOf(node: Node): string | null {
  if (FORMS[node.type] !== undefined) return FORMS[node.type];
  if (isFunction(node) && node.async === true) return "async functions do not exist";
  if (isFunction(node) && node.generator === true) return "generators do not exist";
  if ((node.type === "Property" || node.type === "MethodDefinition") && node.computed === true)
    return "computed keys do not exist";
  if (node.type === "BinaryExpression" && node.operator === "**") return "** does not exist: use Math.pow";
  if (node.type === "AssignmentExpression" && /^(\*\*|\?\?|\|\||&&)=$/.test(String(node.operator)))
    return `${String(node.operator)} does not exist`;
  if (node.type === "Literal" && node.bigint !== undefined) return "BigInt does not exist";
  const regex = node.type === "Literal" ? (node.regex as { pattern: string; flags: string } | undefined) : undefined;
  if (regex) return regexFault(regex.pattern, regex.flags);
  if (node.type === "AssignmentExpression" && (node.left as Node).type === "MemberExpression")
    if (nameOf((node.left as Node).property) === "length") return "setting a length throws: use splice";
  if (node.type === "MemberExpression" && node.computed !== true) {
    const [object, member] = [nameOf(node.object), nameOf(node.property)];
    if (LACKING_GLOBALS.includes(object)) return `${object} does not exist`;
    if (LACKING_MEMBERS[object]?.split(" ").includes(member)) return `${object}.${member} does not exist`;
  }
  return node.type === "CallExpression" || node.type === "NewExpression" ? callFault(node) : null;
}

function callFault(call: Node): string | null {
  const callee = call.callee as Node;
  const name = nameOf(callee);
  if (LACKING_GLOBALS.includes(name)) return `${name} does not exist`;
  if (name === "encodeURIComponent") return "encodeURIComponent is wrong for other than ASCII";
  if (callee.type !== "MemberExpression" || callee.computed === true) return null;
  const method = nameOf(callee.property);
  if (LACKING_METHODS.includes(method)) return `.${method}() does not exist`;
  if (/^getUTC/.test(method)) return `.${method}() does not exist in the stable release`;
  if (method === "charAt") return ".charAt() makes two bytes of one above 7F: use substr";
  const decimals = (call.arguments as Node[])[0];
  if (method === "toFixed" && !(decimals?.type === "Literal" && decimals.value === 0))
    return ".toFixed() does not carry when it rounds: round to a whole number first";
  return null;
}

/** Functions made in a loop that use what the loop declares: they all see its last value. */
function loopClosures(loop: Node, faults: Fault[]): void {
  const declared = new Set<string>();
  const collect = (node: Node): void => {
    if (isFunction(node)) return;
    if (node.type === "VariableDeclarator") declared.add(nameOf(node.id));
    childrenOf(node).forEach(collect);
  };
  collect(loop);
  const uses = (node: Node, hidden: Set<string>): boolean => {
    if (isFunction(node)) hidden = new Set([...hidden, ...(node.params as Node[]).map(nameOf)]);
    if (node.type === "Identifier") return declared.has(nameOf(node)) && !hidden.has(nameOf(node));
    if (node.type === "MemberExpression" && node.computed !== true) return uses(node.object as Node, hidden);
    if (node.type === "Property" && node.computed !== true) return uses(node.value as Node, hidden);
    return childrenOf(node).some((child) => uses(child, hidden));
  };
  const search = (node: Node): void => {
    if (isFunction(node)) {
      if (uses(node, new Set())) faults.push(faultAt(node, "a function made in a loop sees the loop's last value"));
      return;
    }
    childrenOf(node).forEach(search);
  };
  search(loop);
}

export function faultAt(node: Node, reason: string): Fault {
  return { line: node.loc?.start.line ?? 0, column: node.loc?.start.column ?? 0, reason };
}

/** What the interpreter would not run, or run wrongly, in this script. Throws if it is no script at all. */
export async function subsetFaults(code: string): Promise<Fault[]> {
  const parsed = (await minify(code, {
    compress: false,
    mangle: false,
    format: { spidermonkey: true, code: false },
  } as object)) as { ast?: Node };
  if (parsed.ast === undefined) throw new Error("terser gave no syntax tree");
  const faults: Fault[] = [];
  const walk = (node: Node, arrow: boolean): void => {
    const reason = reasonOf(node);
    if (reason !== null) faults.push(faultAt(node, reason));
    if (arrow && nameOf(node) === "arguments")
      faults.push(faultAt(node, "arguments is empty inside an arrow function"));
    if (/^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type)) loopClosures(node, faults);
    const inArrow = node.type === "ArrowFunctionExpression" || (arrow && !isFunction(node));
    for (const child of childrenOf(node)) walk(child, inArrow);
  };
  walk(parsed.ast, false);
  faults.push(...useBeforeDeclaration(parsed.ast));
  return faults;
}
