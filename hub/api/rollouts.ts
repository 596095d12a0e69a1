/** Rollouts of firmware: how far each is, board by board on demand, and stopping, resuming or taking one back. */
import type { FastifyInstance } from "fastify";
import type { Clock } from "../clock.js";
import { SetupError } from "../errors.js";
import type { Registry } from "../registry.js";
import type { Rollout } from "../registry/rollouts.js";
import { actOnRollout } from "../updates/acts.js";
import type { ImageStore } from "../updates/images.js";
import { ACTS, actsOf, progressOf } from "../updates/progress.js";
import type { Act } from "../updates/progress.js";
import { HUB } from "../updates/start.js";
import type { RolloutBoardView, RolloutView } from "./rollout-views.js";

const ACT = {
  type: "object",
  additionalProperties: false,
  required: ["act", "seenAt"],
  properties: {
    act: { enum: ACTS },
    why: { type: "string", maxLength: 200 },
    /** When the rollout last changed as the page showed it. */
    seenAt: { type: "integer", minimum: 0 },
  },
  // Every board that runs the image is sent back: whoever asks why must find an answer.
  if: { properties: { act: { const: "back" } } },
  then: { required: ["why"], properties: { why: { type: "string", pattern: "\\S" } } },
};

const ROLLOUT = { type: "object", properties: { rollout: { type: "string", pattern: "^[0-9a-f]{8}$" } } };

const STATUS: Record<string, number> = {
  NO_ROLLOUT: 404,
  ROLLOUT_CHANGED: 409,
  ROLLOUT_STANDS: 409,
  ROLLOUT_RUNS: 409,
};

function rolloutView(rollout: Rollout, registry: Registry, images: ImageStore): RolloutView {
  const { id, image, does, why, at, by } = rollout;
  const known = images.of(image);
  return {
    ...{ id, image, does, why, at, by, byHub: by === HUB, may: actsOf(rollout) },
    ...{ name: known?.image ?? null, version: known?.version ?? null },
    ...progressOf(rollout, known, registry.sides()),
  };
}

function boardViews({ offers }: Rollout, registry: Registry, now: number): RolloutBoardView[] {
  return [...offers].map(([board, { at, outcome }]) => {
    const { version = null, runs = null } = registry.reported(board) ?? {};
    return { board, site: registry.siteOf(board, now)?.id ?? null, offered: at, outcome, version, runs };
  });
}

/** Adds `GET /api/v1/rollouts`, `GET /api/v1/rollouts/:rollout` and `POST /api/v1/rollouts/:rollout/acts`. */
export function addRollouts(app: FastifyInstance, clock: Clock, registry: Registry, images: ImageStore): void {
  app.get("/api/v1/rollouts", { config: { access: "technician" } }, async () => ({
    now: clock.now(),
    rollouts: registry
      .rollouts()
      .map((one) => rolloutView(one, registry, images))
      .reverse(),
  }));

  app.get<{ Params: { rollout: string } }>(
    "/api/v1/rollouts/:rollout",
    { config: { access: "technician" }, schema: { params: ROLLOUT } },
    async (request, reply) => {
      const rollout = registry.rollout(request.params.rollout);
      if (rollout === undefined)
        return reply.code(404).send({ code: "NO_ROLLOUT", message: "there is no such rollout" });
      const now = clock.now();
      return { now, boards: boardViews(rollout, registry, now) };
    },
  );

  app.post<{ Params: { rollout: string }; Body: { act: Act; why?: string; seenAt: number } }>(
    "/api/v1/rollouts/:rollout/acts",
    { config: { access: "technician" }, bodyLimit: 2048, schema: { params: ROLLOUT, body: ACT } },
    async (request, reply) => {
      const by = request.session?.name;
      if (by === undefined) return reply.code(401).send({ code: "LOGIN_NEEDED", message: "log in first" });
      const { rollout } = request.params;
      const { act, why = "", seenAt } = request.body;
      try {
        actOnRollout(registry, images, { rollout, act, why, by, seenAt });
      } catch (error) {
        const status = error instanceof SetupError ? STATUS[error.code] : undefined;
        if (status === undefined) throw error;
        return reply.code(status).send({ code: (error as SetupError).code, message: (error as SetupError).message });
      }
      return reply.send(rolloutView(registry.rollout(rollout)!, registry, images));
    },
  );
}
