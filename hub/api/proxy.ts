/**
 * The Node-RED editor behind the hub's login. The child process listens on the loopback interface only and answers
 * nobody without its secret; this proxy adds the secret for technicians, and keeps the hub's cookies to itself.
 */
import { request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { fromOwnPage, knownHost } from "./guard.js";
import { mayAs } from "./auth.js";
import type { Session } from "./auth.js";

/** Where the child is now; null while it is not running. */
export interface EditorTarget {
  port: number;
  header: string;
  secret: string;
}

export interface ProxyDeps {
  target(): EditorTarget | null;
  /** The session behind a `Cookie` header. */
  sessionOf(cookieHeader: string | undefined): Session | null;
  /** True while the session of that id holds. */
  holds(id: string): boolean;
  hosts: string[];
}

export const EDITOR = "/flows/editor";
const ROLE = "technician";
const RECHECK_MS = 2_000;
/** Longest silence of the child before a request is given up. */
const PATIENCE_MS = 60_000;
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** The editor builds pages and code as it runs, so that its policy is wider; nothing may come from elsewhere still. */
const EDITOR_CSP =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; " +
  "base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

function without(headers: IncomingHttpHeaders, names: string[]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** What the child is sent: no cookie and no secret of the browser's making. */
function forChild(headers: IncomingHttpHeaders, target: EditorTarget): OutgoingHttpHeaders {
  const kept = without(headers, [...HOP_BY_HOP, "cookie", "authorization", target.header.toLowerCase()]);
  // Without a length or this, the body of a GET or DELETE would go out bare, and be read as a further request.
  const framed = headers["transfer-encoding"] === undefined ? {} : { "transfer-encoding": "chunked" };
  return { ...kept, ...framed, [target.header]: target.secret };
}

function forward(deps: ProxyDeps, request: FastifyRequest, reply: FastifyReply): void {
  const target = deps.target();
  if (target === null) {
    void reply.code(503).send({ code: "FLOWS_AWAY", message: "the flows are not running; the hub starts them again" });
    return;
  }
  const own = reply.getHeaders() as OutgoingHttpHeaders;
  reply.hijack();
  const out = reply.raw;
  const fail = (): void => {
    if (!out.headersSent) out.writeHead(502, { ...own, "content-type": "application/json" });
    out.end(out.headersSent ? undefined : JSON.stringify({ code: "FLOWS_AWAY", message: "the flows did not answer" }));
  };
  const child = httpRequest({
    host: "127.0.0.1",
    port: target.port,
    method: request.method,
    path: request.raw.url,
    headers: forChild(request.headers, target),
    timeout: PATIENCE_MS,
  });
  child.on("timeout", () => child.destroy(new Error("no answer")));
  child.on("error", fail);
  child.on("response", (answer) => {
    const headers = without(answer.headers, [...HOP_BY_HOP, "set-cookie", "x-powered-by"]);
    out.writeHead(answer.statusCode ?? 502, {
      ...own,
      "cache-control": "no-cache",
      ...headers,
      "content-security-policy": EDITOR_CSP,
      "x-frame-options": "SAMEORIGIN",
    });
    answer.pipe(out);
    answer.on("error", () => out.destroy());
  });
  out.on("close", () => child.destroy());
  request.raw.pipe(child);
}

function refuse(socket: Duplex, status: string): void {
  // Nobody reads what else the client sends: left open, the socket would never see its end, nor let the server stop.
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}

function upgradeText(request: IncomingMessage, target: EditorTarget): string {
  const headers = {
    ...without(request.headers, ["cookie", "authorization", target.header.toLowerCase()]),
    [target.header]: target.secret,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [String(value)]).map((one) => `${name}: ${one}`),
  );
  return `GET ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/**
 * Adds the editor's routes, and takes over the server's upgrades: none but the editor's is let through. A websocket is
 * cut when its session ends.
 */
export async function addEditorProxy(app: FastifyInstance, deps: ProxyDeps): Promise<{ stop(): void }> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    for (const url of [EDITOR, `${EDITOR}/*`])
      scope.route({
        method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
        url,
        config: { access: ROLE, sees: "flows" },
        // The editor names its parts relative to its own address, which therefore must end in a slash.
        handler: (request, reply) =>
          request.method === "GET" && request.url === EDITOR
            ? reply.redirect(`${EDITOR}/`)
            : forward(deps, request, reply),
      });
  });

  const open = new Map<Duplex, string>();
  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    let session: Session | null;
    try {
      session = deps.sessionOf(request.headers.cookie);
    } catch {
      return refuse(socket, "500 Internal Server Error");
    }
    if (!knownHost(request.headers.host, deps.hosts)) return refuse(socket, "421 Misdirected Request");
    if (session === null) return refuse(socket, "401 Unauthorized");
    if (!mayAs(session.role, ROLE) || !fromOwnPage(request.headers)) return refuse(socket, "403 Forbidden");
    if (!(request.url ?? "").startsWith(`${EDITOR}/`)) return refuse(socket, "404 Not Found");
    const target = deps.target();
    if (target === null) return refuse(socket, "503 Service Unavailable");

    const child = connect({ host: "127.0.0.1", port: target.port });
    const end = (): void => {
      open.delete(socket);
      socket.destroy();
      child.destroy();
    };
    open.set(socket, session.id);
    for (const side of [socket, child]) {
      side.on("error", end);
      side.on("close", end);
    }
    child.once("connect", () => {
      child.write(upgradeText(request, target));
      child.write(head);
      child.pipe(socket);
      socket.pipe(child);
    });
  });

  const recheck = setInterval(() => {
    for (const [socket, id] of [...open]) if (!deps.holds(id)) socket.destroy();
  }, RECHECK_MS);
  return {
    stop() {
      clearInterval(recheck);
      for (const socket of [...open.keys()]) socket.destroy();
    },
  };
}
