/** What the tests of the HTTP server share. */
import { request as httpRequest } from "node:http";
import type { SiteId } from "../../../../hub/model.js";
import type { Bench } from "../setup.js";

export const PUBLIC = [
  "GET /",
  "GET /login",
  "GET /boards",
  "GET /rollouts",
  "GET /app.js",
  "GET /app.css",
  "GET /icon.svg",
  "GET /map.json",
  "GET /healthz",
  "GET /livez",
  "GET /api/v1/session",
  "POST /api/v1/login",
];

/** A request with any `Host` header, which fetch does not allow. */
export function raw(bench: Bench, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(bench.url + path, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on("error", reject);
    call.end();
  });
}

/** Raises a flood alarm of that level through the register's own door. */
export function raise(bench: Bench, site: string, level: 1 | 2 | 3 | 4): void {
  const { register, journal, clock } = bench;
  const event = { kind: "flood", action: "raise", level, reason: "depth-2-of-3", figures: { depthMm: 200 } } as const;
  const known = register.states().find((state) => state.site === site);
  register.commit({
    fence: register.takeFence("test"),
    cursor: journal.head(),
    now: clock.now(),
    evaluations: [
      {
        site: site as SiteId,
        rule: "flood",
        expectedRevision: known?.revision ?? 0,
        state: { level },
        events: [{ ...event, time: clock.now(), entry: null }],
      },
    ],
    notices: [],
  });
}

export const FLOWS_TOKEN = "the-flows-of-this-hub-and-nobody-else";
