/**
 * Where the embedded broker's connections come in: how many at once, and how much of it one address may have. Boards of
 * a whole district may share one address (a gateway, a mobile network), so an address is held back only for what it does
 * wrong: connections that have not proved yet who they are, and connections that failed.
 */
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Logger } from "pino";
import { SetupError } from "../../errors.js";
import { Rates, type Rate } from "./rate.js";

export interface ListenerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** PEM texts; without them plain TCP. */
  tls?: { key: string; cert: string };
  /** Sockets open at once, known and unknown. */
  maxConnections: number;
  /** Sockets of one address that have not proved who they are, at once. */
  strangersPerAddress: number;
  /** Failed connections of one address before its next ones are closed unheard. */
  failures: Rate;
}

export interface Listener {
  port: number;
  connections(): number;
  /** This connection has proved who it is. */
  welcome(socket: object): void;
  /** This connection was ended for what it did. */
  blame(socket: object): void;
  /** Takes no new connection; resolves when every socket is closed. */
  close(): Promise<void>;
  destroyAll(): void;
}

interface Peer {
  address: string;
  proved: boolean;
}

const HANDSHAKE_MS = 10_000;
/** Connections that the kernel keeps until they are taken; it cuts this down to what it allows (somaxconn). */
const BACKLOG = 4096;

function placeOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}|${remotePort}`;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new SetupError(
          "BROKER_LISTEN",
          `The MQTT broker cannot listen on ${host}:${port}: ${error.code ?? error.message}`,
          "Choose another port, or stop the program that holds this one.",
          { cause: error },
        ),
      ),
    );
    // After an outage every board knocks at once; one that finds the queue full tries again only a second later.
    server.listen(port, host, BACKLOG, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/**
 * Starts listening. `serve` is given each connection that may speak (after the handshake, with TLS); `fault` is told the
 * name of why one may not. @throws SetupError if it cannot listen
 */
export async function startListener(
  options: ListenerOptions,
  serve: (socket: Socket) => void,
  fault: (name: string) => void,
  log: Logger,
): Promise<Listener> {
  const { tls, strangersPerAddress } = options;
  const failures = new Rates(options.failures);
  const sockets = new Set<Socket>();
  /** By socket, raw and within TLS: a closed one no longer tells its address. */
  const peers = new WeakMap<object, Peer>();
  /** By address and port: how the socket within TLS finds its raw one's peer. */
  const places = new Map<string, Peer>();
  const strangers = new Map<string, number>();

  function welcome(socket: object): void {
    const peer = peers.get(socket);
    if (peer === undefined || peer.proved) return;
    peer.proved = true;
    const left = (strangers.get(peer.address) ?? 1) - 1;
    if (left > 0) strangers.set(peer.address, left);
    else strangers.delete(peer.address);
  }

  function blame(socket: object): void {
    const peer = peers.get(socket);
    if (peer !== undefined) failures.take(peer.address);
  }

  /** Why an address may have no further connection now, or null. */
  function barred(address: string): string | null {
    if (failures.waitMs(address) > 0) return "address-failures";
    return (strangers.get(address) ?? 0) >= strangersPerAddress ? "address-strangers" : null;
  }

  function meet(socket: Socket): void {
    const address = socket.remoteAddress ?? "";
    const why = barred(address);
    if (why !== null) {
      fault(why);
      socket.destroy();
      return;
    }
    const peer: Peer = { address, proved: false };
    const place = placeOf(socket);
    peers.set(socket, peer);
    places.set(place, peer);
    strangers.set(address, (strangers.get(address) ?? 0) + 1);
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.once("close", () => {
      sockets.delete(socket);
      places.delete(place);
      welcome(socket);
    });
  }

  const server: Server =
    tls === undefined ? createServer() : createTlsServer({ ...tls, handshakeTimeout: HANDSHAKE_MS });
  server.on("connection", meet);
  if (tls === undefined) server.on("connection", (socket: Socket) => socket.destroyed || serve(socket));
  else {
    server.on("secureConnection", (socket: Socket) => {
      const peer = places.get(placeOf(socket));
      if (peer !== undefined) peers.set(socket, peer);
      serve(socket);
    });
    server.on("tlsClientError", (_error: Error, socket: Socket) => {
      const peer = places.get(placeOf(socket));
      if (peer === undefined) return;
      fault("bad-handshake");
      failures.take(peer.address);
    });
  }
  server.maxConnections = options.maxConnections;
  server.on("drop", () => fault("too-many-connections"));
  const port = await listen(server, options.host, options.port);
  server.on("error", (error) => log.warn({ err: error }, "MQTT listener"));
  return {
    port,
    connections: () => sockets.size,
    welcome,
    blame,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    destroyAll: () => sockets.forEach((socket) => socket.destroy()),
  };
}
