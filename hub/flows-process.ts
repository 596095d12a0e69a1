/**
 * Keeps the Node-RED process alive: starts it, hands it its secrets, restarts it with growing pauses, and kills it when
 * it no longer answers. The hub shares no memory and no file with it; the two talk over HTTP (hub/api/flows.ts). What
 * the hub does while the flows are away is not decided here.
 */
import { fork, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { projectRoot } from "./root.js";

/** The log of the hub, or anything alike. */
interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface FlowsProcessOptions {
  /** Folder of the flows' own data: the city's tabs, Node-RED's settings and credentials. Made when absent. */
  dir: string;
  /** Whether the editor is there (behind the hub's login), or no page at all. */
  mode: "headless" | "editor";
  /** Path under which the hub's proxy shows the editor; default `/flows/editor`. */
  adminRoot?: string;
  /** Where the child finds the hub: `http://127.0.0.1:8080`. */
  hubUrl: string;
  /** Bearer token of the flows' part of the hub's API. */
  token: string;
  /** Encrypts what nodes keep as credentials. Must stay the same from start to start. */
  credentialSecret: string;
  log: Log;
  /** Pauses before a restart, in ms: the first after the first exit, the last for ever. */
  pausesMs?: number[];
  /** The child is killed when it is not ready, or does not answer, for so long. In ms. */
  readyWithinMs?: number;
  answerWithinMs?: number;
  /** Early exits in a row after which the editor opens without running the flows. */
  safeModeAfter?: number;
}

/** `safe-mode`: the process ended too often while starting, so its flows are shown in the editor but do not run. */
export type FlowsState = "starting" | "running" | "safe-mode" | "pausing" | "stopped";

/** Where the child listens, and the header every request and upgrade to it must carry. */
export interface FlowsAddress {
  host: "127.0.0.1";
  port: number;
  header: "x-aryk-flows-secret";
  secret: string;
  adminRoot: string;
}

export interface FlowsProcess {
  state(): FlowsState;
  /** How often the child was started again. */
  restarts(): number;
  pid(): number | null;
  /** Null while the child is not ready. */
  address(): FlowsAddress | null;
  /** Calls `fn` at every change of state until the returned function is called. */
  onChange(fn: (state: FlowsState) => void): () => void;
  stop(): Promise<void>;
}

const PAUSES_MS = [500, 1000, 2000, 5000, 10_000, 30_000];
const SAFE_MODE_AFTER = 4;
/** An exit this soon after the start counts as an early one, in ms. */
const EARLY_MS = 60_000;

/** Starts Node-RED and keeps it running until `stop()`. */
export function startFlowsProcess(options: FlowsProcessOptions): FlowsProcess {
  const pauses = options.pausesMs ?? PAUSES_MS;
  const readyWithinMs = options.readyWithinMs ?? 120_000;
  const answerWithinMs = options.answerWithinMs ?? 60_000;
  const adminRoot = options.adminRoot ?? "/flows/editor";
  const listeners = new Set<(state: FlowsState) => void>();
  let child: ChildProcess | null = null;
  let address: FlowsAddress | null = null;
  let state: FlowsState = "starting";
  let restarts = 0;
  let failures = 0;
  let pause: NodeJS.Timeout | undefined;
  let watch: NodeJS.Timeout | undefined;

  const change = (next: FlowsState) => {
    state = next;
    for (const fn of listeners) fn(next);
  };

  const launch = () => {
    const secret = randomBytes(32).toString("base64url");
    const safe = options.mode === "editor" && failures >= (options.safeModeAfter ?? SAFE_MODE_AFTER);
    const me = spawnRuntime(options, adminRoot, secret, safe);
    const born = Date.now();
    let heard = born;
    child = me;
    change("starting");
    const answer = (message: unknown) => {
      heard = Date.now();
      const { type, port, state: ready } = message as { type?: string; port?: number; state?: "running" | "safe-mode" };
      if (type !== "ready" || port === undefined || ready === undefined) return;
      address = { host: "127.0.0.1", port, header: "x-aryk-flows-secret", secret, adminRoot };
      options.log.info({ pid: me.pid, port, tookMs: heard - born }, `flows ${ready}`);
      change(ready);
    };
    me.on("message", answer);
    const periodMs = answerWithinMs / 6;
    let looked = born;
    watch = setInterval(() => {
      // When it was us who stood still (a sleeping machine, a long piece of work), the child's answers wait unread.
      if (Date.now() - looked > 2 * periodMs) heard = Date.now();
      looked = Date.now();
      const limit = address === null ? readyWithinMs : answerWithinMs;
      if (Date.now() - heard > limit) {
        options.log.error({ pid: me.pid, silentMs: Date.now() - heard }, "flows do not answer: killed");
        me.kill("SIGKILL");
      } else if (me.connected && address !== null) me.send({ type: "ping" }, () => undefined);
    }, periodMs);
    const ended = (code: number | null, signal: string | null) => {
      clearInterval(watch);
      if (child !== me) return;
      failures = Date.now() - born < EARLY_MS ? failures + 1 : 1;
      child = null;
      address = null;
      if (state === "stopped") return;
      const waitMs = pauses[Math.min(failures, pauses.length) - 1] ?? 0;
      options.log.warn({ code, signal, waitMs, restarts }, "flows ended: starting again");
      change("pausing");
      pause = setTimeout(() => {
        restarts++;
        launch();
      }, waitMs);
    };
    me.once("exit", ended);
    me.on("error", (error) => {
      options.log.error({ error: error.message }, "flows process");
      if (me.pid === undefined) ended(null, null); // it never began, so it will not exit
    });
  };

  launch();
  return {
    state: () => state,
    restarts: () => restarts,
    pid: () => child?.pid ?? null,
    address: () => address,
    onChange(fn) {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
    async stop() {
      clearTimeout(pause);
      const me = child;
      change("stopped");
      if (me === null || me.exitCode !== null || me.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => me.once("exit", () => resolve()));
      me.kill("SIGTERM");
      const last = setTimeout(() => me.kill("SIGKILL"), 8000);
      await gone;
      clearTimeout(last);
    },
  };
}

/** What of the hub's environment the child may see: nothing with a secret in it. */
const PASSED_ON = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "NODE_EXTRA_CA_CERTS"];

function spawnRuntime(options: FlowsProcessOptions, adminRoot: string, secret: string, safe: boolean): ChildProcess {
  const fromSources = extname(import.meta.url) === ".ts";
  const main = fromSources ? join("flows", "runtime.ts") : join("build", "flows", "runtime.js");
  mkdirSync(options.dir, { recursive: true });
  const env = Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const child = fork(join(projectRoot(), main), {
    cwd: options.dir,
    // Not the parent's own options: a debugger's port cannot be opened twice.
    execArgv: fromSources ? ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href] : [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      ...env,
      ARYK_HUB_URL: options.hubUrl,
      ARYK_FLOWS_TOKEN: options.token,
      ARYK_FLOWS_SECRET: secret,
      ARYK_FLOWS_CREDENTIAL_SECRET: options.credentialSecret,
      ARYK_FLOWS_DIR: options.dir,
      ARYK_FLOWS_MODE: options.mode,
      ARYK_FLOWS_ADMIN_ROOT: adminRoot,
      ...(safe ? { ARYK_FLOWS_SAFE_MODE: "1" } : {}),
    },
  });
  createInterface({ input: child.stdout! }).on("line", (line) => passOn(options.log, line));
  createInterface({ input: child.stderr! }).on("line", (line) => options.log.warn({ from: "flows" }, line));
  return child;
}

/** Puts a log line of the child into the hub's log; what is not a line of ours is passed on as it is. */
function passOn(log: Log, line: string): void {
  let parsed: { level?: number; msg?: string; time?: number };
  try {
    parsed = JSON.parse(line) as typeof parsed;
  } catch {
    return log.info({ from: "flows" }, line);
  }
  const { level = 30, msg = line, ...fields } = parsed;
  delete fields.time; // the hub's log has its own
  if (level >= 50) log.error({ from: "flows", ...fields }, msg);
  else if (level >= 40) log.warn({ from: "flows", ...fields }, msg);
  else log.info({ from: "flows", ...fields }, msg);
}
