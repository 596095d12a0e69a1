/** Requests to the hub's HTTP server: real routes with real cookies, one part or another of them spoilt. */
import { mutated, mutatedJson, NASTY, nastyValue } from "./mutate.js";
import type { Random } from "./random.js";

/** What a request may truthfully carry. */
export interface Known {
  host: string;
  sessions: { cookie: string; csrf: string }[];
  flowsToken: string;
  metricsToken: string;
  fence: number;
  cursor: { epoch: string; id: number };
  now: number;
}

const METHODS = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "PROPFIND",
  "CONNECT",
  "get",
  "G\0T",
  "",
];
const TRAVERSALS = [
  ...[
    "/../secret.html",
    "/..%2fsecret.html",
    "/%2e%2e/secret.html",
    "/%2e%2e%2fsecret.html",
    "/..%5csecret.html",
    "/secret.key",
  ],
  ...[
    "/sub/secret.html",
    "/./sub/../secret.key",
    "//secret.html",
    "/index.html/../../secret.html",
    "/%00/../secret.html",
  ],
  ...[
    "/....//secret.html",
    "/..;/secret.html",
    "/%c0%ae%c0%ae/secret.html",
    "/file:///etc/passwd",
    "/../../../../../etc/passwd",
  ],
  ...[
    "http://x/../secret.html",
    "*",
    "/%",
    "/%zz",
    "/\\..\\secret.html",
    "/flows/editor/../../secret.html",
    "/flows/editor",
  ],
];
const QUERIES = [
  "site=underpass-1",
  "property=distance",
  "property=no2",
  "from=0",
  "to=1",
  "from=1e300",
  "to=8640000000000001",
  "points=2",
  "points=5001",
];
const PAGES = [
  "after=0",
  "after=-1",
  "after=1e300",
  "limit=1000",
  "limit=1e9",
  "all=true",
  "all=x",
  "a[]=1",
  "__proto__[x]=1",
  "=&=&&",
];

function path(random: Random, url: string): string {
  const filled = url.replace(/:\w+|\*/g, () =>
    random.chance(0.5)
      ? "1"
      : encodeURIComponent(
          random.pick(["admin", "0", "1e300", "-1", ...NASTY.filter((t) => t !== "\ud800")]).slice(0, 300),
        ),
  );
  const parameters = Array.from({ length: random.below(6) }, () => random.pick([...QUERIES, ...QUERIES, ...PAGES]));
  const query =
    parameters.length === 0
      ? ""
      : `?${random.chance(0.8) ? parameters.join("&") : mutated(random, parameters.join("&"), QUERIES)}`;
  return filled + query;
}

const EVENT = {
  kind: "flood",
  action: "raise",
  level: 3,
  reason: "depth-2-of-3",
  figures: { depthMm: 200 },
  time: 0,
  entry: null,
};

/** What each route that takes a body understands. */
function bodyFor(random: Random, known: Known, url: string): unknown {
  const { fence, cursor, now } = known;
  const lease = random.pick(["x", "00000000-0000-0000-0000-000000000000"]);
  switch (url) {
    case "/api/v1/login":
      return { name: random.pick(["admin", "viewer", "nobody"]), password: "not the password" };
    case "/api/v1/password":
      return { current: "not the password", next: "another long password" };
    case "/api/v1/people":
      return {
        name: random.pick(["p1", "p2", "viewer"]),
        role: random.pick(["viewer", "admin"]),
        password: "a long password",
      };
    case "/api/v1/alarms/:id/acts":
      return {
        type: random.pick(["ack", "reset", "shelve", "unshelve", "suppress", "unsuppress"]),
        expectedRevision: random.below(4),
        reason: "x",
        untilMs: now + 60_000,
      };
    case "/api/v1/flows/next":
      return { fence, after: { ...cursor, id: random.below(cursor.id + 1) }, waitMs: random.pick([0, 0, 1, 20]) };
    case "/api/v1/flows/commit": {
      const site = random.pick(["underpass-1", "underpass-2", "nowhere"]);
      const events = [{ ...EVENT, time: now, action: random.pick(["raise", "clear"]) }];
      const evaluation = { site, rule: "flood", expectedRevision: random.below(3), state: { wet: true }, events };
      const wish = { site, kind: "flood", channel: "log", to: "", language: "ru", minLevel: 3 };
      return { fence, cursor, now, evaluations: [evaluation], notices: [wish] };
    }
    case "/api/v1/flows/notices/claim":
      return { channel: "log", limit: 10, leaseMs: 1000 };
    case "/api/v1/flows/notices/done":
      return { id: 1 + random.below(20), lease, receipt: { state: "sent", providerId: "x" } };
    case "/api/v1/flows/notices/failed":
      return { id: 1 + random.below(20), lease, error: "x", retryAfterMs: 1000 };
    default:
      return {};
  }
}

