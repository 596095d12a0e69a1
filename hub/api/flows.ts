/**
 * What the flows ask of the hub: readings in batches behind a fence, one commit per batch, and the notices of channels
 * that are branches of the flows. HTTP and JSON only: the two processes share no memory and no file.
 *
 * Errors: 401 without the token, 400 for a body that is not as described, 409 with a code when somebody else has taken
 * over (`FENCED`), a state has moved on (`STALE_REVISION`), the journal is another one (`WRONG_JOURNAL`) or a lease has
 * run out (`LEASE_LOST`). After a 409 the flows open again.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from "fastify";
import { z } from "zod";
import { createCatchUp, type CatchUpOptions } from "../alerts/catch-up.js";
import { RegisterConflict, type Notice } from "../alerts/protocol.js";
import type { Register } from "../alerts/register.js";
import type { RuleSite } from "../alerts/rule.js";
import type { Clock } from "../clock.js";
import type { Journal } from "../journal.js";
import type { Cursor, UnixMs } from "../model.js";
import { claimBody, commitBody, doneBody, failedBody, nextBody, openBody } from "./flows-bodies.js";

export interface FlowsDeps {
  journal: Journal;
  register: Register;
  /** The same list until it has changed. */
  sites: () => RuleSite[];
  clock: Clock;
  /** What the flows carry as `authorization: Bearer …`. */
  token: string;
  /** The flows are told the time at least this often, by the hub's clock, in ms. */
  tickMs: number;
  /** Since when the hub has been listening: silence counts from here at the earliest. Default: the start of this part. */
  since?: () => UnixMs;
  /** What a notice says, in its own language; given with each claimed notice as `text`. */
  text?: (notice: Notice) => string;
  /** Channels that the hub itself serves, for rosters that say "all of them". Default: those that are always there. */
  channels?: string[];
  /** When the newest entries come before the backlog. */
  lanes?: CatchUpOptions;
  /** Called after each commit: the rules have seen everything up to `cursor`, and know that it is `now`. */
  onJudged?: (now: UnixMs, cursor: Cursor) => void;
}

/** Name of the flows' cursor in the journal. */
export const FLOWS_CONSUMER = "flows";
const ALWAYS_THERE = ["log", "cap-folder"];
/** Journal entries in one batch, at most. */
const BATCH_ENTRIES = 500;
/** A commit names every state that changed: some 5,000 sites with two rules each at the worst. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** What was last said to the present holder of the fence. */
interface Told {
  fence: number;
  at: UnixMs;
  /** The list as it was given, and its text: the text is made only for another list. */
  sites: RuleSite[] | null;
  text: string;
}

