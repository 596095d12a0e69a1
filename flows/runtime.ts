/**
 * The main of the flows' process: Node-RED, embedded, behind its own door. The hub starts it (hub/flows-process.ts),
 * tells it everything by environment variables, and is told over the channel between the two when the flows run. When
 * that channel closes, because the hub stopped or was killed, this process ends: flows without a hub must not go on.
 */
import express from "express";
import { createRequire } from "node:module";
import { mkdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { projectRoot } from "../hub/root.js";
import { buildNodes } from "./build.js";
import { openGate } from "./gate.js";
import { nodeRedSettings, type FlowsMode, type NodeRedLog } from "./settings.js";
import { installTabs, tabStorage } from "./storage.js";

/** What is used here of Node-RED's embedding interface. */
interface NodeRed {
  init(server: unknown, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  httpAdmin: express.Express;
  events: { once(event: string, fn: () => void): void };
}

/** Node-RED's log levels in pino's numbers, so that the hub's log reads as one. */
const LEVELS: Record<number, number> = { 10: 60, 20: 50, 30: 40, 40: 30, 50: 20, 60: 10 };

function logLine(level: number, msg: string, fields: object = {}): void {
  process.stdout.write(JSON.stringify({ level, time: Date.now(), msg, ...fields }) + "\n");
}

function logNodeRed({ level, msg, type, name, id }: NodeRedLog): void {
  const text = msg instanceof Error ? (msg.stack ?? msg.message) : typeof msg === "string" ? msg : JSON.stringify(msg);
  const line = text.trim().replace(/\s*\n\s*/g, " | ");
  if (line !== "") logLine(LEVELS[level] ?? 30, line, type === undefined ? {} : { node: name ?? id, type });
}

/** Reads a variable the hub must have set, and forgets it when nodes have no business to read it. */
function setting(name: string, forget = false): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set: this process is started by the hub.`);
  if (forget) Reflect.deleteProperty(process.env, name);
  return value;
}

async function main(): Promise<void> {
  if (process.send === undefined)
    throw new Error("There is no channel to the hub: this process is started by the hub.");
  const secret = setting("ARYK_FLOWS_SECRET", true);
  const credentialSecret = setting("ARYK_FLOWS_CREDENTIAL_SECRET", true);
  const userDir = setting("ARYK_FLOWS_DIR");
  const mode = setting("ARYK_FLOWS_MODE") as FlowsMode;
  const adminRoot = setting("ARYK_FLOWS_ADMIN_ROOT");
  const tabsDir = process.env["ARYK_FLOWS_TABS"] ?? join(userDir, "tabs");
  await mkdir(userDir, { recursive: true });

  const installed = await installTabs(join(projectRoot(), "flows", "tabs"), tabsDir);
  if (installed.added.length + installed.updated.length > 0) logLine(30, "packaged tabs installed", installed);
  for (const name of installed.kept)
    logLine(
      40,
      `${name} was changed here and in this version: yours stays, the new one lies beside it as ${name}.packaged`,
    );

  const built = extname(import.meta.url) === ".js";
  const nodesDir = built
    ? join(projectRoot(), "build", "flows", "nodes")
    : await buildNodes(join(userDir, "nodes-built"));

  let state = "starting";
  const app = express();
  const health = () => ({ state, uptimeS: Math.round(process.uptime()) });
  const gate = await openGate({ secret, app, health, sockets: mode === "editor" });
  const RED = createRequire(import.meta.url)("node-red") as NodeRed;
  const storage = tabStorage({ tabsDir, userDir, writable: mode === "editor" });
  const safeMode = process.env["ARYK_FLOWS_SAFE_MODE"] === "1";
  RED.init(
    gate.inner,
    nodeRedSettings({ mode, adminRoot, userDir, nodesDir, credentialSecret, storage, safeMode, log: logNodeRed }),
  );
  if (mode === "editor") app.use(adminRoot, RED.httpAdmin);
  app.use((_request, response) => void response.status(404).type("text/plain").send("404 Not Found\n"));

  const started = new Promise<void>((resolve) => RED.events.once("flows:started", resolve));
  await RED.start();
  // In safe mode Node-RED loads the flows and does not start them, so there is nothing to wait for.
  if (!safeMode) await started;
  state = safeMode ? "safe-mode" : "running";
  process.send({ type: "ready", port: gate.port, state });

  const stop = async () => {
    if (state === "stopping") return;
    state = "stopping";
    setTimeout(() => process.exit(0), 5000).unref();
    await RED.stop();
    await gate.stop();
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop());
  process.on("message", (message: { type?: string }) => {
    if (message.type === "ping") process.send?.({ type: "pong" });
    if (message.type === "stop") void stop();
  });
}

// The channel, not a signal: it closes even when the hub was killed and could tell nobody.
process.on("disconnect", () => process.exit(0));
process.stdout.on("error", () => process.exit(0));
process.on("uncaughtException", (error) => {
  logLine(60, error.stack ?? error.message);
  process.exit(1);
});
main().catch((error: Error) => {
  logLine(60, error.stack ?? error.message);
  process.exit(1);
});
