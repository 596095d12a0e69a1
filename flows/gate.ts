/**
 * The door of the Node-RED process. Node-RED and the sockets of its nodes attach themselves to a web server, and none
 * of them asks who is there when Node-RED is embedded. So they get an inner server that never listens; the outer one,
 * on the loopback interface only, lets through what carries the secret that the hub gave to this process.
 */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** Header that carries the secret; the hub's proxy sets it, and a browser never sees it. */
export const SECRET_HEADER = "x-aryk-flows-secret";

export interface Gate {
  /** Given to Node-RED: gets the admitted requests and upgrades, never listens. */
  inner: Server;
  port: number;
  stop(): Promise<void>;
}

export interface GateOptions {
  /** What SECRET_HEADER must carry, at least 16 characters. */
  secret: string;
  /** Answers admitted requests. */
  app: RequestListener;
  /** Answers GET /health, for whoever has the secret. */
  health: () => object;
  /** Whether admitted websockets are let through at all. */
  sockets: boolean;
}

/** Opens the guarded server on a free port of 127.0.0.1. */
export async function openGate({ secret, app, health, sockets: open }: GateOptions): Promise<Gate> {
  if (secret.length < 16) throw new Error("The secret of the flows' door must have at least 16 characters.");
  const inner = createServer(app);
  const sockets = new Set<Duplex>();
  const outer = createServer((request, response) => {
    if (!admitted(request, secret)) {
      response.writeHead(401, { "content-type": "text/plain", connection: "close" }).end("401 Unauthorized\n");
    } else if (request.method === "GET" && request.url === "/health") {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(health()) + "\n");
    } else {
      inner.emit("request", request, response);
    }
  });
  outer.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!admitted(request, secret)) {
      socket.end("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    } else if (!open || inner.listenerCount("upgrade") === 0) {
      socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    } else {
      inner.emit("upgrade", request, socket, head);
    }
  });
  outer.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    outer.once("error", reject);
    outer.listen(0, "127.0.0.1", resolve);
  });
  return {
    inner,
    port: (outer.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        outer.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Compares in constant time and takes the header away, so that no node of a flow can read it. */
function admitted(request: IncomingMessage, secret: string): boolean {
  const given = request.headers[SECRET_HEADER];
  Reflect.deleteProperty(request.headers, SECRET_HEADER);
  const at = request.rawHeaders.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === SECRET_HEADER);
  if (at >= 0) request.rawHeaders.splice(at, 2);
  if (typeof given !== "string") return false;
  const mine = Buffer.from(secret);
  const theirs = Buffer.from(given);
  return mine.length === theirs.length && timingSafeEqual(mine, theirs);
}
