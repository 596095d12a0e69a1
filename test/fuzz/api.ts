/**
 * The HTTP server over a real register, journal, history and file of people: whatever is asked, it answers, never as if
 * it were broken itself, and never with anything but what it serves.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ROLES } from "../../hub/api/auth.js";
import { reading, site, startBench, type Bench } from "../hub/api/setup.js";
import { exchange, type Answer } from "./http-raw.js";
import { request, type Known } from "./requests.js";
import { until, type Report, type Running, type Target } from "./target.js";

const REQUESTS_A_STEP = 24;
const AT_ONCE = 6;
const FLOWS_TOKEN = "the-flows-of-this-hub-and-nobody-else";
const METRICS_TOKEN = "scrape-me-please";
const EDITOR_SECRET = "the-secret-of-the-editor";
const PASSWORD = "a long password";
/** Stands in files that are not served. */
const CANARY = "Kanarienvogel7";
/** Nothing of this may ever be in an answer. */
const SECRETS = [CANARY, "root:x:0", EDITOR_SECRET, METRICS_TOKEN, FLOWS_TOKEN];
/** Answers that say "not now" on purpose. */
const LATER = ["FLOWS_AWAY", "TOO_MANY_CLIENTS"];

function pages(dir: string): string {
  const web = join(dir, "web");
  mkdirSync(join(web, "sub"), { recursive: true });
  writeFileSync(join(web, "index.html"), "<!doctype html><title>Aryk</title>");
  for (const file of ["secret.key", "sub/secret.html", "../secret.html"]) writeFileSync(join(web, file), CANARY);
  return web;
}

/** What stands for the editor's process: it says whether it was asked as the hub asks. */
async function startEditor(report: Report): Promise<{ port: number; stop(): Promise<void> }> {
  const server = createServer((asked, answer) => {
    if (asked.headers["x-editor-secret"] !== EDITOR_SECRET) report.broken("the editor was asked without its secret");
    if (asked.headers.cookie !== undefined) report.broken("the editor was told the hub's cookie");
    asked.resume();
    answer.setHeader("content-type", "text/plain");
    answer.end("editor");
  });
  server.on("upgrade", (_asked, socket) => socket.destroy());
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Guest {
  name: string;
  cookie: string;
  csrf: string;
}

/** A session of each role; those that a request ended are begun anew. */
async function guests(bench: Bench, before: Guest[]): Promise<Guest[]> {
  const all: Guest[] = [];
  for (const [i, role] of ROLES.entries()) {
    const old = before[i];
    if (old !== undefined && bench.access.session(old.cookie.split("=")[1]) !== null) {
      all.push(old);
      continue;
    }
    const name = `guest-${role}`;
    if (bench.access.people().some((person) => person.name === name)) await bench.access.setPassword(name, PASSWORD);
    else await bench.access.add(name, role, PASSWORD);
    const login = await bench.access.login(name, PASSWORD, `guest ${performance.now()}`);
    if (!login.ok) throw new Error(`${name} cannot log in: ${login.fault}`);
    all.push({ name, cookie: `aryk_session=${login.secret}`, csrf: login.session.csrf });
  }
  return all;
}

function nameOf({ status, reason, body }: Answer): string | undefined {
  if (body === "") return `${status} ${reason}`;
  try {
    const said = JSON.parse(body) as { code?: unknown; error?: unknown };
    const code = said.code ?? said.error;
    return typeof code === "string" && code !== "" ? `${status} ${code}` : undefined;
  } catch {
    return body === "editor" ? "editor" : undefined;
  }
}

async function ask(report: Report, port: number, bytes: Buffer): Promise<void> {
  report.feed(bytes);
  const { answer, waited } = await exchange(port, bytes);
  if (answer === null) {
    // The end of a request that never ended; a tunnel or a websocket, which nobody offers here.
    if (waited) return report.fault("incomplete");
    if (/^CONNECT |upgrade/i.test(bytes.toString("latin1"))) return report.fault("no tunnel");
    return report.unnamed("the server closed the connection without a word", bytes);
  }
  const secret = SECRETS.find((one) => answer.body.includes(one));
  if (secret !== undefined) report.broken(`the answer tells ${secret}`, bytes);
  const name = nameOf(answer);
  if (answer.status >= 500 && !LATER.some((code) => name?.endsWith(code)))
    report.broken(`${answer.status}: ${answer.body.slice(0, 300)}`, bytes);
  if (answer.status < 400) return report.fine();
  if (name === undefined) report.unnamed(`${answer.status}: ${answer.body.slice(0, 300)}`, bytes);
  else report.fault(name);
}

export const api: Target = {
  name: "api",
  share: 3,
  async start(report, dir): Promise<Running> {
    const sites = [site("underpass-1", "underpass", "Raiymbek"), site("eco-1", "eco-post", "Park")];
    const options = { sites, webDir: pages(dir), flowsToken: FLOWS_TOKEN, metricsToken: METRICS_TOKEN };
    /** What came through to a route, however it was answered. */
    const reached = new Set<string>();
    const bench = await startBench({ ...options, reached: (method, url) => void reached.add(`${method} ${url}`) });
    const editor = await startEditor(report);
    bench.editor = { port: editor.port, header: "x-editor-secret", secret: EDITOR_SECRET };
    const port = Number(new URL(bench.url).port);
    for (let i = 0; i < 20; i++)
      await bench.pack("underpass-1", bench.clock.now() - i * 60_000, [reading("distance", 2000 + i)]);
    await bench.settled();
    let people: Guest[] = [];
    const all = bench.routes.filter((route) => route.method !== "HEAD");
    let turn = 0;

    return {
      async step(random) {
        people = await guests(bench, people);
        const known: Known = {
          ...{ host: `127.0.0.1:${port}`, sessions: people },
          ...{ flowsToken: FLOWS_TOKEN, metricsToken: METRICS_TOKEN },
          ...{ fence: bench.register.fence(), cursor: bench.journal.head(), now: bench.clock.now() },
        };
        const waiting = Array.from({ length: REQUESTS_A_STEP }, (_, i) =>
          // Every second request by turns and as an administrator, so that none is left out; the others by chance.
          i % 2 === 0
            ? request(random, { ...known, sessions: people.slice(-1) }, all[turn++ % all.length]!)
            : request(random, known, random.pick(all)),
        );
        await Promise.all(
          Array.from({ length: AT_ONCE }, async () => {
            for (let bytes = waiting.pop(); bytes !== undefined; bytes = waiting.pop()) await ask(report, port, bytes);
          }),
        );
        bench.clock.advance(1000);
      },
      async check() {
        const never = all.map(({ method, url }) => `${method} ${url}`).filter((name) => !reached.has(name));
        // A turn each may be spoilt before it is routed; of several one comes through.
        if (turn >= 24 * all.length) assert.deepEqual(never, [], "routes that no request came through to");
        report.note?.(`${all.length - never.length} of ${all.length} routes were reached`);
        people = await guests(bench, people);
        const { cookie } = people[0]!;
        for (const path of [
          "/healthz",
          "/",
          "/api/v1/sites",
          "/api/v1/alarms",
          "/api/v1/transitions",
          "/api/v1/latest",
        ]) {
          const response = await fetch(bench.url + path, { headers: { cookie } });
          assert.equal(response.status, 200, path);
          await response.arrayBuffer();
        }
        let open = 1;
        const count = (): unknown => bench.app.server.getConnections((_error, connections) => (open = connections));
        await until("the server has let go of every connection but the last ones", () => {
          count();
          return open <= 2;
        });
      },
      async stop() {
        await bench.stop();
        await editor.stop();
      },
    };
  },
};
