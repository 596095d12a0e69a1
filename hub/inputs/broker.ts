/**
 * The embedded MQTT broker (MQTT 3.1 and 3.1.1): the default way in. A PUBACK leaves only after `accept` resolved,
 * that is, after the commit is on disk.
 *
 * | what happens                              | what the board sees                                            |
 * |-------------------------------------------|----------------------------------------------------------------|
 * | stored, duplicate, dead                   | PUBACK                                                         |
 * | the same, for a hello or a line at QoS 0  | PUBACK (not at QoS 0), then the ack line on its down topic     |
 * | refused (not authentic)                   | no PUBACK, nothing else; after `refusedLimit` in a row: closed |
 * | the journal cannot commit                 | no PUBACK, connection closed: the board sends again            |
 * | a topic not its own, QoS 2, too long      | connection closed                                              |
 * | bytes that are no MQTT, a broker's packet | connection closed, counted as `bad-packet`                     |
 *
 * An error handed back to the broker library closes the connection, and a board whose pack closed its connection would
 * send the same pack again for ever. That is why a bad pack never ends as an error.
 */
import type { Socket } from "node:net";
import type { AedesOptions, Client, PublishPacket } from "aedes";
import { Aedes } from "aedes";
import type { Logger } from "pino";
import { DOWNLINK_MAX, UPLINK_MAX, VERSION, isBoardName } from "../../firmware/wire/line.js";
import { NoRoom } from "../errors.js";
import type { Accept } from "../model.js";
import { Flow } from "./transport/flow.js";
import { FrameGuard } from "./transport/frame-guard.js";
import { startListener, type Listener } from "./transport/listener.js";
import { Rates, type Rate } from "./transport/rate.js";
import type { ReadGate } from "./transport/read-gate.js";
import { gateReads } from "./transport/read-gate.js";
import type { InputStats } from "./transport/handover.js";
import { Handover } from "./transport/handover.js";
import { downTopic, upTopic } from "./transport/topics.js";

export interface BrokerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** PEM texts; without them the broker speaks plain TCP. Lines are sealed in either case. */
  tls?: { key: string; cert: string };
  /** Is this the password of this board? Must take the same time for a wrong one. */
  authenticate(board: string, password: string): boolean;
  /** Sockets open at once, known and unknown. */
  maxConnections?: number;
  /** Sockets of one address that have not proved who they are, at once; default 1,000. */
  strangersPerAddress?: number;
  /** Failed connections of one address before its next ones are closed unheard; default 20 a second, 1,000 at once. */
  failures?: Rate;
  /** Packs of one board before its socket is read no faster than that; absent: no limit. */
  rate?: Rate;
  /** A connection that has not said CONNECT by then is closed. */
  connectTimeoutMs?: number;
  /** Longest keep-alive granted, in seconds; one and a half of it in silence closes the connection. */
  keepaliveLimitS?: number;
  /** Lines of one board waiting for their commit before its socket is no longer read. */
  window?: number;
  /** Refused lines in a row after which a connection is closed. */
  refusedLimit?: number;
  /** How long a stop waits for commits under way. */
  stopBoundMs?: number;
}

export interface BrokerStats extends InputStats {
  connections: number;
}

export interface Broker {
  port: number;
  /** Publishes a line to a board that is connected and listens; false if it is not, or the line is too long. */
  send(board: string, line: string): boolean;
  online(board: string): boolean;
  /** Closes every board's connection: it comes back, says hello, and learns the time from the answer. */
  greetAnew(): void;
  stats(): BrokerStats;
  stop(): Promise<void>;
}

/** One board's connection. */
interface Session {
  client: Client;
  flow: Flow;
  listens: boolean;
  refusedInARow: number;
}

/** A packet's head and topic beside its payload; also what a CONNECT with long names may take. */
const FRAME_ROOM = 512;
/** What the library says of an answer to a connection that is closed by then, and this broker of a line of one. */
const GONE = "connection closed";
/** CONNACK, SUBACK, UNSUBACK, PINGRESP: only a broker sends them. The library closes on them without a word. */
const FROM_BROKER = [2, 9, 11, 13];