/** The flows' part of the API, under `/api/v1/flows`. */
export function flowsRoutes(deps: FlowsDeps): FastifyPluginAsync {
  const { journal, register, clock } = deps;
  const begun = clock.now();
  const since = deps.since ?? (() => begun);
  const waiting = new Set<() => void>();
  const order = createCatchUp(journal, deps.lanes);
  let told: Told | null = null;

  const checkFence = (fence: number) => {
    if (fence !== register.fence()) throw new RegisterConflict("FENCED", "Somebody else evaluates now: open again.");
  };
  const checkCursor = (cursor: Cursor) => {
    const head = journal.head();
    if (cursor.epoch !== head.epoch || cursor.id > head.id)
      throw new RegisterConflict("WRONG_JOURNAL", "This place is not in the hub's journal: open again.");
  };

  /** Resolves when entries wait, a tick is due, the fence was taken, `waitMs` of real time passed, or `signal` says so. */
  const worth = async (after: Cursor, at: UnixMs, waitMs: number, signal: AbortSignal): Promise<void> => {
    const elapsed = clock.now() - at;
    // A clock that was set back has moved, too.
    if (journal.head().id > after.id || elapsed >= deps.tickMs || elapsed < 0 || waitMs === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => finish(), waitMs);
      const undo = [journal.onCommit(() => finish()), clock.after(deps.tickMs - elapsed, () => finish())];
      const finish = () => {
        clearTimeout(timer);
        for (const fn of undo) fn();
        waiting.delete(finish);
        signal.removeEventListener("abort", finish);
        resolve();
      };
      waiting.add(finish);
      signal.addEventListener("abort", finish);
    });
  };

  return async (app: FastifyInstance) => {
    app.addHook("onRequest", async (request, reply) => {
      if (!sameToken(request.headers.authorization, deps.token))
        return reply.code(401).send({ code: "UNAUTHORIZED", message: "The flows' token is missing or wrong." });
    });
    app.addHook("preClose", async () => {
      for (const finish of waiting) finish();
    });
    app.setErrorHandler(answerError);
    const post = (path: string, run: (body: unknown, signal: AbortSignal) => unknown) =>
      app.post(`/api/v1/flows${path}`, { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
        const gone = new AbortController();
        reply.raw.once("close", () => gone.abort());
        return run(request.body ?? {}, gone.signal);
      });

    post("/open", (body) => {
      openBody.parse(body);
      const fence = register.takeFence("flows");
      // Made on the first opening, so that the journal keeps what the rules have not seen.
      const judged = journal.cursor(FLOWS_CONSUMER);
      const cursor = register.resume(journal.head(), judged.id);
      for (const finish of waiting) finish();
      const sites = deps.sites();
      const now = clock.now();
      told = { fence, at: now, sites, text: JSON.stringify(sites) };
      const { tickMs, channels = ALWAYS_THERE } = deps;
      return { fence, cursor, now, since: since(), tickMs, sites, channels, states: register.states() };
    });

    post("/next", async (body, signal) => {
      const { fence, after, waitMs } = nextBody.parse(body);
      checkFence(fence);
      checkCursor(after);
      // After a restart of the hub the fence may still be good; then the sites are sent anew.
      if (told?.fence !== fence) told = { fence, at: -Infinity, sites: null, text: "" };
      const mine = told;
      await worth(after, mine.at, waitMs, signal);
      checkFence(fence);
      const sites = deps.sites();
      const text = sites === mine.sites ? mine.text : JSON.stringify(sites);
      const changed = text !== mine.text;
      const batch = order.next(after, BATCH_ENTRIES, clock.now(), since());
      mine.at = batch.now;
      mine.sites = sites;
      mine.text = text;
      return { fence, ...batch, ...(changed ? { sites } : {}) };
    });

    post("/commit", (body) => {
      const request = commitBody.parse(body);
      checkCursor(request.cursor);
      const result = register.commit(request);
      order.committed(request.cursor);
      // Only now: the register holds what these entries meant, so the journal may let them go.
      journal.settle(FLOWS_CONSUMER, request.cursor.id);
      deps.onJudged?.(request.now, request.cursor);
      return result;
    });

    post("/notices/claim", (body) => {
      const { channel, limit, leaseMs } = claimBody.parse(body);
      const notices = register.claim(channel, limit, leaseMs);
      return { notices: notices.map((notice) => ({ ...notice, text: deps.text?.(notice) ?? null })) };
    });
    post("/notices/done", (body) => {
      const { id, lease, receipt } = doneBody.parse(body);
      register.done(id, lease, receipt);
      return { ok: true };
    });
    post("/notices/failed", (body) => {
      const { id, lease, error, ...options } = failedBody.parse(body);
      register.failed(id, lease, error, options);
      return { ok: true };
    });
  };
}

function answerError(error: Error & { statusCode?: number }, _request: unknown, reply: FastifyReply): void {
  if (error instanceof RegisterConflict) void reply.code(409).send({ code: error.code, message: error.message });
  else if (error instanceof z.ZodError)
    void reply.code(400).send({ code: "BAD_REQUEST", message: z.prettifyError(error) });
  else {
    const status = error.statusCode ?? 500;
    // What broke inside the hub is for its log, not for the answer.
    if (status >= 500) reply.log.error(error);
    const message = status >= 500 ? "The hub could not do this; its log says why." : error.message;
    void reply.code(status).send({ code: status >= 500 ? "INTERNAL" : "BAD_REQUEST", message });
  }
}

/** Compares digests, so that neither the letters nor the length can be found by timing. */
function sameToken(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${token}`));
}
