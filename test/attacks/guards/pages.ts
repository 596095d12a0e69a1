/** Who may come in at the pages, the API and the editor. */
import type { Guard } from "./guard.js";

const CROWDS = "test/attacks/crowds.test.ts";
const SERVER = "hub/api/server.ts";
const GUARD = "hub/api/guard.ts";
const AUTH = "hub/api/auth.ts";
const PROXY = "hub/api/proxy.ts";
const GATE = "flows/gate.ts";
const SERVER_TEST = "test/hub/api/server/*.test.ts";
const PROXY_TEST = "test/hub/api/proxy.test.ts";
const RUNTIME_TEST = "test/flows/runtime.test.ts";

export const PAGES: Guard[] = [
  {
    attack: "requests that never end: headers",
    file: SERVER,
    guard: "headersTimeout: patience.headersMs",
    without: "headersTimeout: patience.requestMs",
    test: [CROWDS, "headers that never end"],
  },
  {
    attack: "requests that never end: bodies",
    file: SERVER,
    guard: "requestTimeout: patience.requestMs",
    without: "requestTimeout: 3_600_000",
    test: [CROWDS, "requests that never end"],
  },
  {
    attack: "views of one person without end",
    file: "hub/api/stream.ts",
    guard: "if (mine >= (options.maxPerPerson ?? 20)) {",
    without: "if (false) {",
    test: [CROWDS, "one person's views"],
  },
  {
    attack: "guessed passwords",
    file: AUTH,
    guard: 'if (waitS > 0) return { ok: false, fault: "wait", waitS };',
    without: "",
    test: [CROWDS, "whoever guesses"],
  },
  {
    attack: "guesses that shut the owner out",
    file: AUTH,
    guard: "if (!this.#attempts.trusts(`${address} ${name}`))",
    without: "if (true)",
    test: [CROWDS, "guesses from everywhere"],
  },
  {
    attack: "no login",
    file: GUARD,
    guard: 'const needed = request.routeOptions.config.access ?? "viewer";',
    without: 'const needed = request.routeOptions.config.access ?? "public";',
    test: [SERVER_TEST, "refuses the anonymous on every route"],
  },
  {
    attack: "a role too small",
    file: GUARD,
    guard: 'if (!mayAs(request.person.role, needed === "metrics" ? "viewer" : needed))',
    without: "if (false)",
    test: [SERVER_TEST, "lets each role"],
  },
  {
    attack: "CSRF: another page",
    file: GUARD,
    guard: "if (changes && !fromOwnPage(request.headers))",
    without: "if (false)",
    test: [SERVER_TEST, "takes changes only"],
  },
  {
    attack: "CSRF: no token",
    file: GUARD,
    guard: 'if (request.session === null || typeof token !== "string" || !sameSecret(token, request.session.csrf))',
    without: "if (false)",
    test: [SERVER_TEST, "takes changes only"],
  },
  {
    attack: "DNS rebinding",
    file: GUARD,
    guard: "if (!knownHost(request.headers.host, options.hosts))",
    without: "if (false)",
    test: [SERVER_TEST, "knows only its own names"],
  },
  {
    attack: "cookie that scripts read",
    file: "hub/api/sessions.ts",
    guard: "httpOnly: true",
    without: "httpOnly: false",
    test: [SERVER_TEST, "logs in with a cookie"],
  },
  {
    attack: "session without end",
    file: AUTH,
    guard: "row.seen < now - IDLE || row.started < now - LONGEST) return null",
    without: "false) return null",
    test: ["test/hub/api/auth.test.ts", "keeps a session over a restart"],
  },
  {
    attack: "a siren fired by an order that comes late or again",
    file: "hub/siren/machine.ts",
    guard: 'if (siren.arming !== arming) return refuse("armed-anew");',
    without: "",
    test: ["test/hub/siren/machine.test.ts", "comes late"],
  },
  {
    attack: "a siren sounded by a role too small",
    file: "hub/api/sirens.ts",
    guard: 'config: { access: "operator" }',
    without: 'config: { access: "viewer" }',
    test: ["test/hub/siren/api.test.ts", "sounds by no viewer"],
  },
  {
    attack: "a siren that sounds on after its hub was killed",
    file: "hub/inputs/transport/firmata-link.ts",
    guard: 'port.on("open", () => port.write(RESET));',
    without: "",
    test: ["test/hub/inputs/firmata-link.test.ts", "before anything else"],
  },
  {
    attack: "Node-RED without login: its own door, pages and sockets",
    file: GATE,
    guard: 'if (typeof given !== "string") return false;',
    without: "return true;",
    test: [RUNTIME_TEST, "lets nobody in"],
  },
  {
    attack: "Node-RED without login: websockets by way of the hub",
    file: PROXY,
    guard: 'if (session === null) return refuse(socket, "401 Unauthorized");',
    without: 'session ??= { id: "", name: "", role: "admin", csrf: "" };',
    test: [PROXY_TEST, "lets no websocket through"],
  },
  {
    attack: "Node-RED for viewers: websockets by way of the hub",
    file: PROXY,
    guard: "if (!mayAs(session.role, ROLE) || !fromOwnPage(request.headers)) return",
    without: "if (false) return",
    test: [PROXY_TEST, "refuses viewers"],
  },
  {
    attack: "Node-RED for viewers: pages by way of the hub",
    file: PROXY,
    guard: "config: { access: ROLE,",
    without: 'config: { access: "viewer",',
    test: [PROXY_TEST, "refuses viewers"],
  },
  {
    attack: "firmware taken back from a page that is old",
    file: "hub/updates/acts.ts",
    guard: "if (seenAt !== undefined && seenAt !== one.at)",
    without: "if (false)",
    test: ["test/hub/api/rollouts.test.ts", "does nothing from a page that is old"],
  },
];
