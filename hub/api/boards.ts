/** Boards: where they hang, what they say of themselves, what they are asked for, and asking them. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Clock } from "../clock.js";
import { SetupError } from "../errors.js";
import { askBoard } from "../orders/asks.js";
import type { Registry } from "../registry.js";
import { driftOf } from "../registry/drift.js";
import { askForSettings, settingsOf, typeRun } from "../registry/settings.js";
import type { Board } from "../registry/state.js";
import type { BoardView } from "./views.js";

const ASK = {
  type: "object",
  additionalProperties: false,
  required: ["verb"],
  properties: { verb: { enum: ["test", "reboot"] } },
};

const SETTINGS = {
  type: "object",
  additionalProperties: false,
  required: ["settings"],
  properties: {
    settings: {
      type: "object",
      minProperties: 1,
      maxProperties: 20,
      additionalProperties: { type: ["number", "null"] },
    },
  },
};

const BOARD = { type: "object", properties: { board: { type: "string", minLength: 1, maxLength: 32 } } };

/** A board as the page shows it. */
export function boardView(row: Board, now: number, typeOf: (site: string) => string | undefined): BoardView {
  const { board, number, assignments, keys, desired, reported, asks, sheets } = row;
  const held = assignments.findLast((one) => one.from <= now);
  const site = held?.site ?? null;
  const type = (site === null ? undefined : typeOf(site)) ?? typeRun(reported);
  return {
    ...{ board, number, site, since: held?.from ?? null },
    // Named, never shown: a key leaves the hub by the provisioning command only.
    keys: keys.map(({ id, revoked }) => ({ id, revoked })),
    may: type === undefined ? [] : [...settingsOf(type)].map(([name, [least, most]]) => ({ name, least, most })),
    desired: {
      rev: desired.rev,
      settings: Object.fromEntries([...desired.values].map(([name, { value }]) => [name, value])),
    },
    reported,
    drift: driftOf(row),
    asks,
    sheet: sheets.at(-1) ?? null,
  };
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof SetupError)) throw error;
  return reply.code(error.code === "NO_BOARD" ? 404 : 400).send({ code: error.code, message: error.message });
}

/** Adds `GET /api/v1/boards`, and what a technician asks of a board: a test, a restart, settings. */
export function addBoards(app: FastifyInstance, clock: Clock, registry: Registry): void {
  app.get("/api/v1/boards", { config: { access: "technician" } }, async () => {
    const now = clock.now();
    return { now, boards: registry.boards().map((row) => boardView(row, now, (site) => registry.site(site)?.type)) };
  });

  app.post<{ Params: { board: string }; Body: { verb: "test" | "reboot" } }>(
    "/api/v1/boards/:board/asks",
    { config: { access: "technician" }, bodyLimit: 1024, schema: { params: BOARD, body: ASK } },
    async (request, reply) => {
      const by = request.session?.name;
      if (by === undefined) return reply.code(401).send({ code: "LOGIN_NEEDED", message: "log in first" });
      try {
        return await reply.send({ nonce: askBoard(registry, request.params.board, request.body.verb, by) });
      } catch (error) {
        return refuse(reply, error);
      }
    },
  );

  app.post<{ Params: { board: string }; Body: { settings: Record<string, number | null> } }>(
    "/api/v1/boards/:board/settings",
    { config: { access: "technician" }, bodyLimit: 4096, schema: { params: BOARD, body: SETTINGS } },
    async (request, reply) => {
      const by = request.session?.name;
      if (by === undefined) return reply.code(401).send({ code: "LOGIN_NEEDED", message: "log in first" });
      const wanted = new Map(Object.entries(request.body.settings));
      try {
        const boards = new Map([[request.params.board, wanted]]);
        return await reply.send({ changes: askForSettings(registry, boards, clock.now(), by) });
      } catch (error) {
        return refuse(reply, error);
      }
    },
  );
}
