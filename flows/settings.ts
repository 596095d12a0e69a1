/**
 * The settings that Node-RED is started with: nothing that asks the internet, nothing that installs, no state of its
 * own that an alarm could hang on, and no way in but through the door that gate.ts keeps.
 */
import { join } from "node:path";
import type { Storage } from "./storage.js";

/** `headless`: flows run, no web page at all. `editor`: the same, and the editor behind the hub's login. */
export type FlowsMode = "headless" | "editor";

export interface SettingsOptions {
  mode: FlowsMode;
  /** Path under which the hub's proxy shows the editor: `/flows/editor`. */
  adminRoot: string;
  userDir: string;
  /** Folder with the built nodes and their package.json. */
  nodesDir: string;
  credentialSecret: string;
  storage: Storage;
  /** Loads the flows without starting them, so that a tab which kills the process can be mended in the editor. */
  safeMode: boolean;
  log: (line: NodeRedLog) => void;
}

/** A log entry as Node-RED makes it. Levels: 10 fatal, 20 error, 30 warn, 40 info, 50 debug, 60 trace. */
export interface NodeRedLog {
  level: number;
  msg: unknown;
  type?: string;
  name?: string;
  id?: string;
}

/** Makes the settings object for `RED.init`. */
export function nodeRedSettings(options: SettingsOptions): Record<string, unknown> {
  return {
    httpAdminRoot: options.mode === "editor" ? options.adminRoot : false,
    // Nodes of a flow may not open web pages: Node-RED does not ask for a login there.
    httpNodeRoot: false,
    httpStatic: undefined,
    userDir: options.userDir,
    nodesDir: [options.nodesDir],
    // A flow that starts programs would be a way out of this process for whoever reaches the editor.
    nodesExcludes: ["90-exec.js"],
    storageModule: options.storage,
    flowFile: join(options.userDir, "unused.json"),
    credentialSecret: options.credentialSecret,
    safeMode: options.safeMode,
    contextStorage: { default: { module: "memory" } },
    functionExternalModules: false,
    functionTimeout: 5,
    globalFunctionTimeout: 30,
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: false, allowUpdate: false, allowUpload: false },
      modules: { allowInstall: false },
    },
    telemetry: { enabled: false, updateNotification: false },
    diagnostics: { enabled: false, ui: false },
    runtimeState: { enabled: false, ui: false },
    exportGlobalContextKeys: false,
    editorTheme: {
      page: { title: "Aryk flows" },
      header: { title: "Aryk flows" },
      projects: { enabled: false },
      palette: { catalogues: [] },
      tours: false,
      userMenu: false,
      codeEditor: { lib: "monaco" },
    },
    logging: { lines: { level: "info", metrics: false, audit: false, handler: () => options.log } },
  };
}