function written(random: Random, body: unknown): string {
  try {
    const text = JSON.stringify(body) ?? "";
    return random.chance(0.1)
      ? mutated(random, text, [text])
      : random.chance(0.1)
        ? text.replaceAll(/:\d+/g, ":1e999")
        : text;
  } catch {
    return "";
  }
}

const TYPES = [
  "application/json",
  "application/json",
  "application/json; charset=utf-16",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded",
  "",
  "\x7f",
  "application/json\0",
];

function headers(random: Random, known: Known, machine: boolean): string[] {
  const { host, flowsToken, metricsToken } = known;
  const session = random.pick(known.sessions);
  const lines = [
    `Host: ${random.chance(0.95) ? host : random.pick(["evil.example", "", "localhost", "[::1]:x", "a".repeat(500), host + "@evil"])}`,
  ];
  if (random.chance(0.9))
    lines.push(
      `Cookie: ${random.chance(0.9) ? session.cookie : mutated(random, session.cookie, ["a=b; __proto__=x"]).replace(/[\r\n]/g, "")}`,
    );
  if (random.chance(0.9))
    lines.push(
      `Origin: ${random.chance(0.95) ? `http://${host}` : random.pick(["null", "http://evil.example", "x", "http://[", "http://" + host + "@x"])}`,
    );
  if (random.chance(0.9))
    lines.push(`X-Aryk-Csrf: ${random.chance(0.95) ? session.csrf : random.pick(["", "x", "\xff".repeat(32)])}`);
  if (machine ? random.chance(0.95) : random.chance(0.1))
    lines.push(
      `Authorization: ${random.pick(machine ? [`Bearer ${flowsToken}`] : [`Bearer ${metricsToken}`, "Bearer ", "Basic x", `Bearer ${"x".repeat(5000)}`])}`,
    );
  const odd = [
    "Expect: 100-continue",
    "Expect: x",
    "Upgrade: websocket\r\nConnection: Upgrade",
    "X-Forwarded-For: 1.2.3.4",
    "If-None-Match: *",
    "Range: bytes=0-1",
    "Accept-Encoding: gzip",
    "X-HTTP-Method-Override: DELETE",
    "TE: trailers",
    "Accept: */*;q=x",
    "Host: twice",
    `X-Long: ${"x".repeat(17_000)}`,
    Array(300).fill("X-Many: 1").join("\r\n"),
    "No colon",
    "Space : x",
    "X-Raw: \xff\x80",
    "X-Nul: \0",
  ];
  while (random.chance(0.1)) lines.push(random.pick(odd));
  return lines;
}

/** A whole request as bytes. */
export function request(random: Random, known: Known, route: { method: string; url: string }): Buffer {
  const machine = route.url.startsWith("/api/v1/flows/");
  const method = random.chance(0.9) ? route.method : random.pick(METHODS);
  const target = random.chance(0.85)
    ? path(random, route.url)
    : random.chance(0.8)
      ? random.pick(TRAVERSALS)
      : mutated(random, route.url, TRAVERSALS);
  const good = bodyFor(random, known, route.url);
  let body = "";
  // What hides in a body must not be taken for a request, here or by the editor behind the proxy.
  if (random.chance(0.03)) body = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
  else if (method !== "GET") {
    const dice = random.below(10);
    body = written(random, dice < 4 ? good : dice < 9 ? mutatedJson(random, good) : nastyValue(random));
  }
  const lines = headers(random, known, machine);
  if (body !== "" || random.chance(0.1)) {
    lines.push(`Content-Type: ${random.chance(0.9) ? TYPES[0] : random.pick(TYPES)}`);
    const bytes = Buffer.byteLength(body);
    const dice = random.below(20);
    if (dice < 2) {
      lines.push("Transfer-Encoding: chunked");
      if (dice === 0) body = `${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    } else if (dice === 2)
      lines.push(`Content-Length: ${random.pick([bytes + 10, 0, -1, 1e12, "x", `${bytes}\r\nContent-Length: 5`])}`);
    else lines.push(`Content-Length: ${bytes}`);
  }
  if (random.chance(0.9)) lines.push("Connection: close");
  const head = `${method} ${target} HTTP/${random.chance(0.98) ? "1.1" : random.pick(["1.0", "2.0", "9", ""])}\r\n${lines.join("\r\n")}\r\n\r\n`;
  const whole = Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]);
  return random.chance(0.95) ? whole : Buffer.from(mutated(random, whole.toString("latin1"), [head]), "latin1");
}
