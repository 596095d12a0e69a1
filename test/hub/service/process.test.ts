/** The hub as a process: what it tells systemd, what it answers before and after, and how it ends. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../hub/root.js";
import { program } from "../../rig/program.js";

/** A datagram socket, as systemd's is; every word on a line of its own. Node itself has none. */
const LISTENER = `use Socket; $|=1; socket(S, PF_UNIX, SOCK_DGRAM, 0) or die; bind(S, sockaddr_un($ARGV[0])) or die;
print "bound\\n"; while (defined recv(S, $b, 4096, 0)) { print "$b\\n" }`;

const SECRET = "Kanarienvogel7";

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the hub as a process", function () {
  this.timeout(60_000);
  let dir = "";
  const children: ChildProcess[] = [];

  /** Runs a program and keeps what it says. */
  function run(program: string, args: string[], env: Record<string, string> = {}) {
    const child = spawn(program, args, { cwd: projectRoot(), env: { ...process.env, ...env }, stdio: "pipe" });
    children.push(child);
    const exit = once(child, "exit") as Promise<[number | null, string | null]>;
    const held = { child, exit, said: "" };
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (held.said += chunk.toString()));
    return held;
  }
  async function until(what: string, condition: () => boolean | Promise<boolean>, told: () => string): Promise<void> {
    for (const end = Date.now() + 40_000; !(await condition()); await sleep(20))
      assert.ok(Date.now() < end, `in vain: ${what}\n${told()}`);
  }
  const hub = (config: string, env: Record<string, string> = {}) =>
    run(process.execPath, [...program("hub/cli/main"), "-c", config, "start"], env);
  function configured(name: string, lines: string[]): string {
    const file = join(dir, `${name}.yaml`);
    writeFileSync(
      file,
      [`dataDir: ${join(dir, name)}`, "http: {port: 0}", "inputs: {broker: {port: 0}}", ...lines].join("\n"),
    );
    return file;
  }

  let twice: ReturnType<typeof run>;
  let wrong: ReturnType<typeof run>;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-process-"));
    // All at once: a start is mostly waiting for the disk and the compiler.
    twice = hub(configured("twice", ["flows: {enabled: false}"]));
    wrong = hub(configured("wrong", ["nonsense: 1"]));
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  it("tells systemd when it is ready and that it lives, and ends in order, its flows too", async function () {
    if (
      spawnSync("systemd-notify", ["--version"]).error !== undefined ||
      spawnSync("perl", ["-v"]).error !== undefined
    ) {
      console.log("      skipped: systemd-notify or perl not installed (Debian packages: systemd, perl-base)");
      return this.skip();
    }
    const socket = join(dir, "notify");
    const words = run("perl", ["-e", LISTENER, socket]);
    const told = (): string => words.said;
    await until("the socket", () => words.said.includes("bound"), told);
    const config = configured("ready", ["heartbeat: {url: 'http://127.0.0.1:9/x', token: '${BEAT}'}"]);
    const env = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "300000", BEAT: SECRET };
    const process_ = hub(config, env);
    const both = (): string => words.said + process_.said;
    await until("READY and three signs of life", () => (words.said.match(/WATCHDOG=1/g) ?? []).length > 3, both);
    assert.ok(words.said.indexOf("READY=1") < words.said.indexOf("WATCHDOG=1"));
    await until("its flows", () => /"msg":"flows running"/.test(process_.said), both);
    const url = /Open (\S+)/.exec(process_.said)?.[1] ?? "";
    const health = await fetch(`${url}/healthz`);
    assert.equal(health.status, 200);
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    const flows = Number(/"pid":(\d+),"port":\d+,"tookMs":\d+,"msg":"flows running"/.exec(process_.said)?.[1]);
    assert.ok(alive(flows));
    writeFileSync(config, `log: {level: error}\ndataDir: ${join(dir, "ready")}\n`);
    process_.child.kill("SIGHUP");
    await sleep(100);
    process_.child.kill("SIGTERM");
    assert.deepEqual(await process_.exit, [0, null], process_.said);
    assert.ok(!alive(flows), "Node-RED has ended");
    await until("STOPPING", () => words.said.includes("STOPPING=1"), told);
    assert.doesNotMatch(process_.said, /"msg":"stopping"/, "the level was raised to error by SIGHUP");
    assert.doesNotMatch(process_.said, new RegExp(SECRET));
  });

  it("ends at once when it is told twice", async () => {
    const told = (): string => twice.said;
    await until("the start", () => twice.said.includes("hub started"), told);
    twice.child.kill("SIGTERM");
    twice.child.kill("SIGINT");
    const [code, signal] = await twice.exit;
    assert.ok(signal === null && (code === 0 || code === 1), `${code} ${signal}`);
  });

  it("ends with 78 for a mistake in hub.yaml, which no new start mends", async () => {
    assert.deepEqual(await wrong.exit, [78, null]);
    assert.match(wrong.said, /CONFIG_INVALID/);
  });
});
