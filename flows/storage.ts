/**
 * Where Node-RED keeps its things: the tabs as one file each (tabs.ts), and its credentials and settings beside them.
 * Every file is written to a new name and then moved into place, so that a power cut leaves the old one or the new one.
 */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { joinTabs, splitTabs, type FlowNode, type TabFiles } from "./tabs.js";

/** The part of Node-RED's storage interface that it needs of us. */
export interface Storage {
  init(): Promise<void>;
  getFlows(): Promise<FlowNode[]>;
  saveFlows(nodes: FlowNode[]): Promise<void>;
  getCredentials(): Promise<object>;
  saveCredentials(credentials: object): Promise<void>;
  getSettings(): Promise<object>;
  saveSettings(settings: object): Promise<void>;
  getLibraryEntry(type: string, path: string): Promise<unknown[]>;
  saveLibraryEntry(): Promise<void>;
}

export interface StorageOptions {
  /** Folder of the tab files. */
  tabsDir: string;
  /** Folder for credentials and Node-RED's own settings. */
  userDir: string;
  /** Whether a person may change the flows: only when the editor is open. */
  writable: boolean;
}

/** Makes the storage module that is handed to Node-RED. */
export function tabStorage(options: StorageOptions): Storage {
  const credentials = join(options.userDir, "credentials.json");
  const settings = join(options.userDir, "settings.json");
  return {
    async init() {
      await mkdir(options.userDir, { recursive: true });
      // Node-RED looks here for the nodes a person installed, and complains without it. Nothing can be installed.
      const manifest = { name: "aryk-flows-data", private: true, dependencies: {} };
      await writeWhole(join(options.userDir, "package.json"), JSON.stringify(manifest, null, 2) + "\n");
    },
    getFlows: async () => joinTabs(await readTabs(options.tabsDir)),
    async saveFlows(nodes) {
      if (!options.writable)
        throw new Error("The flows can only be changed in the editor: start it with flows.editor on.");
      const before = await readTabs(options.tabsDir);
      const after = splitTabs(nodes, before);
      for (const [name, text] of after)
        if (before.get(name) !== text) await writeWhole(join(options.tabsDir, name), text);
      for (const name of before.keys()) if (!after.has(name)) await rm(join(options.tabsDir, name));
    },
    getCredentials: () => readObject(credentials),
    saveCredentials: (value) => writeWhole(credentials, JSON.stringify(value, null, 2) + "\n"),
    getSettings: () => readObject(settings),
    saveSettings: (value) => writeWhole(settings, JSON.stringify(value, null, 2) + "\n"),
    // No library on disk: what is worth sharing is a tab, a subflow or a node, and those are files already.
    getLibraryEntry: () => Promise.resolve([]),
    saveLibraryEntry: () => Promise.reject(new Error("There is no library here: share a tab or a subflow.")),
  };
}

/** The tab files of a folder; an absent folder is an empty one. */
export async function readTabs(dir: string): Promise<TabFiles> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files: TabFiles = new Map();
  for (const name of names.filter((n) => n.endsWith(".json") && !n.startsWith(".")).sort())
    files.set(name, await readFile(join(dir, name), "utf8"));
  return files;
}

/** What was done with the packaged tabs at a start. */
export interface Installed {
  added: string[];
  updated: string[];
  /** Changed by the city and by the new version: the city's stands, the packaged one lies beside it as `.packaged`. */
  kept: string[];
}

/**
 * Copies the packaged tabs to the city's folder: all of them at the first start; later only those that the city has
 * left as they were. A file the city has changed is never touched, and one it has deleted does not come back.
 */
export async function installTabs(packagedDir: string, cityDir: string): Promise<Installed> {
  await mkdir(cityDir, { recursive: true });
  const memory = join(cityDir, ".packaged");
  const installed = new Map(Object.entries(await readObject<Record<string, string>>(memory)));
  const [packaged, city] = [await readTabs(packagedDir), await readTabs(cityDir)];
  const done: Installed = { added: [], updated: [], kept: [] };
  for (const [name, text] of packaged) {
    const [mine, last, next] = [city.get(name), installed.get(name), digest(text)];
    if (last === next || (mine === undefined && last !== undefined)) continue;
    if (mine === undefined) done.added.push(name);
    else if (digest(mine) === next) installed.set(name, next);
    else if (digest(mine) === last) done.updated.push(name);
    else done.kept.push(name);
    await writeWhole(join(cityDir, done.kept.includes(name) ? `${name}.packaged` : name), text);
    installed.set(name, next);
  }
  await writeWhole(memory, JSON.stringify(Object.fromEntries(installed), null, 2) + "\n");
  return done;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function readObject<T extends object>(file: string): Promise<T> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {} as T;
    throw new Error(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(`${file}.new`, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
