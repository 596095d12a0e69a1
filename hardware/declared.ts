/**
 * Names used before the statement that declares them. The interpreter hoists neither functions nor `var`: reading such
 * a name is an error, and writing it makes a global without a word.
 */
import { childrenOf, faultAt, isFunction } from "./subset.js";
import type { Fault, Node } from "./subset.js";

interface Scope {
  /** Name → whether its declaration has been passed. */
  names: Map<string, boolean>;
  /** True where another function's body begins, which runs later. */
  later: boolean;
}

const idOf = (node: Node): string => String((node.id as Node | null)?.name ?? "");

function isCalledAtOnce(parent: Node, child: Node): boolean {
  return parent.type === "CallExpression" && parent.callee === child;
}

/** Names that belong to a function as a whole: `var` at any depth. */
function varsIn(node: Node, out: string[]): string[] {
  for (const child of childrenOf(node)) {
    if (isFunction(child)) continue;
    if (child.type === "VariableDeclaration" && child.kind === "var")
      for (const d of child.declarations as Node[]) out.push(idOf(d));
    varsIn(child, out);
  }
  return out;
}

/** Names that belong to a list of statements: functions, `let` and `const`. */
function blockNames(statements: Node[]): string[] {
  return statements.flatMap((s) => {
    if (s.type === "FunctionDeclaration") return [idOf(s)];
    return s.type === "VariableDeclaration" && s.kind !== "var" ? (s.declarations as Node[]).map(idOf) : [];
  });
}

/** Every use of a name before its declaration in code that runs at once. */
export function useBeforeDeclaration(program: Node): Fault[] {
  const faults: Fault[] = [];

  const inScope = (scopes: Scope[], names: string[], later: boolean): Scope[] => [
    ...scopes,
    { names: new Map(names.map((n) => [n, false])), later },
  ];

  const declare = (scopes: Scope[], name: string): void => {
    for (let i = scopes.length - 1; i >= 0; i--)
      if (scopes[i].names.has(name)) {
        scopes[i].names.set(name, true);
        return;
      }
  };

  const use = (scopes: Scope[], node: Node): void => {
    const name = String(node.name);
    for (let i = scopes.length - 1; i >= 0; i--) {
      const passed = scopes[i].names.get(name);
      if (passed === false) faults.push(faultAt(node, `"${name}" is used before its declaration`));
      if (passed !== undefined || scopes[i].later) return;
    }
  };

  const visitFunction = (fn: Node, scopes: Scope[], later: boolean): void => {
    const inner = inScope(scopes, [], later);
    const names = inner[inner.length - 1].names;
    for (const p of fn.params as Node[]) names.set(String(p.name), true);
    if (fn.type === "FunctionExpression" && fn.id) names.set(idOf(fn), true);
    for (const name of varsIn(fn.body as Node, [])) if (!names.has(name)) names.set(name, false);
    visit(fn.body as Node, inner, fn);
  };

  const visitList = (statements: Node[], scopes: Scope[], parent: Node): void => {
    const inner = inScope(scopes, blockNames(statements), false);
    for (const statement of statements) visit(statement, inner, parent);
  };

  const visit = (node: Node, scopes: Scope[], parent: Node): void => {
    if (isFunction(node)) {
      visitFunction(node, scopes, !isCalledAtOnce(parent, node));
      if (node.type === "FunctionDeclaration") declare(scopes, idOf(node));
    } else if (node.type === "BlockStatement") visitList(node.body as Node[], scopes, node);
    else if (node.type === "VariableDeclarator") {
      if (node.init) visit(node.init as Node, scopes, node);
      declare(scopes, idOf(node));
    } else if (/^For(In|Of)?Statement$/.test(node.type)) {
      const head = (node.init ?? node.left) as Node | null;
      const inner = inScope(scopes, head ? blockNames([head]) : [], false);
      // The names of a for-in or for-of head have a value in the body without being initialised.
      for (const child of childrenOf(node)) visit(child, inner, node);
    } else if (node.type === "CatchClause") {
      const inner = inScope(scopes, [], false);
      if (node.param) inner[inner.length - 1].names.set(String((node.param as Node).name), true);
      visit(node.body as Node, inner, node);
    } else if (node.type === "Identifier") use(scopes, node);
    else if (node.type === "MemberExpression") {
      visit(node.object as Node, scopes, node);
      if (node.computed === true) visit(node.property as Node, scopes, node);
    } else if (node.type === "Property") visit(node.value as Node, scopes, node);
    else for (const child of childrenOf(node)) visit(child, scopes, node);
  };

  const top = inScope([], varsIn(program, []), false);
  visitList(program.body as Node[], top, program);
  return faults;
}
