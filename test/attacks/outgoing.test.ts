/**
 * No outgoing connection that the operator did not configure: the system calls of a hub with its defaults, and of the
 * Node-RED that it runs, are watched for every address that they open or send to.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../hub/root.js";
import { until } from "../hub/api/setup.js";
import { program } from "../rig/program.js";
import { needStrace } from "../rig/strace.js";

/** Calls of a trace that go out: anything that is not loopback, and any question to a name server wherever it is. */
function outgoing(trace: string): string[] {
  return trace.split("\n").filter((call) => {
    if (/sa_family=AF_UNIX/.test(call)) return /resolve/.test(call);
    const address = /sa_family=AF_INET6?,.*?sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]*)"/;
    const [, port, to] = address.exec(call) ?? [];
    if (to === undefined) return /sa_family=AF_INET/.test(call);
    // Connecting to port 0 sends nothing: the C library asks so which of its own addresses it would use.
    return port === "53" || !/^(127\.|::1$|::ffff:127\.)/.test(to);
  });
}

describe("outgoing connections", function () {
  this.timeout(60_000);
  let dir: string;
  const children: ChildProcess[] = [];
  before(function () {
    needStrace(this);
    dir = mkdtempSync(join(tmpdir(), "aryk-outgoing-"));
  });
  after(() => {
    for (const child of children) child.kill("SIGKILL");
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Runs node under watch; the child is node itself (-D). `trace` is what it and its children called. */
  function watched(name: string, args: string[]) {
    const file = join(dir, name);
    const calls = "trace=connect,sendto,sendmsg,sendmmsg";
    const strace = ["-D", "-f", "--seccomp-bpf", "-qq", "-s", "64", "-e", calls, "-e", "signal=none", "-o", file];
    const child = spawn("strace", [...strace, process.execPath, ...args], { cwd: projectRoot(), stdio: "pipe" });
    children.push(child);
    const held = { child, said: "", exit: once(child, "exit"), trace: () => readFileSync(file, "utf8") };
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (held.said += chunk.toString()));
    return held;
  }

  it("are seen when there are some: to an address, and to a name server", async () => {
    // 192.0.2.0/24 is nobody's (RFC 5737).
    const script = `
      const s = require("net").connect(9, "192.0.2.1"); s.on("error", () => {});
      const l = require("net").connect(9, "127.0.0.1"); l.on("error", () => {});
      const u = require("dgram").createSocket("udp4");
      u.send("?", 53, "127.0.0.1", () => u.send("?", 9, "192.0.2.2", () => process.exit()));`;
    const tried = watched("control", ["-e", script]);
    await tried.exit;
    await until("the trace", () => tried.trace().includes("192.0.2.2"));
    const found = outgoing(tried.trace()).join("\n");
    for (const there of [/192\.0\.2\.1/, /htons\(53\).*127\.0\.0\.1/, /192\.0\.2\.2/]) assert.match(found, there);
    assert.equal(found.split("\n").length, 3, found);
  });

  it("are none of the hub and its flows, as long as nobody configures one", async () => {
    const config = join(dir, "hub.yaml");
    // Every default, on ports that are free, and the editor: it is what asks the internet in a plain Node-RED.
    const free = "http: {port: 0}\ninputs: {broker: {port: 0}}\nflows: {editor: true}\n";
    writeFileSync(config, `dataDir: ${join(dir, "data")}\n${free}`);
    const hub = watched("hub", [...program("hub/cli/main"), "-c", config, "start"]);
    await until("the hub and its flows", () => hub.said.includes('"msg":"flows running"'), 50_000);
    const said = (): string => hub.said;
    const url = /Open (\S+)/.exec(said())?.[1] ?? "";
    const password = /password {2}(\S+)/.exec(said())?.[1] ?? "";
    const headers = { origin: url, "content-type": "application/json" };
    const body = JSON.stringify({ name: "admin", password });
    const login = await fetch(`${url}/api/v1/login`, { method: "POST", headers, body });
    assert.equal(login.status, 200);
    const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0]!;
    for (const path of [
      "/",
      "/healthz",
      "/api/v1/health",
      "/flows/editor/",
      "/flows/editor/settings",
      "/flows/editor/flows",
    ])
      assert.equal((await fetch(url + path, { headers: { cookie } })).status, 200, path);
    hub.child.kill("SIGTERM");
    assert.deepEqual(await hub.exit, [0, null], hub.said);
    const trace = hub.trace();
    assert.match(trace, /connect\(.*127\.0\.0\.1/, "the flows' own way to the hub was seen");
    assert.deepEqual(outgoing(trace), []);
  });
});
