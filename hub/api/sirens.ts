/**
 * Sirens: how they are, what was done to them, and the two steps by which a person sounds one. Who may take and end an
 * alarm may sound a siren. No program can: the flows have a door of their own, and it leads elsewhere.
 */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { SirenAct } from "../alerts/siren-acts.js";
import type { Clock } from "../clock.js";
import { REFUSALS } from "../siren/machine.js";
import type { SirenAnswer, SirenOrder } from "../siren/siren.js";
import { Attempts } from "./attempts.js";
import type { SirenView } from "./views.js";

/** The part of the sirens that people use. */
export interface SirenDesk {
  list(): SirenView[];
  /** The siren at that site; undefined where there is none. */
  at(site: string): { order(order: SirenOrder, person: string): SirenAnswer } | undefined;
  acts(before?: number, limit?: number): SirenAct[];
  onChange(fn: () => void): () => void;
}

const WINDOW_MS = 60_000;
/** Orders of one person to arm and to fire one siren in a minute. Silence has no bound. */
const MOST_ORDERS = 20;

const PAGE = {
  type: "object",
  properties: {
    before: { type: "integer", minimum: 1 },
    limit: { type: "integer", minimum: 1, maximum: 1000, default: 200 },
  },
};
const SITE = { type: "object", properties: { site: { type: "string", minLength: 1, maxLength: 64 } } };
const NOTHING = { type: "object", additionalProperties: false };
const FIRE = {
  type: "object",
  additionalProperties: false,
  required: ["arming"],
  properties: { arming: { type: "string", pattern: "^[0-9a-f]{16}$" } },
};

export function addSirens(app: FastifyInstance, clock: Clock, desk: SirenDesk): void {
  const orders = new Attempts(WINDOW_MS, () => performance.now());

  /** Does what the person who is logged in orders. */
  function give(reply: FastifyReply, site: string, order: SirenOrder, person: string | undefined): FastifyReply {
    if (person === undefined) return reply.code(401).send({ code: "LOGIN_NEEDED", message: "log in first" });
    const siren = desk.at(site);
    if (siren === undefined) return reply.code(404).send({ code: "NO_SIREN", message: `there is no siren at ${site}` });
    if (order.type !== "silence") {
      const key = `${person} ${site}`;
      const waitS = orders.waitS(key, MOST_ORDERS);
      if (waitS > 0) return reply.code(429).send({ code: "TOO_MANY_TRIES", message: `try again in ${waitS} s`, waitS });
      orders.add(key);
    }
    const answer = siren.order(order, person);
    if (answer.ok) return reply.send({ now: clock.now(), siren: answer.siren });
    const { refusal } = answer;
    return reply
      .code(409)
      .send({ code: `SIREN_${refusal.toUpperCase().replace("-", "_")}`, message: REFUSALS[refusal] });
  }

  app.get("/api/v1/sirens", { config: { sees: "alarms" } }, async () => ({ now: clock.now(), sirens: desk.list() }));

  app.get<{ Querystring: { before?: number; limit: number } }>(
    "/api/v1/sirens/acts",
    { config: { sees: "alarms" }, schema: { querystring: PAGE } },
    async (request) => ({ acts: desk.acts(request.query.before, request.query.limit) }),
  );

  const route = (body: object) =>
    ({ config: { access: "operator" }, bodyLimit: 1024, schema: { params: SITE, body } }) as const;
  app.post<{ Params: { site: string } }>("/api/v1/sirens/:site/arm", route(NOTHING), async (request, reply) =>
    give(reply, request.params.site, { type: "arm" }, request.session?.name),
  );
  app.post<{ Params: { site: string }; Body: { arming: string } }>(
    "/api/v1/sirens/:site/fire",
    route(FIRE),
    async (request, reply) =>
      give(reply, request.params.site, { type: "fire", arming: request.body.arming }, request.session?.name),
  );
  app.post<{ Params: { site: string } }>("/api/v1/sirens/:site/silence", route(NOTHING), async (request, reply) =>
    give(reply, request.params.site, { type: "silence" }, request.session?.name),
  );
}
