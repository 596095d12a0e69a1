/** A hub's HTTP server over a real journal, history, register and file of people, in a folder of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { Register } from "../../../hub/alerts/register.js";
import { Access } from "../../../hub/api/auth.js";
import { flowsRoutes } from "../../../hub/api/flows.js";
import type { Role } from "../../../hub/api/auth.js";
import type { GuardedRoute } from "../../../hub/api/guard.js";
import type { EditorTarget } from "../../../hub/api/proxy.js";
import type { SiteRow } from "../../../hub/api/readings.js";
import { API_DEFAULTS, buildApi } from "../../../hub/api/server.js";
import type { ApiDeps, ApiOptions } from "../../../hub/api/server.js";
import type { Clock } from "../../../hub/clock.js";
import { SteppedClock } from "../../../hub/clock.js";
import type { Health } from "../../../hub/health.js";
import { startCompleteness } from "../../../hub/completeness/start.js";
import { Journal } from "../../../hub/journal.js";
import type { BoardId, Observation, PackEntry, SiteId } from "../../../hub/model.js";
import { startHistory } from "../../../hub/outputs/history.js";
import { Registry } from "../../../hub/registry.js";
import type { RowBody } from "../../../hub/registry/rows.js";
import { ImageStore } from "../../../hub/updates/images.js";
import { createSirens } from "../../../hub/siren/start.js";
import { builtWeb } from "../../rig/built.js";

/** 2026-11-22 14:05:00 in Almaty. */
export const START = Date.UTC(2026, 10, 22, 9, 5);

