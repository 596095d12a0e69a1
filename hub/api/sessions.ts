/** Routes for coming in, going out, and for the people who may. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { AccessError, ROLES } from "./auth.js";
import type { Access, Role, Session } from "./auth.js";
import { cookieName } from "./guard.js";

const name = { type: "string", minLength: 1, maxLength: 64 };
const password = { type: "string", minLength: 1, maxLength: 1000 };
const STATUS: Record<AccessError["code"], number> = {
  NAME_TAKEN: 409,
  NO_SUCH_PERSON: 404,
  LAST_ADMIN: 409,
  BAD_NAME: 400,
  PASSWORD_TOO_SHORT: 400,
  PASSWORD_TOO_LONG: 400,
};

function body(properties: Record<string, object>): object {
  return { body: { type: "object", required: Object.keys(properties), additionalProperties: false, properties } };
}

async function answer(reply: FastifyReply, change: () => void | Promise<void>): Promise<FastifyReply> {
  try {
    await change();
    return reply.send({ ok: true });
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    return reply.code(STATUS[error.code]).send({ code: error.code, message: error.message });
  }
}

function tooMany(reply: FastifyReply, waitS: number): FastifyReply {
  reply.header("retry-after", String(waitS));
  return reply.code(429).send({ code: "TOO_MANY_TRIES", message: `try again in ${waitS} s`, waitS });
}

export function addSessions(
  app: FastifyInstance,
  access: Access,
  options: { secureCookie: boolean; anonymousViewer: boolean },
): void {
  const cookie = cookieName(options.secureCookie);
  const cookieOptions = { path: "/", httpOnly: true, sameSite: "strict", secure: options.secureCookie } as const;
  const describe = (session: Session | null): object => ({
    person: session === null ? null : { name: session.name, role: session.role },
    csrf: session?.csrf ?? null,
    anonymousViewer: options.anonymousViewer,
  });

  app.get("/api/v1/session", { config: { access: "public" } }, async (request) => describe(request.session));

  app.post<{ Body: { name: string; password: string } }>(
    "/api/v1/login",
    { config: { access: "public" }, schema: body({ name, password }), bodyLimit: 4096 },
    async (request, reply) => {
      const result = await access.login(request.body.name, request.body.password, request.ip);
      if (result.ok) {
        if (request.session !== null) access.logout(request.session.id);
        reply.setCookie(cookie, result.secret, cookieOptions);
        return reply.send(describe(result.session));
      }
      if (result.fault === "wait") return tooMany(reply, result.waitS);
      return reply.code(401).send({ code: "WRONG_LOGIN", message: "name or password is wrong" });
    },
  );

  app.post("/api/v1/logout", async (request, reply) => {
    if (request.session !== null) access.logout(request.session.id);
    return reply.clearCookie(cookie, cookieOptions).send({ ok: true });
  });

  app.post("/api/v1/logout-everywhere", async (request, reply) => {
    if (request.session !== null) access.logoutAll(request.session.name);
    return reply.clearCookie(cookie, cookieOptions).send({ ok: true });
  });

  app.post<{ Body: { current: string; next: string } }>(
    "/api/v1/password",
    { schema: body({ current: password, next: password }), bodyLimit: 4096 },
    async (request, reply) => {
      const session = request.session;
      if (session === null) return reply.code(401).send({ code: "LOGIN_NEEDED", message: "log in first" });
      const known = await access.login(session.name, request.body.current, request.ip);
      if (!known.ok && known.fault === "wait") return tooMany(reply, known.waitS);
      if (!known.ok) return reply.code(403).send({ code: "WRONG_LOGIN", message: "the present password is wrong" });
      access.logout(known.session.id);
      return answer(reply, () => access.setPassword(session.name, request.body.next));
    },
  );

  const admin = { access: "admin" } as const;
  app.get("/api/v1/people", { config: { ...admin, sees: "people" } }, async () => access.people());

  app.post<{ Body: { name: string; role: Role; password: string } }>(
    "/api/v1/people",
    { config: admin, schema: body({ name, role: { enum: ROLES }, password }), bodyLimit: 4096 },
    async (request, reply) =>
      answer(reply.code(200), () => access.add(request.body.name, request.body.role, request.body.password)),
  );

  app.delete<{ Params: { name: string } }>("/api/v1/people/:name", { config: admin }, async (request, reply) =>
    answer(reply, () => access.remove(request.params.name)),
  );
}
