/** The hub's HTTP server: the web app, the API for machines, health and metrics, and the editor behind its login. */
import cookies from "@fastify/cookie";
import fastify, { LogController } from "fastify";
import type { FastifyBaseLogger, FastifyError, FastifyInstance, FastifyPluginAsync } from "fastify";
import type { Clock } from "../clock.js";
import { SetupError } from "../errors.js";
import type { Health } from "../health.js";
import type { Registry } from "../registry.js";
import type { ImageStore } from "../updates/images.js";
import { addAlarms, standing } from "./alarms.js";
import type { AlarmBook } from "./alarms.js";
import type { Access } from "./auth.js";
import { addBoards } from "./boards.js";
import { cookieName, guard } from "./guard.js";
import type { GuardedRoute } from "./guard.js";
import { addLedger } from "./ledger.js";
import type { LedgerSource } from "./ledger.js";
import { LiveBoard } from "./live.js";
import type { CommitSource, LatestSource } from "./live.js";
import { addMetrics } from "./metrics.js";
import type { Metric } from "./metrics.js";
import { addPages } from "./pages.js";
import { addEditorProxy } from "./proxy.js";
import type { EditorTarget } from "./proxy.js";
import { addReadings, siteView } from "./readings.js";
import type { SeriesSource } from "./readings.js";
import { addRollouts } from "./rollouts.js";
import { addSeen } from "./seen.js";
import { addSessions } from "./sessions.js";
import { addSirens } from "./sirens.js";
import type { SirenDesk } from "./sirens.js";
import { startStream, STREAM_DEFAULTS } from "./stream.js";
import type { StreamOptions } from "./stream.js";

export interface ApiDeps {
  clock: Clock;
  registry: Registry;
  history: SeriesSource & LatestSource;
  register: AlarmBook;
  sirens: SirenDesk;
  journal: CommitSource;
  access: Access;
  health(): Health;
  ledger: LedgerSource;
  metrics: Metric[];
  images: ImageStore;
  /** Where the Node-RED editor is; null while it is not running. */
  editor(): EditorTarget | null;
  /** Routes for programs, which check a secret of their own (the flows' protocol): no cookie counts there. */
  machines?: FastifyPluginAsync;
  log?: FastifyBaseLogger;
}

export interface ApiOptions {
  /** Address to listen on; anything but the loopback interface must be asked for. */
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Folder with the built web app. */
  webDir: string;
  /** Lets everybody who reaches the port look (not act) without a login: for a demo, on the loopback interface only. */
  anonymousViewer: boolean;
  /** Lets Prometheus read /metrics with `Authorization: Bearer …`. */
  metricsToken: string | null;
  /** The address people type, if a TLS proxy stands in front: `https://aryk.example.kz`. Makes the cookie `Secure`. */
  publicUrl: string | null;
  /** Further host names under which the hub is reached. */
  hosts: string[];
  /** Addresses of the TLS proxy whose `X-Forwarded-For` is believed. */
  trustProxy: string[];
  /** Of the city: `Asia/Almaty`. */
  timeZone: string;
  stream?: StreamOptions;
  patience?: Patience;
}

/** How long a client may take, in real ms: for its headers, for a whole request, and how often that is looked at. */
export interface Patience {
  headersMs: number;
  requestMs: number;
  checkMs: number;
}

export const API_DEFAULTS: Omit<ApiOptions, "webDir"> = {
  host: "127.0.0.1",
  port: 8080,
  anonymousViewer: false,
  metricsToken: null,
  publicUrl: null,
  hosts: [],
  trustProxy: [],
  timeZone: "Asia/Almaty",
};

const BODY_LIMIT = 64 << 10;
const PATIENCE: Patience = { headersMs: 10_000, requestMs: 30_000, checkMs: 2000 };
/** Sockets open at once: pages, live views and the editor need some hundreds; boards must find the others free. */
const MOST_CONNECTIONS = 2000;
const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

function checkOptions(options: ApiOptions): void {
  if (options.anonymousViewer && !LOOPBACK.includes(options.host))
    throw new SetupError(
      "ANONYMOUS_NOT_LOCAL",
      `http.anonymousViewer is on and http.host is ${options.host}: everybody on the network could look`,
      "set http.anonymousViewer to false, or http.host to 127.0.0.1",
    );
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ code: error.code ?? "BAD_REQUEST", message: error.message });
    request.log.error({ err: error }, "request failed");
    const message = `the hub could not do this; its log says why under request ${request.id}`;
    return reply.code(500).send({ code: "INTERNAL", message });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: "NOT_FOUND", message: "there is nothing here" }),
  );
}

function addHealth(app: FastifyInstance, health: () => Health): void {
  // Alive: the event loop turns. A new start mends what this does not answer; it does not mend a full disk.
  app.get("/livez", { config: { access: "public" } }, async () => ({ alive: true }));
  // Terse, because anybody may ask: which parts are not well, not what they say about it.
  app.get("/healthz", { config: { access: "public" } }, async (_request, reply) => {
    const { status, reasons } = health();
    const terse = reasons.map((r) => ({ component: r.component, status: r.status, code: r.code }));
    return reply.code(status === "down" ? 503 : 200).send({ status, reasons: terse });
  });
  app.get("/api/v1/health", async () => health());
}