/** Starts the broker. @throws SetupError if it cannot listen */
export async function startBroker(options: BrokerOptions, accept: Accept, log: Logger): Promise<Broker> {
  const window = options.window ?? 256;
  const refusedLimit = options.refusedLimit ?? 16;
  const keepaliveLimitS = options.keepaliveLimitS ?? 1200;
  const handover = new Handover(accept, "mqtt", true);
  const sessions = new Map<string, Session>();
  const rates = options.rate === undefined ? null : new Rates(options.rate);
  const gates = new WeakMap<object, ReadGate>();
  /** Connections whose end is counted under its name. */
  const named = new WeakSet<object>();
  let stopping = false;

  /** Counts why the broker ends a connection that did nothing wrong: its address is not to suffer for it. */
  function parts(conn: object, fault: string): void {
    named.add(conn);
    handover.fault(fault);
  }

  /** Counts what a connection did to be ended, and holds it against its address. */
  function ends(conn: object, fault: string): void {
    parts(conn, fault);
    listener.blame(conn);
  }

  function send(board: string, line: string): boolean {
    const session = sessions.get(board);
    if (session === undefined || session.client.closed || !session.listens || line.length > DOWNLINK_MAX) return false;
    const payload = Buffer.from(line, "latin1");
    const packet = {
      cmd: "publish" as const,
      topic: downTopic(board),
      payload,
      qos: 1 as const,
      dup: false,
      retain: false,
    };
    session.client.publish(packet, (error) => {
      if (error) handover.fault("downlink-failed");
    });
    return true;
  }

  /** Takes a published line; `done` without an error lets the library write the PUBACK. */
  async function take(session: Session, packet: PublishPacket, done: (error?: Error | null) => void): Promise<void> {
    const board = session.client.id;
    packet.retain = false;
    session.flow.count();
    const swallow = (): void => {
      // As QoS 0 the packet is done with and no PUBACK is written; the connection and the board's other lines live on.
      packet.qos = 0;
      session.refusedInARow++;
      if (session.refusedInARow < refusedLimit) return done();
      ends(session.client.conn, "refused-limit");
      done(new Error("too many refused lines"));
    };
    if (packet.payload.length > UPLINK_MAX) {
      handover.fault("too-long");
      return swallow();
    }
    session.flow.hold();
    const line = Buffer.isBuffer(packet.payload) ? packet.payload.toString("latin1") : packet.payload;
    // A PUBACK says all that an ack line would, save for a hello, whose answer carries the hub's time.
    const wantsLine = packet.qos === 0 || line.startsWith(VERSION + " hello ");
    const result = await handover.give(line, false, board);
    try {
      if (result.outcome === "failed") {
        named.add(session.client.conn); // the handover has counted it
        // On a full disk every board's turn comes: the reserve tells of it once.
        if (!(result.error instanceof NoRoom))
          log.warn({ board, err: result.error }, "line not committed: connection closed, the board will send again");
        return done(new Error("not committed"));
      }
      if (result.outcome === "refused") return swallow();
      session.refusedInARow = 0;
      done();
      if (wantsLine && result.ack !== null) send(board, result.ack);
      if (result.command !== undefined) send(board, result.command);
    } finally {
      session.flow.release();
    }
  }

  const policy: AedesOptions = {
    connectTimeout: options.connectTimeoutMs ?? 10_000,
    // The birth and heart-beat messages of the library are for clusters; nobody can subscribe to them here.
    heartbeatInterval: 3_600_000,
    preConnect(_client, packet, callback) {
      // One connection for each board, named by the board; no session outlives it (nothing piles up for an absent
      // board, the journal is the one buffer), and no last will (a will is no sealed line).
      packet.clientId = packet.username ?? "";
      packet.clean = true;
      packet.will = undefined;
      if (!packet.keepalive || packet.keepalive > keepaliveLimitS) packet.keepalive = keepaliveLimitS;
      callback(null, !stopping);
    },
    authenticate(client, username, password, done) {
      const board = username ?? "";
      const known = isBoardName(board) && options.authenticate(board, password?.toString("latin1") ?? "");
      if (!known) ends(client.conn, "bad-password");
      done(null, known);
    },
    authorizeSubscribe(client, subscription, callback) {
      const session = sessions.get(client.id);
      const own = session?.client === client && subscription.topic === downTopic(client.id);
      if (own) session.listens = true;
      else handover.fault("foreign-subscription");
      callback(null, own ? subscription : null);
    },
    authorizePublish(client, packet, callback) {
      const session = client === null ? undefined : sessions.get(client.id);
      if (session === undefined || session.client !== client) return callback(new Error(GONE));
      if (packet.topic !== upTopic(client.id)) {
        ends(client.conn, "foreign-topic");
        return callback(new Error("not this board's topic"));
      }
      if (packet.qos === 2) {
        ends(client.conn, "qos-2");
        return callback(new Error("QoS 2 is not served"));
      }
      if (packet.qos === 0) handover.fault("qos-0");
      void take(session, packet, callback);
    },
  };

  const broker = await Aedes.createBroker(policy);
  // Told after an earlier connection of the same board is closed, and before the CONNACK.
  broker.on("client", (client) => {
    listener.welcome(client.conn);
    const gate = gates.get(client.conn);
    if (gate === undefined) return;
    const flow = new Flow(gate, window, rates, client.id, (fault) => handover.fault(fault));
    sessions.set(client.id, { client, flow, listens: false, refusedInARow: 0 });
  });
  broker.on("clientDisconnect", (client) => {
    const session = sessions.get(client.id);
    if (session?.client !== client) return;
    session.flow.end();
    sessions.delete(client.id);
  });
  broker.on("keepaliveTimeout", (client) => parts(client.conn, "silent"));
  broker.on("connectionError", (client, error) => {
    ends(client.conn, error.message === "connect did not arrive in time" ? "no-connect" : "bad-connect");
  });
  broker.on("clientError", (client, error) => {
    log.debug({ board: client.id, err: error }, "MQTT connection lost");
    // Errors of the network carry a code, and who has gone in the middle of an answer did nothing wrong (thousands of
    // boards lose their links at once, and may share an address); what is left is the packet parser's.
    if (!named.has(client.conn) && !("code" in error) && error.message !== GONE) ends(client.conn, "bad-packet");
  });

  function serve(socket: Socket): void {
    gates.set(socket, gateReads(socket));
    broker.handle(socket);
    // The library reads with read(); a data listener added after it sees every chunk before the parser does.
    const guard = new FrameGuard(UPLINK_MAX + FRAME_ROOM, (type) => {
      if (socket.destroyed || !FROM_BROKER.includes(type)) return;
      ends(socket, "bad-packet");
      socket.destroy();
    });
    socket.on("data", (chunk: Buffer) => {
      if (socket.destroyed || guard.pass(chunk)) return;
      ends(socket, "packet-too-long");
      socket.destroy();
    });
  }

  const { host, port, tls, maxConnections = 8192, strangersPerAddress = 1000 } = options;
  let listener: Listener;
  try {
    const failures = options.failures ?? { perSecond: 20, burst: 1000 };
    const doors = { host, port, maxConnections, strangersPerAddress, failures, ...(tls === undefined ? {} : { tls }) };
    listener = await startListener(doors, serve, (fault) => handover.fault(fault), log);
  } catch (error) {
    await new Promise<void>((resolve) => broker.close(resolve));
    throw error;
  }

  return {
    port: listener.port,
    send,
    greetAnew() {
      for (const { client } of sessions.values()) {
        parts(client.conn, "greet-anew");
        client.close();
      }
    },
    online: (board) => sessions.get(board)?.client.closed === false,
    stats: () => ({ ...handover.stats(), connections: listener.connections() }),
    async stop() {
      if (stopping) return;
      stopping = true;
      const closed = listener.close();
      for (const session of sessions.values()) session.flow.end();
      await handover.settled(options.stopBoundMs ?? 5000);
      await new Promise<void>((resolve) => broker.close(resolve));
      listener.destroyAll();
      await closed;
    },
  };
}
