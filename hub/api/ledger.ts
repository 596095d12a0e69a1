/** The loss ledger over HTTP: what arrived, what is missing and why. */
import type { FastifyInstance } from "fastify";
import type { Clock } from "../clock.js";
import type { LedgerQuery, LedgerReport } from "../completeness/counts.js";

/** Makes the ledger: of a whole network that takes the hub part of a second. */
export type LedgerSource = (query: LedgerQuery) => Promise<LedgerReport>;

const DAY_MS = 86_400_000;
/** Rows of one answer at most; what is beyond them is told by the number of rows that there are. */
const MOST_ROWS = 10_000;

const QUERY = {
  type: "object",
  properties: {
    site: { type: "string", minLength: 1, maxLength: 64 },
    board: { type: "string", minLength: 1, maxLength: 32 },
    from: { type: "integer", minimum: 0 },
    to: { type: "integer", minimum: 0 },
    hours: { type: "boolean", default: false },
    missing: { type: "boolean", default: false },
  },
};

/** Adds `GET /api/v1/ledger`, of the last day unless it is about one board or says `from`. Two askers never make the hub work at the same time: the second waits. */
export function addLedger(app: FastifyInstance, clock: Clock, source: LedgerSource): void {
  let turn: Promise<unknown> = Promise.resolve();
  app.get<{ Querystring: Omit<LedgerQuery, "now" | "hours"> & { hours: boolean; missing: boolean } }>(
    "/api/v1/ledger",
    { schema: { querystring: QUERY } },
    async (request, reply) => {
      const { hours, missing, ...asked } = request.query;
      if (asked.from !== undefined && asked.to !== undefined && asked.from >= asked.to)
        return reply.code(400).send({ code: "BAD_RANGE", message: "from must be before to" });
      const now = clock.now();
      // All boards over all time is minutes of work for a city: who wants that says since when.
      const from = asked.from ?? (asked.board === undefined ? (asked.to ?? now) - DAY_MS : undefined);
      const made = turn.then(() =>
        source({ ...asked, ...(from === undefined ? {} : { from }), ...(hours ? { hours: MOST_ROWS } : {}), now }),
      );
      turn = made.catch(() => undefined);
      const { total, things, strangers, behind, hoursThere, ...rows } = await made;
      const shown = {
        ...(hours ? { hours: rows.hours, hoursThere } : {}),
        ...(missing ? { missing: rows.missing.slice(0, MOST_ROWS), missingThere: rows.missing.length } : {}),
      };
      return { now, total, things, strangers, behind, ...shown };
    },
  );
}
