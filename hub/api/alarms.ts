/** Alarms: what stands, what happened, and what people do about it. */
import type { FastifyInstance } from "fastify";
import { RegisterConflict } from "../alerts/protocol.js";
import type { Act, Alarm, ConflictCode, Transition } from "../alerts/protocol.js";

/** The part of the register that people use. */
export interface AlarmBook {
  alarms(): Alarm[];
  transitions(after?: number, limit?: number): Transition[];
  act(alarmId: number, action: Act): Transition;
  onChange(fn: () => void): () => void;
}

const STATUS: Record<ConflictCode, number> = {
  FENCED: 409,
  STALE_REVISION: 409,
  WRONG_JOURNAL: 409,
  UNKNOWN_ALARM: 404,
  NOT_ALLOWED: 409,
  LEASE_LOST: 409,
};

const ACT = {
  type: "object",
  required: ["type", "expectedRevision"],
  additionalProperties: false,
  properties: {
    type: { enum: ["ack", "reset", "shelve", "unshelve", "suppress", "unsuppress"] },
    expectedRevision: { type: "integer", minimum: 0 },
    reason: { type: "string", minLength: 1, maxLength: 500 },
    untilMs: { type: "integer", minimum: 0 },
  },
};

const PAGE = {
  type: "object",
  properties: {
    after: { type: "integer", minimum: 0, default: 0 },
    limit: { type: "integer", minimum: 1, maximum: 1000, default: 200 },
  },
};

/** Alarms that people must see: active, waiting for a person, or set aside for a time. */
export function standing(alarm: Alarm): boolean {
  return alarm.state !== "NORM" || alarm.shelvedUntil !== null || alarm.suppressedUntil !== null;
}

export function addAlarms(app: FastifyInstance, register: AlarmBook): void {
  app.get<{ Querystring: { all?: boolean } }>(
    "/api/v1/alarms",
    {
      config: { sees: "alarms" },
      schema: { querystring: { type: "object", properties: { all: { type: "boolean", default: false } } } },
    },
    async (request) => ({
      alarms: register.alarms().filter((alarm) => request.query.all === true || standing(alarm)),
    }),
  );

  app.get<{ Querystring: { after: number; limit: number } }>(
    "/api/v1/transitions",
    { config: { sees: "alarms" }, schema: { querystring: PAGE } },
    async (request) => ({ transitions: register.transitions(request.query.after, request.query.limit) }),
  );

  app.post<{ Params: { id: number }; Body: Omit<Act, "person"> }>(
    "/api/v1/alarms/:id/acts",
    {
      config: { access: "operator" },
      bodyLimit: 4096,
      schema: { params: { type: "object", properties: { id: { type: "integer", minimum: 0 } } }, body: ACT },
    },
    async (request, reply) => {
      // The person is the one logged in: a body that names another is refused by its schema.
      const person = request.session?.name;
      if (person === undefined) return reply.code(401).send({ code: "LOGIN_NEEDED", message: "log in first" });
      try {
        return reply.send({ transition: register.act(request.params.id, { ...request.body, person }) });
      } catch (error) {
        if (!(error instanceof RegisterConflict)) throw error;
        return reply.code(STATUS[error.code]).send({ code: error.code, message: error.message });
      }
    },
  );
}