/** Minutes by which a time zone is ahead of UTC at that moment. */
function zoneMinutes(timeZone: string, at: number): number {
  const part = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" })
    .formatToParts(at)
    .find((one) => one.type === "timeZoneName");
  const match = /([+-])(\d\d):(\d\d)/.exec(part?.value ?? "");
  return match === null ? 0 : (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

export interface Api {
  app: FastifyInstance;
  /** Every route, and who may use it. */
  routes: GuardedRoute[];
  /** Ends the live views and the editor's sockets; close the app afterwards. */
  stop(): void;
}

/** Builds the server without listening. */
export async function buildApi(deps: ApiDeps, options: ApiOptions): Promise<Api> {
  checkOptions(options);
  const secureCookie = options.publicUrl?.startsWith("https://") === true;
  const hosts = [...options.hosts, ...(options.publicUrl === null ? [] : [new URL(options.publicUrl).hostname])];
  const patience = options.patience ?? PATIENCE;
  const app: FastifyInstance = fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    requestTimeout: patience.requestMs,
    http: { headersTimeout: patience.headersMs, connectionsCheckingInterval: patience.checkMs },
    trustProxy: options.trustProxy.length > 0 ? options.trustProxy : false,
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { removeAdditional: false } },
    ...(deps.log === undefined
      ? {}
      : { loggerInstance: deps.log, logController: new LogController({ disableRequestLogging: true }) }),
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  const { access } = deps;
  const { anonymousViewer, metricsToken } = options;
  const holds = (id: string | null): boolean => (id === null ? anonymousViewer : access.holds(id));

  answerErrors(app);
  await app.register(cookies);
  const routes = guard(app, { access, anonymousViewer, metricsToken, hosts, secureCookie });
  addSeen(app, access.seen);

  // First, because it fails where the web app was not built, and the live stream below runs timers.
  addPages(app, options.webDir);
  const board = new LiveBoard(deps.history, deps.journal, () => deps.clock.now());
  while (!board.catchUp()) await new Promise((resolve) => setImmediate(resolve));
  const stream = startStream(
    {
      clock: deps.clock,
      board,
      onCommit: (fn) => deps.journal.onCommit(fn),
      onAlarms: (fn) => deps.register.onChange(fn),
      onSites: (fn) => deps.registry.onChange(fn),
      onSirens: (fn) => deps.sirens.onChange(fn),
      sirens: () => deps.sirens.list(),
      alarms: () => deps.register.alarms().filter(standing),
      sites: () => deps.registry.sites().map((site) => siteView(site, deps.registry.periodAt(site.id))),
      health: () => deps.health(),
      zoneMinutes: () => zoneMinutes(options.timeZone, deps.clock.now()),
      holds,
    },
    options.stream ?? STREAM_DEFAULTS,
  );

  addHealth(app, deps.health);
  addMetrics(app, deps.metrics);
  addSessions(app, access, { secureCookie, anonymousViewer });
  addReadings(app, { registry: deps.registry, history: deps.history, board, clock: deps.clock });
  addBoards(app, deps.clock, deps.registry);
  addRollouts(app, deps.clock, deps.registry, deps.images);
  addAlarms(app, deps.register);
  addSirens(app, deps.clock, deps.sirens);
  addLedger(app, deps.clock, deps.ledger);
  app.get("/api/v1/live", { config: { sees: "alarms" } }, (request, reply) => stream.connect(request, reply));
  const { machines } = deps;
  if (machines !== undefined)
    await app.register(async (scope) => {
      scope.addHook("onRoute", (route) => {
        route.config = { ...route.config, access: "own" };
      });
      await scope.register(machines);
    });
  const sessionOf = (header: string | undefined) =>
    access.session(header === undefined ? undefined : app.parseCookie(header)[cookieName(secureCookie)]);
  const proxy = await addEditorProxy(app, { target: deps.editor, sessionOf, holds, hosts });

  return {
    app,
    routes,
    stop() {
      proxy.stop();
      stream.stop();
    },
  };
}

/** Starts the server. `url` is where it listens. Throws SetupError if the address is taken or the web app is not built. */
export async function startApi(deps: ApiDeps, options: ApiOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const { app, stop } = await buildApi(deps, options);
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    stop();
    await app.close();
    const message = error instanceof Error ? error.message : String(error);
    throw new SetupError(
      "HTTP_LISTEN",
      `cannot listen on ${options.host}:${options.port}: ${message}`,
      "choose another http.port, or end the program that holds it",
      { cause: error },
    );
  }
  const address = app.server.address();
  const port = address !== null && typeof address === "object" ? address.port : options.port;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    async stop() {
      stop();
      await app.close();
    },
  };
}
