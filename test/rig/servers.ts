/**
 * Real servers for tests: started in a directory of their own, on free ports of 127.0.0.1, and stopped or killed when
 * the test says so. A server that is not installed skips the test and says why; under CI that is a failure.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type Binary = "influxd" | "victoria-metrics" | "mosquitto";

const READY_WITHIN_MS = 60_000;

/** Where a server's program is, or null. Debian keeps brokers in /usr/sbin, which is not on every user's path. */
export function find(binary: Binary): string | null {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
  for (const folder of folders) {
    if (folder === "") continue;
    try {
      accessSync(join(folder, binary), constants.X_OK);
      return join(folder, binary);
    } catch {
      continue;
    }
  }
  return null;
}

/**
 * Skips the running test or suite, with a printed reason, when a server is not installed. Under CI (environment
 * variable `CI`) every server must be there: then it throws instead. Call it first in `before`.
 */
export function need(context: Mocha.Context, ...binaries: Binary[]): void {
  const missing = binaries.filter((binary) => find(binary) === null);
  if (missing.length === 0) return;
  const reason = `${missing.join(" and ")} not installed (Debian packages: influxdb, victoria-metrics, mosquitto)`;
  if (process.env.CI) throw new Error(reason);
  console.log(`      skipped: ${reason}`);
  context.skip();
}

/**
 * A port of 127.0.0.1 that nobody listened on a moment ago. It is none of those that a system hands out by itself
 * (Linux from 32768, others from 49152): what is away for a while finds it free when it comes back.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < 100; tried++) {
    const port = randomInt(20_000, 32_768);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.on("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error("a hundred ports of 127.0.0.1, and none is free");
}

export interface RunningServer {
  readonly name: Binary;
  readonly port: number;
  /** `http://127.0.0.1:<port>`, or `mqtt://…` for a broker. */
  readonly url: string;
  /** Directory with its data, kept from one start to the next and removed by `dispose`. */
  readonly dir: string;
  /** Its process; null while it is stopped. */
  pid(): number | null;
  /** Starts it again on the same data and port; resolves when it answers. Nothing happens if it runs. */
  start(): Promise<void>;
  /** SIGTERM, and SIGKILL if that does not end it within 10 s. */
  stop(): Promise<void>;
  /** SIGKILL: no chance to write anything. */
  kill9(): Promise<void>;
  /** Freezes the process (SIGSTOP): connections are accepted by the kernel and nothing answers. `thaw` undoes it. */
  freeze(): void;
  thaw(): void;
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  dispose(): Promise<void>;
}

interface Recipe {
  name: Binary;
  scheme: string;
  /** Writes what the server needs into `dir` and gives its arguments. */
  prepare(dir: string, port: number): string[];
  ready(port: number): Promise<boolean>;
}

async function run(recipe: Recipe): Promise<RunningServer> {
  const program = find(recipe.name);
  if (program === null) throw new Error(`${recipe.name} is not installed: call need() first`);
  const dir = mkdtempSync(join(tmpdir(), `aryk-${recipe.name}-`));
  const port = await freePort();
  const args = recipe.prepare(dir, port);
  let child: ChildProcess | null = null;
  let said = "";

  async function start(): Promise<void> {
    if (child !== null) return;
    const started = spawn(program as string, args, { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
    child = started;
    const listen = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-4000));
    started.stdout.on("data", listen);
    started.stderr.on("data", listen);
    started.once("exit", () => {
      if (child === started) child = null;
    });
    const giveUp = Date.now() + READY_WITHIN_MS;
    while (!(await recipe.ready(port).catch(() => false))) {
      if (child !== started) throw new Error(`${recipe.name} ended while starting:\n${said}`);
      if (Date.now() > giveUp) throw new Error(`${recipe.name} did not answer in ${READY_WITHIN_MS} ms:\n${said}`);
      await sleep(50);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    if (ending === null) return;
    const gone = new Promise<void>((resolve) => ending.once("exit", () => resolve()));
    ending.kill("SIGCONT");
    ending.kill(signal);
    const late = setTimeout(() => ending.kill("SIGKILL"), 10_000);
    await gone;
    clearTimeout(late);
    child = null;
  }

  const server: RunningServer = {
    name: recipe.name,
    port,
    url: `${recipe.scheme}://127.0.0.1:${port}`,
    dir,
    pid: () => child?.pid ?? null,
    start,
    stop: () => end("SIGTERM"),
    kill9: () => end("SIGKILL"),
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    async restart() {
      await end("SIGTERM");
      await start();
    },
    async dispose() {
      await end("SIGKILL");
      rmSync(dir, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  return server;
}

const answers = async (url: string): Promise<boolean> => (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;

/** A real InfluxDB 1.x. `auth` switches its login on (create the first admin with a CREATE USER query). */
export function startInfluxd(options: { auth?: boolean; maxBodyBytes?: number } = {}): Promise<RunningServer> {
  return run({
    name: "influxd",
    scheme: "http",
    prepare(dir, port) {
      const file = join(dir, "influxdb.conf");
      writeFileSync(
        file,
        `reporting-disabled = true\nreporting-enabled = false\nbind-address = "127.0.0.1:0"\n` +
          `[meta]\n  dir = "${dir}/meta"\n[data]\n  dir = "${dir}/data"\n  wal-dir = "${dir}/wal"\n` +
          `[monitor]\n  store-enabled = false\n[ifql]\n  enabled = false\n[continuous_queries]\n  enabled = false\n` +
          `[http]\n  bind-address = "127.0.0.1:${port}"\n  log-enabled = false\n` +
          `  auth-enabled = ${options.auth === true}\n  max-body-size = ${options.maxBodyBytes ?? 25_000_000}\n`,
      );
      return ["-config", file];
    },
    ready: (port) => answers(`http://127.0.0.1:${port}/ping`),
  });
}

/** A real VictoriaMetrics that keeps one sample per series and millisecond. `retention` as its own option, default 100y. */
export function startVictoriaMetrics(options: { retention?: string } = {}): Promise<RunningServer> {
  return run({
    name: "victoria-metrics",
    scheme: "http",
    prepare: (dir, port) => [
      `-storageDataPath=${dir}/data`,
      `-httpListenAddr=127.0.0.1:${port}`,
      "-dedup.minScrapeInterval=1ms",
      "-search.latencyOffset=0s",
      "-memory.allowedPercent=10",
      `-retentionPeriod=${options.retention ?? "100y"}`,
    ],
    ready: (port) => answers(`http://127.0.0.1:${port}/health`),
  });
}

/** A real mosquitto. `settings` are further lines of its configuration; by default everybody may connect. */
export function startMosquitto(settings: string[] = ["allow_anonymous true"]): Promise<RunningServer> {
  return run({
    name: "mosquitto",
    scheme: "mqtt",
    prepare(dir, port) {
      const file = join(dir, "mosquitto.conf");
      const own = [`listener ${port} 127.0.0.1`, "persistence true", `persistence_location ${dir}/`];
      if (process.getuid?.() === 0) own.push("user root");
      writeFileSync(file, [...own, ...settings, ""].join("\n"));
      return ["-c", file];
    },
    ready: (port) =>
      new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1");
        const end = (open: boolean): void => {
          socket.destroy();
          resolve(open);
        };
        socket.once("connect", () => end(true));
        socket.once("error", () => end(false));
      }),
  });
}
