/**
 * The live view as server-sent events. A client that connects, again or for the first time, gets a whole `snapshot`;
 * after that `delta` with what changed and `tick` with the hub's time, so that a page can tell a quiet city from a dead
 * line. The event's id is the journal cursor it reaches.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../clock.js";
import type { Alarm } from "../alerts/protocol.js";
import type { LiveBoard } from "./live.js";
import type { Delta, HealthView, SirenView, SiteView, Snapshot } from "./views.js";

export interface StreamDeps {
  clock: Clock;
  board: LiveBoard;
  onCommit(fn: () => void): () => void;
  onAlarms(fn: () => void): () => void;
  onSites(fn: () => void): () => void;
  onSirens(fn: () => void): () => void;
  alarms(): Alarm[];
  sirens(): SirenView[];
  sites(): SiteView[];
  health(): HealthView;
  /** Of the city's local time, from UTC. */
  zoneMinutes(): number;
  /** True while the session behind a client holds; null stands for the anonymous viewer. */
  holds(session: string | null): boolean;
}

export interface StreamOptions {
  /** Real time that commits are gathered before a delta is sent. */
  gatherMs: number;
  tickMs: number;
  maxClients: number;
  /** Views of one person (or of all who look without a login), so that one cannot shut out the others; 20 by default. */
  maxPerPerson?: number;
  /** A client that leaves more than this unread is cut off; it connects again and gets a snapshot. */
  maxUnreadBytes: number;
}

export const STREAM_DEFAULTS: StreamOptions = { gatherMs: 250, tickMs: 2000, maxClients: 200, maxUnreadBytes: 8 << 20 };

interface Client {
  session: string | null;
  person: string;
  reply: FastifyReply;
}

export interface Stream {
  connect(request: FastifyRequest, reply: FastifyReply): void;
  clients(): number;
  stop(): void;
}

export function startStream(deps: StreamDeps, options: StreamOptions = STREAM_DEFAULTS): Stream {
  const clients = new Set<Client>();
  let gathering: NodeJS.Timeout | null = null;
  let alarmsChanged = false;
  let sitesChanged = false;
  let sirensChanged = false;
  let lastHealth = JSON.stringify(deps.health());
  let sent = 0;
  let stopped = false;

  function frame(event: "snapshot" | "delta" | "tick", data: Omit<Snapshot, "now"> | Omit<Delta, "now">): string {
    const { epoch, id } = deps.board.cursor();
    return `id: ${epoch}:${id}\nevent: ${event}\ndata: ${JSON.stringify({ now: deps.clock.now(), ...data })}\n\n`;
  }

  function snapshot(): string {
    return frame("snapshot", {
      zoneMinutes: deps.zoneMinutes(),
      sites: deps.sites(),
      latest: deps.board.all(),
      alarms: deps.alarms(),
      sirens: deps.sirens(),
      health: deps.health(),
    });
  }

  function drop(client: Client): void {
    if (!clients.delete(client)) return;
    client.reply.raw.destroy();
  }

  function send(text: string): void {
    for (const client of [...clients]) {
      client.reply.raw.write(text);
      if (client.reply.raw.writableLength > options.maxUnreadBytes) drop(client);
    }
  }

  function healthNews(): Pick<Delta, "health"> {
    const health = deps.health();
    const text = JSON.stringify(health);
    if (text === lastHealth) return {};
    lastHealth = text;
    return { health };
  }

  function flush(): void {
    gathering = null;
    if (stopped) return;
    const atHead = deps.board.catchUp();
    // With nobody looking, nothing is made for them: whoever connects gets all of it.
    const latest = clients.size > 0 ? deps.board.since(sent) : {};
    sent = deps.board.cursor().id;
    const news = {
      ...(Object.keys(latest).length > 0 ? { latest } : {}),
      ...(alarmsChanged ? { alarms: deps.alarms() } : {}),
      ...(sitesChanged ? { sites: deps.sites() } : {}),
      ...(sirensChanged ? { sirens: deps.sirens() } : {}),
      ...healthNews(),
    };
    alarmsChanged = false;
    sitesChanged = false;
    sirensChanged = false;
    if (Object.keys(news).length > 0 && clients.size > 0) send(frame("delta", news));
    if (!atHead) gather();
  }

  function gather(): void {
    gathering ??= setTimeout(flush, options.gatherMs);
  }

  function tick(): void {
    for (const client of [...clients]) {
      if (deps.holds(client.session)) continue;
      client.reply.raw.write("event: bye\ndata: {}\n\n");
      clients.delete(client);
      client.reply.raw.end();
    }
    if (clients.size > 0) send(frame("tick", healthNews()));
  }

  const off = [
    deps.onCommit(gather),
    deps.onAlarms(() => {
      alarmsChanged = true;
      gather();
    }),
    deps.onSites(() => {
      sitesChanged = true;
      gather();
    }),
    deps.onSirens(() => {
      sirensChanged = true;
      gather();
    }),
  ];
  const ticking = setInterval(tick, options.tickMs);
  gather();

  return {
    connect(request, reply) {
      const person = request.person?.name ?? "";
      const mine = [...clients].filter((client) => client.person === person).length;
      if (mine >= (options.maxPerPerson ?? 20)) {
        void reply.code(429).send({ code: "TOO_MANY_VIEWS", message: "this person watches on too many pages already" });
        return;
      }
      if (clients.size >= options.maxClients) {
        void reply.code(503).send({ code: "TOO_MANY_CLIENTS", message: "too many pages watch the live view already" });
        return;
      }
      // Brings everybody to the state of the snapshot first, so that no client misses or repeats a change.
      if (gathering !== null) {
        clearTimeout(gathering);
        flush();
      }
      const headers = reply.getHeaders() as Record<string, string>;
      reply.hijack();
      const client: Client = { session: request.session?.id ?? null, person, reply };
      clients.add(client);
      reply.raw.on("close", () => clients.delete(client));
      reply.raw.on("error", () => drop(client));
      reply.raw.writeHead(200, {
        ...headers,
        "content-type": "text/event-stream; charset=utf-8",
        "x-accel-buffering": "no",
      });
      reply.raw.write("retry: 2000\n\n" + snapshot());
    },
    clients: () => clients.size,
    stop() {
      stopped = true;
      for (const fn of off) fn();
      if (gathering !== null) clearTimeout(gathering);
      clearInterval(ticking);
      for (const client of [...clients]) drop(client);
    },
  };
}
