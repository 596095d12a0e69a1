/**
 * The door of the hub's HTTP server: every route passes here first. A route says who may use it
 * (`config: { access }`); one that says nothing needs a login.
 */
import { timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { mayAs } from "./auth.js";
import type { Access, Person, Role, Session } from "./auth.js";

/**
 * `public`: anybody. `own`: the route checks a secret of its own and no cookie counts there. `metrics`: a viewer, or
 * the bearer of the metrics token. A role: somebody logged in who has at least that role.
 */
export type RouteAccess = "public" | "own" | "metrics" | Role;

declare module "fastify" {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    session: Session | null;
    /** Who asks. The anonymous viewer's name is empty. */
    person: Person | null;
  }
}

export interface GuardOptions {
  access: Access;
  anonymousViewer: boolean;
  metricsToken: string | null;
  /** Host names under which the hub is reached, besides addresses, localhost and the machine's own name. */
  hosts: string[];
  secureCookie: boolean;
}

/** Everything comes from the hub itself. The editor's pages have a policy of their own, see proxy.ts. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": CSP,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
  "cache-control": "no-store",
};

/** Name of the session's cookie. `__Host-` binds it to this very host, which browsers allow over TLS only. */
export function cookieName(secure: boolean): string {
  return secure ? "__Host-aryk" : "aryk_session";
}

/** Equal, in a time that does not tell where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * True if the `Host` header names this hub. Somebody else's name that resolves to this machine (DNS rebinding) would
 * make a stranger's page "same origin" with it; an attacker can choose a name, but never an address.
 */
export function knownHost(header: string | undefined, hosts: string[]): boolean {
  if (header === undefined) return false;
  const name = header.replace(/:\d+$/, "").toLowerCase();
  const own = ["localhost", hostname().toLowerCase(), ...hosts.map((h) => h.toLowerCase())];
  return own.includes(name) || isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0;
}

/** True if the request was made by one of the hub's own pages: browsers set `Origin`, pages cannot forge it. */
export function fromOwnPage(headers: { origin?: string; host?: string }): boolean {
  if (headers.origin === undefined || headers.host === undefined) return false;
  try {
    return new URL(headers.origin).host === headers.host.toLowerCase();
  } catch {
    return false;
  }
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ code, message });
}

function bearer(request: FastifyRequest): string | null {
  const match = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "");
  return match === null ? null : match[1];
}

export interface GuardedRoute {
  method: string;
  url: string;
  readonly access: RouteAccess;
}

/** Puts the door up. Call it before any route is added; the list it returns grows with the routes. */
export function guard(app: FastifyInstance, options: GuardOptions): GuardedRoute[] {
  const cookie = cookieName(options.secureCookie);
  app.decorateRequest("session", null);
  app.decorateRequest("person", null);
  const routes: GuardedRoute[] = [];
  app.addHook("onRoute", (route) => {
    // Read when asked, because hooks of a scope may set it after this one.
    for (const method of [route.method].flat())
      routes.push({
        method,
        url: route.url,
        get access() {
          return route.config?.access ?? "viewer";
        },
      });
  });

  app.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    if (!knownHost(request.headers.host, options.hosts))
      return refuse(reply, 421, "WRONG_HOST", "this hub is not reached under that name; add it to http.hosts");

    const needed = request.routeOptions.config.access ?? "viewer";
    if (needed === "own") return;
    request.session = options.access.session(request.cookies[cookie]);
    request.person = request.session ?? (options.anonymousViewer ? { name: "", role: "viewer" } : null);

    const changes = request.method !== "GET" && request.method !== "HEAD" && request.method !== "OPTIONS";
    if (changes && !fromOwnPage(request.headers))
      return refuse(reply, 403, "CROSS_ORIGIN", "changes are accepted only from this hub's own pages");
    if (needed === "public") return;

    if (needed === "metrics" && options.metricsToken !== null) {
      const token = bearer(request);
      if (token !== null && sameSecret(token, options.metricsToken)) return;
    }
    if (request.person === null) return refuse(reply, 401, "LOGIN_NEEDED", "log in first");
    if (!mayAs(request.person.role, needed === "metrics" ? "viewer" : needed))
      return refuse(reply, 403, "NOT_ALLOWED", `this needs the role ${needed}`);
    // The editor's own client does not know the token: there the origin check above stands alone, with SameSite=Strict.
    if (!changes || request.routeOptions.url?.startsWith("/flows/editor") === true) return;
    const token = request.headers["x-aryk-csrf"];
    if (request.session === null || typeof token !== "string" || !sameSecret(token, request.session.csrf))
      return refuse(reply, 403, "CSRF", "the page's token is missing or old; load the page again");
  });
  return routes;
}
