/** The hub's side of the flows, real: journal, register, API on a free port; and a city of three sites. */
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify, { type FastifyInstance } from "fastify";
import { Register } from "../../hub/alerts/register.js";
import type { RuleSite } from "../../hub/alerts/rule.js";
import { flowsRoutes, type FlowsDeps } from "../../hub/api/flows.js";
import { SteppedClock } from "../../hub/clock.js";
import { Journal } from "../../hub/journal.js";
import type { BoardId, PackEntry, SiteId } from "../../hub/model.js";
import type { FlowsProcessOptions } from "../../hub/flows-process.js";

export const START = Date.UTC(2026, 4, 1, 6, 0, 0);
export const TOKEN = "a-token-for-the-flows";
export const UNDERPASS = "underpass-1" as SiteId;
export const SITES: RuleSite[] = [
  { id: UNDERPASS, type: "underpass", district: "almaly", cadenceS: 60, settings: {} },
  { id: "underpass-2" as SiteId, type: "underpass", district: "medeu", cadenceS: 60, settings: {} },
  { id: "container-1" as SiteId, type: "mesh-container", district: "almaly", cadenceS: 3600, settings: {} },
];

export interface HubSide {
  dir: string;
  url: string;
  clock: SteppedClock;
  journal: Journal;
  register: Register;
  sites: RuleSite[];
  stop(): Promise<void>;
}

export async function startHubSide(options: Partial<FlowsDeps> = {}): Promise<HubSide> {
  const dir = await mkdtemp(join(tmpdir(), "aryk-flows-"));
  const clock = new SteppedClock(START);
  const journal = Journal.open(join(dir, "journal.sqlite"));
  const register = Register.open(join(dir, "register.sqlite"), clock);
  const sites = [...SITES];
  const app: FastifyInstance = fastify({ forceCloseConnections: true });
  await app.register(
    flowsRoutes({ journal, register, sites: () => [...sites], clock, token: TOKEN, tickMs: 10_000, ...options }),
  );
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    ...{ dir, clock, journal, register, sites, url: `http://127.0.0.1:${port}` },
    async stop() {
      await app.close();
      await journal.close();
      register.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

let seq = 0;

/** A pack with one depth, as the pipeline would append it. */
export function depthPack(site: SiteId, time: number, depthMm: number): PackEntry {
  seq++;
  return {
    ...{ kind: "pack", board: `board-of-${site}` as BoardId, epoch: "e1", boot: 1, seq, line: `line ${seq}` },
    ...{ source: "test", received: time, nodeTime: time, time, timeFrom: "node", site },
    observations: [
      { property: "distance", value: 4000 - depthMm, flag: 1, calibration: 0 },
      { property: "water-depth", value: depthMm, flag: 1, calibration: 1 },
    ],
  };
}

/** Waits for a condition with a wide bound: the machine may be busy. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, withinMs = 60_000) {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`It did not happen within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Options of a flows process against that hub side; the log is kept in `lines`. */
export function processOptions(hub: Pick<HubSide, "dir" | "url">, lines: string[]): FlowsProcessOptions {
  const keep = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return {
    ...{ dir: join(hub.dir, "flows"), mode: "headless", hubUrl: hub.url, token: TOKEN },
    ...{ credentialSecret: "for-tests-only", pausesMs: [50] },
    log: { info: keep("info"), warn: keep("warn"), error: keep("error") },
  };
}