export interface Bench {
  url: string;
  app: FastifyInstance;
  routes: GuardedRoute[];
  clock: SteppedClock;
  journal: Journal;
  register: Register;
  access: Access;
  adminPassword: string;
  /** Replace to change what the hub says of itself. */
  health: Health;
  editor: EditorTarget | null;
  registry: Registry;
  images: ImageStore;
  addSites(rows: SiteRow[]): void;
  /** Commits a pack of one site. */
  pack(site: string, time: number, observations: Observation[]): Promise<number>;
  /** Waits until the history has everything that was committed. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export function site(id: string, type: string, en: string, lat = 43.24, lon = 76.92): SiteRow {
  return { id, type, names: { kk: `${en} (kk)`, ru: `${en} (ru)`, en }, district: "Almaly", lat, lon, settings: {} };
}

export function reading(
  property: string,
  value: number | null,
  flag: Observation["flag"] = 1,
  why?: string[],
): Observation {
  return { property, value, flag, calibration: 1, ...(why === undefined ? {} : { why }) };
}

/** Polls a condition that something else brings about. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  boundMs = 15_000,
): Promise<void> {
  const end = Date.now() + boundMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${boundMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function noSirens({ clock, register }: { clock: Clock; register: Register }): ApiDeps["sirens"] {
  const log = pino({ level: "silent" });
  return createSirens({ sirens: [], clock, log, book: register.sirens(), knows: () => true });
}

export async function startBench(
  more: Partial<ApiOptions> & {
    sites?: SiteRow[];
    flowsToken?: string;
    metrics?: ApiDeps["metrics"];
    /** Told of each request that came through to a route: the login was passed, the body read. */
    reached?(method: string, url: string): void;
    sirens?(parts: { clock: Clock; register: Register }): ApiDeps["sirens"];
  } = {},
): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), "aryk-api-"));
  const {
    sites = [site("underpass-1", "underpass", "Raiymbek / Pushkin")],
    flowsToken,
    metrics = [],
    reached,
    sirens = noSirens,
    ...options
  } = more;
  const clock = new SteppedClock(START);
  const journal = Journal.open(join(dir, "journal.sqlite"));
  const register = Register.open(join(dir, "register.sqlite"), clock);
  const history = startHistory({ file: join(dir, "history.sqlite"), journal, clock });
  const { access, adminPassword } = await Access.open(join(dir, "access.sqlite"), { cost: { N: 1024, r: 8, p: 1 } });
  const webDir = await builtWeb(join(dir, "web"));
  let seq = 0;

  const registry = Registry.open(join(dir, "registry.sqlite"), clock);
  const addSites = (rows: SiteRow[]): void => {
    const bodies = rows.map((row) => ({ kind: "site", ...row }) as RowBody);
    registry.add(bodies, "test");
  };
  addSites(sites);
  const own = { health: { status: "ok", reasons: [] } as Health, editor: null as EditorTarget | null };
  const images = new ImageStore(dir);
  const ledger = startCompleteness({
    ...{ file: join(dir, "completeness.sqlite"), journalFile: join(dir, "journal.sqlite"), journal, clock },
    ...{ places: registry, days: 90, warn: (message: string, error: unknown) => console.error(message, error) },
  });
  const deps: ApiDeps = {
    ledger: (query) => ledger.report(query),
    images,
    clock,
    registry,
    register,
    sirens: sirens({ clock, register }),
    journal,
    access,
    metrics,
    history: history.history,
    health: () => own.health,
    editor: () => own.editor,
    ...(flowsToken === undefined
      ? {}
      : { machines: flowsRoutes({ journal, register, clock, token: flowsToken, tickMs: 10_000, sites: () => [] }) }),
  };
  const api = await buildApi(deps, {
    ...API_DEFAULTS,
    port: 0,
    webDir,
    stream: { gatherMs: 20, tickMs: 200, maxClients: 5, maxUnreadBytes: 1 << 20 },
    ...options,
  });
  if (reached !== undefined)
    api.app.addHook("preValidation", async (request) => reached(request.method, request.routeOptions.url ?? ""));
  const url = await api.app.listen({ host: "127.0.0.1", port: 0 });
  return Object.assign(own, {
    url,
    app: api.app,
    routes: api.routes,
    clock,
    journal,
    register,
    access,
    adminPassword: adminPassword ?? "",
    registry,
    images,
    addSites,
    pack(id: string, time: number, observations: Observation[]) {
      const entry: PackEntry = {
        kind: "pack",
        board: `board-${id}` as BoardId,
        epoch: "0a0b0c0d",
        boot: 1,
        seq: ++seq,
        line: `aryk1 pack board-${id} 0a0b0c0d.1.${seq} 0 - [] k1.${"0".repeat(32)}`,
        source: "test",
        received: clock.now(),
        nodeTime: time,
        time,
        timeFrom: "node",
        site: id as SiteId,
        observations,
      };
      return journal.append(entry);
    },
    settled: () => until("the history has caught up", () => history.history.cursor().id >= journal.head().id),
    async stop() {
      api.stop();
      await api.app.close();
      await history.stop();
      ledger.stop();
      register.close();
      registry.close();
      access.close();
      await journal.close();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}

/** A browser's part: keeps the cookie, sends the page's origin and token with every change. */
export interface Visitor {
  cookie: string;
  csrf: string;
  get(path: string): Promise<Response>;
  send(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Response>;
}

export function visitor(bench: Bench, cookie = "", csrf = ""): Visitor {
  const own = { origin: bench.url, cookie, "x-aryk-csrf": csrf };
  return {
    cookie,
    csrf,
    get: (path) => fetch(bench.url + path, { headers: { cookie }, redirect: "manual" }),
    send: (method, path, body, headers = {}) =>
      fetch(bench.url + path, {
        method,
        headers: { ...own, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

export async function login(bench: Bench, name: string, password: string): Promise<Visitor> {
  const response = await visitor(bench).send("POST", "/api/v1/login", { name, password });
  if (response.status !== 200) throw new Error(`login of ${name}: ${response.status} ${await response.text()}`);
  const { csrf } = (await response.json()) as { csrf: string };
  return visitor(bench, (response.headers.get("set-cookie") ?? "").split(";")[0], csrf);
}

/** Adds a person of that role and logs in as them. */
export async function enter(bench: Bench, role: Role): Promise<Visitor> {
  const name = `${role}-${Math.random().toString(36).slice(2, 8)}`;
  await bench.access.add(name, role, "a long password");
  return login(bench, name, "a long password");
}
