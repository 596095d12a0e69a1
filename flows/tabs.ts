/**
 * Flows as files that a person can compare: one file per tab. Node-RED knows one array of nodes; it is joined from the
 * files in the order of their names when it is loaded, and taken apart by `z` (the tab of a node) when it is saved.
 */

/** A node of Node-RED as it stands in a file; `z` is the tab it lies on, absent for tabs, subflows and set-up nodes. */
export interface FlowNode {
  id: string;
  type: string;
  z?: string;
  [key: string]: unknown;
}

/** File name → the text of the file. */
export type TabFiles = Map<string, string>;

/** File of everything that lies on no tab: set-up nodes, and subflows with what is in them. */
export const SHARED_FILE = "00-shared.json";

const FIRST_KEYS = ["id", "type", "z", "label", "name"];
const LAST_KEYS = ["x", "y", "w", "h", "wires"];

/**
 * Joins the files, in the order of their names, to the array that Node-RED loads.
 * @throws Error naming the file that is no array of nodes, or the id that two nodes share
 */
export function joinTabs(files: TabFiles): FlowNode[] {
  const nodes: FlowNode[] = [];
  const seen = new Map<string, string>();
  for (const [name, text] of sorted(files)) {
    for (const node of parseTab(name, text)) {
      const before = seen.get(node.id);
      if (before !== undefined) throw new Error(`Node id ${node.id} stands in ${before} and again in ${name}.`);
      seen.set(node.id, name);
      nodes.push(node);
    }
  }
  return nodes;
}

/**
 * Takes the array apart into files. A tab keeps the file it came from (`before`); a new one gets a name from its label.
 * When the order of the tabs no longer follows the order of the file names, all files are numbered anew.
 */
export function splitTabs(nodes: FlowNode[], before: TabFiles): TabFiles {
  const tabs = nodes.filter((node) => node.type === "tab");
  const names = nameTabs(tabs, before);
  const parts = new Map<string, FlowNode[]>([[SHARED_FILE, []]]);
  for (const tab of tabs) parts.set(names.get(tab.id)!, [tab]);
  for (const node of nodes) {
    if (node.type === "tab") continue;
    parts.get((node.z !== undefined ? names.get(node.z) : undefined) ?? SHARED_FILE)!.push(node);
  }
  const files: TabFiles = new Map();
  for (const [name, part] of parts) if (part.length > 0) files.set(name, tabText(part));
  return new Map(sorted(files));
}

/** The text of one file: tab first, nodes by id, keys in a fixed order, so that an unchanged node is an unchanged line. */
export function tabText(nodes: FlowNode[]): string {
  const rank = (node: FlowNode) => (node.type === "tab" || node.type === "subflow" ? 0 : 1);
  const ordered = [...nodes].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  return JSON.stringify(ordered.map(orderKeys), null, 2) + "\n";
}

/** The nodes in the text of one file. */
function parseTab(name: string, text: string): FlowNode[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON: ${(error as Error).message}`);
  }
  const good = (node: unknown): node is FlowNode =>
    typeof node === "object" && node !== null && "id" in node && typeof node.id === "string" && "type" in node;
  if (!Array.isArray(parsed) || !parsed.every(good))
    throw new Error(`${name} is not an array of nodes with id and type.`);
  return parsed;
}

function nameTabs(tabs: FlowNode[], before: TabFiles): Map<string, string> {
  const known = new Map<string, string>();
  for (const [name, text] of before)
    for (const node of parseTab(name, text)) if (node.type === "tab") known.set(node.id, name);
  const names = new Map<string, string>();
  let last = SHARED_FILE;
  let number = 0;
  for (const tab of tabs) {
    const name = known.get(tab.id) ?? `${String(nextTen(number)).padStart(2, "0")}-${slug(tab)}.json`;
    number = Math.max(number, parseInt(name, 10) || 0);
    names.set(tab.id, name);
    if (byName(name, last) <= 0)
      return new Map(tabs.map((t, i) => [t.id, `${String((i + 1) * 10).padStart(2, "0")}-${slug(t)}.json`]));
    last = name;
  }
  return names;
}

function nextTen(number: number): number {
  return (Math.floor(number / 10) + 1) * 10;
}

function slug(tab: FlowNode): string {
  const label = typeof tab["label"] === "string" ? tab["label"] : "";
  return (
    label
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "") || tab.id
  );
}

function orderKeys(node: FlowNode): FlowNode {
  const place = (key: string) =>
    FIRST_KEYS.includes(key) ? FIRST_KEYS.indexOf(key) : LAST_KEYS.includes(key) ? 1000 + LAST_KEYS.indexOf(key) : 100;
  const keys = Object.keys(node).sort((a, b) => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(keys.map((key) => [key, node[key]])) as FlowNode;
}

function sorted(files: TabFiles): [string, string][] {
  return [...files].sort(([a], [b]) => byName(a, b));
}

/** By the number in front, then by the letters: 100-x comes after 20-y. */
function byName(a: string, b: string): number {
  return (parseInt(a, 10) || 0) - (parseInt(b, 10) || 0) || (a < b ? -1 : a > b ? 1 : 0);
}
